"""Confusions are what counting by hand gives."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.errors import DataError, UsageError
from engine.explain.batches import Progress
from engine.explain.confusion import Confusion, confusions
from engine.graph import Graph
from engine.train.predictor import Predictor
from tests.engine.explain.nets import weights_of, wired


def network(units: int = 4, activation: str = "softmax") -> Graph:
    return wired(("in", "Input", {"shape": (6,)}, ""), ("hidden", "Dense", {"units": 9, "activation": "tanh"}, "in"),
                 ("out", "Dense", {"units": units, "activation": activation}, "hidden"))  # fmt: skip


def setting(units: int = 4, activation: str = "softmax", count: int = 157) -> tuple[Predictor, Any, Any]:
    graph = network(units, activation)
    random = np.random.default_rng(6)
    labels = random.integers(0, max(2, units), count)
    return Predictor(graph, weights_of(graph), threads=1), {"in": random.standard_normal((count, 6))}, labels


def judged(*arguments: Any, **options: Any) -> Confusion:
    *_, last = confusions(*arguments, **options)
    assert isinstance(last, Confusion)
    return last


@pytest.mark.parametrize(
    ("units", "activation"), [(4, "softmax"), (5, "linear"), (3, "sigmoid"), (1, "sigmoid"), (3, "log_softmax")]
)
def test_counts_are_naive_counts(units: int, activation: str) -> None:
    predictor, inputs, labels = setting(units, activation)
    values = predictor.predict(inputs)["out"]
    classes = max(2, units)
    chosen = (values[:, 0] >= 0.5).astype(int) if units == 1 else values.argmax(axis=1)
    naive = np.zeros((classes, classes), int)
    for true, predicted in zip(labels, chosen, strict=True):
        naive[true, predicted] += 1

    found = judged(predictor, inputs, labels, batch_size=32)

    np.testing.assert_array_equal(found.counts, naive)
    np.testing.assert_array_equal(found.predicted, chosen)
    np.testing.assert_array_equal(found.true, labels)
    assert found.counts.dtype == np.int64
    assert found.accuracy == pytest.approx((labels == chosen).mean())
    for c in range(classes):
        for figure, of in ((found.precision[c], chosen == c), (found.recall[c], labels == c)):
            expected = ((labels == c) & (chosen == c)).sum() / of.sum() if of.any() else np.nan
            assert figure == pytest.approx(expected, nan_ok=True)


def test_confidence_is_the_probability_of_the_answer() -> None:
    predictor, inputs, labels = setting()
    values = predictor.predict(inputs)["out"].astype(float)
    np.testing.assert_allclose(judged(predictor, inputs, labels).confidence, values.max(axis=1))

    predictor, inputs, labels = setting(1, "sigmoid")
    p = predictor.predict(inputs)["out"][:, 0].astype(float)
    np.testing.assert_allclose(judged(predictor, inputs, labels).confidence, np.maximum(p, 1 - p))

    predictor, inputs, labels = setting(3, "log_softmax")
    logs = predictor.predict(inputs)["out"].astype(float)
    np.testing.assert_allclose(judged(predictor, inputs, labels).confidence, np.exp(logs.max(axis=1)))

    predictor, inputs, labels = setting(5, "linear")
    z = np.exp(predictor.predict(inputs)["out"].astype(float))
    np.testing.assert_allclose(judged(predictor, inputs, labels).confidence, (z / z.sum(1, keepdims=True)).max(1))


def test_cells_hold_their_samples_surest_first() -> None:
    predictor, inputs, labels = setting()
    found = judged(predictor, inputs, labels)
    seen: list[int] = []
    for true in range(4):
        for predicted in range(4):
            rows = found.cell(true, predicted)
            assert len(rows) == found.counts[true, predicted]
            assert (labels[rows] == true).all()
            assert (found.predicted[rows] == predicted).all()
            assert (np.diff(found.confidence[rows]) <= 0).all()
            seen += rows.tolist()
    assert sorted(seen) == list(range(157))
    wrong = found.mistakes()
    assert set(wrong.tolist()) == set(np.flatnonzero(labels != found.predicted).tolist())
    assert (np.diff(found.confidence[wrong]) <= 0).all()


@pytest.mark.parametrize("form", ["column", "floats", "vectors", "bools"])
def test_labels_in_other_forms(form: str) -> None:
    predictor, inputs, labels = setting(2)
    forms: dict[str, npt.NDArray[Any]] = {
        "column": labels[:, None].astype("uint8"), "floats": labels.astype("float32"),
        "vectors": np.eye(2, dtype="float32")[labels], "bools": labels.astype(bool),
    }  # fmt: skip
    np.testing.assert_array_equal(
        judged(predictor, inputs, forms[form]).counts, judged(predictor, inputs, labels).counts
    )


def test_progress_is_told_and_it_stops_between_batches() -> None:
    predictor, inputs, labels = setting()
    told = list(confusions(predictor, inputs, labels, batch_size=50))
    assert told[:-1] == [Progress(50, 157), Progress(100, 157), Progress(150, 157), Progress(157, 157)]

    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert list(confusions(predictor, inputs, labels, batch_size=50, stop=stop)) == told[:2]


def test_a_confusion_that_is_given_up_leaves_no_thread() -> None:
    graph = network()
    predictor = Predictor(graph, weights_of(graph), threads=3)
    before = threading.active_count()
    made = confusions(predictor, {"in": np.zeros((900, 6))}, np.zeros(900, int), batch_size=300)
    next(made)
    made.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_no_samples_are_no_accuracy() -> None:
    predictor, _, _ = setting()
    found = judged(predictor, {"in": np.zeros((0, 6))}, np.zeros(0, int))
    assert found.counts.sum() == 0
    assert np.isnan(found.accuracy)
    assert np.isnan(found.precision).all()


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.full(157, 4), "from 0 to 3"),
        (np.full(157, -1), "from 0 to 3"),
        (np.full(157, 0.5), "whole numbers"),
        (np.full(157, np.nan), "whole numbers"),
        (np.zeros((157, 3)), "4 numbers per sample"),
        (np.full(157, "a"), "numbers with one row"),
        (np.zeros(156, int), "one label per sample"),
    ],
)
def test_wrong_labels_get_a_sentence(labels: npt.NDArray[Any], words: str) -> None:
    predictor, inputs, _ = setting()
    with pytest.raises(DataError, match=words):
        judged(predictor, inputs, labels)


def test_outputs_without_classes_get_a_sentence() -> None:
    predictor, inputs, labels = setting(1, "linear")
    with pytest.raises(UsageError, match="tells no classes"):
        judged(predictor, inputs, labels)
    predictor, inputs, labels = setting()
    with pytest.raises(UsageError, match="'hidden' is no output"):
        judged(predictor, inputs, labels, "hidden")
    with pytest.raises(UsageError, match="batch size of 0"):
        judged(predictor, inputs, labels, batch_size=0)
    with pytest.raises(DataError, match="needs samples"):
        judged(predictor, {}, labels)
