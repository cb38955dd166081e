"""Kernels of every registered activation against its numpy reference and against its own slope."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.activations.base import Activation
from tests.engine.catalogue.variants import variants
from tests.measured import assert_slope

CASES = [
    pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.activations for n, made in enumerate(variants(cls))
]
SHAPES = [(1, 1), (3, 7), (5, 33), (2, 129)]
TOLERANCE = {np.float32: 2e-6, np.float64: 1e-14}


def run(activation: Activation, x: Any) -> Any:
    y = np.full_like(x, np.nan)
    activation.forward()(x, y, *(x.dtype.type(c) for c in activation.constants()))
    return y


def run_back(activation: Activation, x: Any, dy: Any) -> Any:
    kept = x if activation.keeps == "x" else run(activation, x)
    dx = np.full_like(dy, np.nan)
    activation.backward()(kept, dy, dx, *(x.dtype.type(c) for c in activation.constants()))
    return dx


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", CASES)
def test_forward_matches_reference(activation: Activation, shape: tuple[int, int], dtype: Any) -> None:
    x = np.random.default_rng(1).normal(0, 3, shape).astype(dtype)
    before = x.copy()

    y = run(activation, x)

    tolerance = TOLERANCE[dtype]
    np.testing.assert_allclose(y, activation.value(x.astype(np.float64)), rtol=tolerance, atol=tolerance)
    assert y.dtype == dtype
    assert np.array_equal(x, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", CASES)
def test_works_in_place(activation: Activation, dtype: Any) -> None:
    random = np.random.default_rng(2)
    x, dy = (random.normal(0, 2, (4, 37)).astype(dtype) for _ in range(2))
    expected, expected_back = run(activation, x), run_back(activation, x, dy)
    scalars = [dtype(c) for c in activation.constants()]
    kept = x.copy() if activation.keeps == "x" else expected

    activation.backward()(kept, dy, dy, *scalars)
    activation.forward()(x, x, *scalars)

    # The two loops may be vectorized differently, so the last bit may differ.
    np.testing.assert_allclose(x, expected, rtol=TOLERANCE[dtype] / 4, atol=0)
    np.testing.assert_allclose(dy, expected_back, rtol=TOLERANCE[dtype] / 4, atol=TOLERANCE[dtype] / 4)


@pytest.mark.parametrize("activation", CASES)
def test_backward_is_the_slope(activation: Activation) -> None:
    random = np.random.default_rng(3)
    x, dy, direction = (random.normal(0, 2, (6, 11)) for _ in range(3))
    step = 1e-6

    analytic = np.sum(run_back(activation, x, dy) * direction)

    rise = activation.value(x + step * direction) - activation.value(x - step * direction)
    numeric = np.sum(dy * rise / (2 * step))
    assert_slope("activation", activation.key, float(analytic), float(numeric))


@pytest.mark.parametrize("activation", CASES)
def test_single_precision_slope_agrees_with_double(activation: Activation) -> None:
    random = np.random.default_rng(4)
    x, dy = (random.normal(0, 3, (9, 21)) for _ in range(2))
    x, dy = x.astype(np.float32).astype(np.float64), dy.astype(np.float32).astype(np.float64)

    wide = run_back(activation, x, dy)
    narrow = run_back(activation, x.astype(np.float32), dy.astype(np.float32))

    np.testing.assert_allclose(narrow, wide, rtol=3e-6, atol=3e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", CASES)
def test_nan_passes_and_large_numbers_stay_numbers(activation: Activation, dtype: Any) -> None:
    x = np.array([[np.nan, 1.0, 2.0, -1.0]], dtype)
    assert np.isnan(run(activation, x)[0, 0])
    assert np.isnan(run_back(activation, np.ones_like(x), x)[0, 0])

    large = np.array([[-80.0, -30.0, 0.0, 30.0, 80.0]], dtype)
    assert np.isfinite(run(activation, large)).all()
    assert np.isfinite(run_back(activation, large, np.ones_like(large))).all()
