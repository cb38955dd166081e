"""Names of figures as the window understands them."""

from __future__ import annotations

import pytest

from designer.plots.figures import better, title


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("f1_score_class_3", "higher"), ("val_precision_1", "higher"), ("output_r2_score_output_0", "higher"),
        ("val_root_mean_squared_error", "lower"), ("auc", "higher"), ("loss", "lower"), ("dense_1_loss", "lower"),
    ],
)  # fmt: skip
def test_one_figure_of_several_is_judged_as_its_metric(name: str, wanted: str) -> None:
    assert better(name) == wanted


def test_one_figure_of_several_says_which() -> None:
    assert title("f1_score_class_3") == "F1 score class 3"
    assert title("f1_score") == "F1 score"
