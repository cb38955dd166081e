"""Kernels of every registered metric against its numpy reference."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import metrics, registry
from engine.catalogue.metrics.base import Metric
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec
from engine.train.heads import figure_names
from tests.engine.catalogue.variants import variants

#: Output width and whether targets are class numbers.
SITUATIONS = [(1, False), (4, False), (4, True)]


def concrete(declared: Any, columns: int, sparse: bool) -> Metric | None:
    """The metric for such an output, or ``None`` where it refuses."""
    try:
        found = declared.for_output(TensorSpec((columns,)), sparse)
    except ShapeError:
        return None
    assert isinstance(found, Metric)
    return found


CASES = [
    pytest.param(metric, columns, sparse, id=f"{cls.key}-{n}-{columns}{'-sparse' if sparse else ''}")
    for cls in registry.metrics
    for n, declared in enumerate(variants(cls))
    for columns, sparse in SITUATIONS
    if (metric := concrete(declared, columns, sparse)) is not None
]


def problem(columns: int, sparse: bool, dtype: Any, rows: int = 23) -> tuple[Any, Any]:
    random = np.random.default_rng(columns + sparse)
    prediction = random.uniform(size=(rows, columns)).astype(dtype)
    labels = random.integers(0, max(2, columns), rows)
    if sparse or columns == 1:
        return labels[:, None].astype(dtype), prediction
    return np.eye(columns, dtype=dtype)[labels], prediction


def sums_of(metric: Metric, target: Any, prediction: Any, weight: Any) -> Any:
    sums = np.full(metric.width, np.nan)
    metric.kernel()(target, prediction, weight, sums, *(prediction.dtype.type(c) for c in metric.constants()))
    return sums


def figures(metric: Metric, target: Any, prediction: Any, weight: Any) -> tuple[float, ...]:
    return metric.results(sums_of(metric, target, prediction, weight))


def counts_elements(metric: Metric) -> bool:
    """Whether the metric needs the number of samples, which no weight changes."""
    return getattr(getattr(metric, "metric", None), "num_regressors", 0) > 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_figures_match_reference(metric: Metric, columns: int, sparse: bool, dtype: Any) -> None:
    target, prediction = problem(columns, sparse, dtype)

    found = figures(metric, target, prediction, np.ones(len(target), dtype))

    wanted = metric.value(target.astype(float), prediction.astype(float) if dtype == np.float64 else prediction)
    tolerance = {"rel": 1e-9, "abs": 1e-12} if dtype == np.float64 else {"rel": 1e-5, "abs": 1e-6}
    assert found == pytest.approx(tuple(np.atleast_1d(wanted)), nan_ok=True, **tolerance)
    assert len(found) == len(metric.endings())


@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_weights_count(metric: Metric, columns: int, sparse: bool) -> None:
    target, prediction = problem(columns, sparse, np.float64)
    weight = np.zeros(len(target))
    weight[3:9] = 2.5

    found = figures(metric, target, prediction, weight)

    if not counts_elements(metric):
        wanted = metric.value(target[3:9], prediction[3:9])
        assert found == pytest.approx(tuple(np.atleast_1d(wanted)), nan_ok=True)


@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_sums_of_parts_give_the_whole(metric: Metric, columns: int, sparse: bool) -> None:
    target, prediction = problem(columns, sparse, np.float64)
    parts = [
        sums_of(metric, target[part], prediction[part], np.ones(len(target[part])))
        for part in (slice(0, 9), slice(9, None))
    ]

    wanted = metric.value(target, prediction)
    assert metric.results(parts[0] + parts[1]) == pytest.approx(tuple(np.atleast_1d(wanted)), nan_ok=True)


@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_sums_of_nothing_are_figures_without_warnings(metric: Metric, columns: int, sparse: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = metric.results(np.zeros(metric.width))

    assert len(found) == len(metric.endings())
    assert all(isinstance(v, float) for v in found)


@pytest.mark.parametrize("cls", list(registry.metrics), ids=lambda cls: cls.key)
def test_every_metric_serves_or_refuses_with_a_sentence(cls: Any) -> None:
    served = 0
    for sparse in (False, True):
        try:
            cls().for_output(TensorSpec((4,)), sparse)
            served += 1
        except ShapeError as error:
            assert f"'{cls.title}'" in str(error)
            assert str(error).endswith(".")

    assert served >= 1


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 40), classes=st.integers(2, 12), k=st.integers(1, 14), steps=st.integers(1, 9),
    seed=st.integers(0, 999),
)  # fmt: skip
def test_ties_are_resolved_as_in_the_references(rows: int, classes: int, k: int, steps: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    prediction = random.integers(0, steps + 1, (rows, classes)) / steps
    labels = random.integers(0, classes, (rows, 1)).astype(float)
    made = [
        metrics.TopKCategoricalAccuracy(k=k), metrics.Precision(top_k=k), metrics.Recall(top_k=k, class_id=1),
        metrics.F1Score(average="macro"), metrics.AUC(num_thresholds=steps + 1), metrics.AUC(curve="PR"),
    ]  # fmt: skip

    for declared in made:
        metric: Any = concrete(declared, classes, True)
        found = figures(metric, labels, prediction, np.ones(rows))

        assert found == pytest.approx((metric.value(labels, prediction),), abs=1e-12)


@pytest.mark.parametrize("key", ["precision", "recall", "f1_score", "auc"])
def test_class_numbers_and_vectors_give_the_same(key: str) -> None:
    declared: Any = registry.metrics.get(key)()
    target, prediction = problem(4, True, np.float64)
    vectors = np.eye(4)[target[:, 0].astype(int)]

    by_number, by_vector = (
        figures(declared.for_output(TensorSpec((4,)), sparse), t, prediction, np.ones(len(t)))
        for sparse, t in ((True, target), (False, vectors))
    )

    assert by_number == by_vector


def test_auc_of_perfect_and_of_reversed_scores() -> None:
    target = np.array([[0.0], [0.0], [1.0], [1.0]])
    scores = np.array([[0.1], [0.3], [0.6], [0.9]])
    metric: Any = concrete(metrics.AUC(), 1, False)

    assert figures(metric, target, scores, np.ones(4)) == (1.0,)
    assert figures(metric, 1 - target, scores, np.ones(4)) == (0.0,)


def test_not_a_number_is_never_a_yes() -> None:
    target, prediction = np.array([[1.0, 0.0]]), np.array([[np.nan, 0.2]])
    wanted = {"precision": 0.0, "recall": 0.0, "top_k_categorical_accuracy": 0.0}

    for key, figure in wanted.items():
        metric: Any = concrete(registry.metrics.get(key)(), 2, False)
        assert figures(metric, target, prediction, np.ones(1)) == (figure,)


def test_a_class_that_is_none_is_refused() -> None:
    with pytest.raises(ShapeError, match="classes 0 to 3"):
        metrics.Precision(class_id=4).for_output(TensorSpec((4,)), False)


def test_ignored_labels_do_not_count() -> None:
    metric: Any = concrete(metrics.SparseCategoricalCrossentropy(ignore_class=255), 3, True)
    prediction = np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]])

    found = figures(metric, np.array([[2.0], [255.0]]), prediction, np.ones(2))

    assert found == pytest.approx((-np.log(0.5),))
    assert np.isnan(figures(metric, np.array([[2.0], [7.0]]), prediction, np.ones(2))).all()


def test_several_figures_have_names_of_their_own() -> None:
    declared = [
        metrics.F1Score(),
        metrics.Precision(class_id=0),
        metrics.Precision(class_id=1),
        metrics.F1Score("macro"),
    ]
    made = [m.for_output(TensorSpec((3,)), False) for m in declared]

    names = figure_names(declared, made)

    assert names == (
        "f1_score_class_0", "f1_score_class_1", "f1_score_class_2", "precision", "precision_1", "f1_score",
    )  # fmt: skip


def test_accuracy_chooses_its_kind_as_keras_does() -> None:
    accuracy: Any = registry.metrics.get("accuracy")()

    assert accuracy.for_output(TensorSpec((1,)), False).key == "binary_accuracy"
    assert accuracy.for_output(TensorSpec((5,)), False).key == "categorical_accuracy"
    assert accuracy.for_output(TensorSpec((5,)), True).key == "sparse_categorical_accuracy"


def test_nan_is_never_a_hit() -> None:
    for key in ("categorical_accuracy", "sparse_categorical_accuracy"):
        metric: Any = registry.metrics.get(key)()
        target = np.zeros((2, 1)) if "sparse" in key else np.array([[1.0, 0.0], [1.0, 0.0]])
        prediction = np.array([[np.nan, 0.1], [0.9, 0.1]])

        assert figures(metric, target, prediction, np.ones(2)) == (0.5,)
