"""Kernels of every registered metric against its numpy reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.metrics.base import Metric
from engine.tensor_spec import TensorSpec
from tests.engine.catalogue.variants import variants

#: Output width and whether targets are class numbers.
SITUATIONS = [(1, False), (4, False), (4, True)]


def suits(metric: Metric, sparse: bool) -> bool:
    """Whether the concrete metric reads targets of this form."""
    return ("sparse" in metric.key) == sparse


CASES = [
    pytest.param(metric, columns, sparse, id=f"{cls.key}-{n}-{columns}{'-sparse' if sparse else ''}")
    for cls in registry.metrics
    for n, declared in enumerate(variants(cls))
    for columns, sparse in SITUATIONS
    if suits(metric := declared.for_output(TensorSpec((columns,)), sparse), sparse)  # type: ignore[attr-defined]
]


def problem(metric: Metric, columns: int, sparse: bool, dtype: Any, rows: int = 23) -> tuple[Any, Any]:
    random = np.random.default_rng(columns + sparse)
    prediction = random.uniform(size=(rows, columns)).astype(dtype)
    labels = random.integers(0, max(2, columns), rows)
    if sparse or columns == 1:
        return labels[:, None].astype(dtype), prediction
    return np.eye(columns, dtype=dtype)[labels], prediction


def figure(metric: Metric, target: Any, prediction: Any, weight: Any) -> float:
    sums = np.full(metric.width, np.nan)
    metric.kernel()(target, prediction, weight, sums, *(prediction.dtype.type(c) for c in metric.constants()))
    return metric.result(sums)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_figure_matches_reference(metric: Metric, columns: int, sparse: bool, dtype: Any) -> None:
    target, prediction = problem(metric, columns, sparse, dtype)

    found = figure(metric, target, prediction, np.ones(len(target), dtype))

    assert found == pytest.approx(metric.value(target, prediction), rel=1e-6)


@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_weights_count(metric: Metric, columns: int, sparse: bool) -> None:
    target, prediction = problem(metric, columns, sparse, np.float64)
    weight = np.zeros(len(target))
    weight[3:7] = 2.5

    found = figure(metric, target, prediction, weight)

    assert found == pytest.approx(metric.value(target[3:7], prediction[3:7]))


@pytest.mark.parametrize(("metric", "columns", "sparse"), CASES)
def test_sums_of_parts_give_the_whole(metric: Metric, columns: int, sparse: bool) -> None:
    target, prediction = problem(metric, columns, sparse, np.float64)
    parts = np.zeros((2, metric.width))
    for place, part in enumerate((slice(0, 9), slice(9, None))):
        weight = np.ones(len(target[part]))
        metric.kernel()(target[part], prediction[part], weight, parts[place], *metric.constants())

    assert metric.result(parts.sum(0)) == pytest.approx(metric.value(target, prediction))


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

        assert figure(metric, target, prediction, np.ones(2)) == 0.5
