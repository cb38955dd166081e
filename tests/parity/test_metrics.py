"""Figures of metrics are Keras's, after two batches, with and without weights."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from engine import metrics
from engine.tensor_spec import TensorSpec
from tests.measured import NOT_COMPARED, assert_agree
from tests.parity.golden import KERAS, golden

GOLDEN = golden("make_golden_metrics.py", "golden_metrics.npz")
CASES = sorted(key.partition("/")[2] for key in GOLDEN if key.startswith("plain/"))
HALF = 10


def made(case: str, columns: int) -> Any:
    name, _, text = case.partition("/")[0].removesuffix(")").partition("(")
    call: Any = ast.parse(f"f({text})", mode="eval").body
    declared: Any = getattr(metrics, name)(**{k.arg: ast.literal_eval(k.value) for k in call.keywords})
    return declared.for_output(TensorSpec((columns,)), name.startswith("Sparse"))


@pytest.mark.parametrize("weighting", ["plain", "weighted"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-5)])
def test_figures_are_keras_s(case: str, weighting: str, dtype: Any, tolerance: float) -> None:
    kind = case.rpartition("/")[2]
    target, prediction = (GOLDEN[f"data/{kind}/{what}"].astype(dtype) for what in ("target", "prediction"))
    weight = (GOLDEN["weights"] if weighting == "weighted" else np.ones(len(target))).astype(dtype)
    metric = made(case, prediction.shape[1])
    total = np.zeros(metric.width)

    for part in (slice(0, HALF), slice(HALF, None)):
        sums = np.full(metric.width, np.nan)
        constants = (dtype(c) for c in metric.constants())
        metric.kernel()(target[part], prediction[part], weight[part], sums, *constants)
        total += sums

    if case.startswith("AUC"):
        tolerance = max(tolerance, 1e-6)  # Keras adds these up in float32
    wanted = np.atleast_1d(GOLDEN[f"{weighting}/{case}"])
    assert_agree(
        "metric",
        case.partition("(")[0],
        metric.results(total),
        wanted,
        rtol=tolerance,
        atol=tolerance,
        peer=KERAS,
        like=dtype,
    )


def test_every_metric_that_keras_has_is_compared() -> None:
    compared = {case.partition("(")[0] for case in CASES}

    others = [cls for cls in metrics.registry.metrics if cls.__name__ not in compared]
    assert [cls.key for cls in others if ("metric", cls.key) not in NOT_COMPARED] == []
