"""Normalizing layers and activation layers: plain numpy on odd shapes, and the sentences for what does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.catalogue.layers.base import Example
from engine.errors import ShapeError
from engine.kernels.rows import standardize, standardize_back, standardize_slopes, unit_rows
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 37), st.sampled_from(("f4", "f8")))
def test_rows_are_standardized_by_their_own_statistics(times: int, period: int, terms: int, dtype: str) -> None:
    random = np.random.default_rng(terms)
    rows = times * period
    x = (3 + 2 * random.standard_normal((rows, terms))).astype(dtype)
    gamma, beta = (random.standard_normal((period, terms)).astype(dtype) for _ in range(2))
    y, mean, inverse = np.full_like(x, np.nan), np.empty(rows, dtype), np.empty(rows, dtype)
    standardize(x, np.dtype(dtype).type(0.01), gamma, beta, y, mean, inverse)
    wide = x.astype("f8")
    hat = (wide - wide.mean(1, keepdims=True)) / np.sqrt(wide.var(1, keepdims=True) + 0.01)
    every = np.tile(gamma, (times, 1)).astype("f8")
    tolerance = {"f4": 2e-5, "f8": 1e-12}[dtype]
    np.testing.assert_allclose(y, hat * every + np.tile(beta, (times, 1)), rtol=tolerance, atol=tolerance)
    dy = random.standard_normal(x.shape).astype(dtype)
    dx, dgamma, dbeta = np.full_like(x, np.nan), np.full_like(gamma, np.nan), np.full_like(beta, np.nan)
    standardize_back(x, mean, inverse, gamma, dy, dx)
    standardize_slopes(x, mean, inverse, dy, dgamma, dbeta)
    slope = dy * every
    around = slope - slope.mean(1, keepdims=True) - hat * (slope * hat).mean(1, keepdims=True)
    expected = around / np.sqrt(wide.var(1, keepdims=True) + 0.01)
    np.testing.assert_allclose(dx, expected, rtol=20 * tolerance, atol=20 * tolerance)
    shape = (times, period, terms)
    np.testing.assert_allclose(dgamma, (dy * hat).reshape(shape).sum(0), rtol=20 * tolerance, atol=20 * tolerance)
    np.testing.assert_allclose(dbeta, dy.reshape(shape).sum(0), rtol=20 * tolerance, atol=20 * tolerance)


def test_rows_of_length_zero_stay_zero() -> None:
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    y, inverse = np.empty_like(x), np.empty(2)

    unit_rows(x, y, inverse)

    np.testing.assert_allclose(y, [[0, 0], [0.6, 0.8]])


def test_a_group_sees_its_own_channels_only() -> None:
    layer: Any = registry.layers.get("GroupNormalization")(groups=2)
    bench = Bench(layer, Example({"groups": 2}, ((3, 2, 4),)), rows=2)
    for entry in bench.parameters.entries:
        value = 1.0 if entry.spec.name == "gamma" else 0.0
        bench.parameters.view(bench.parameters.flat, entry)[...] = value

    y = bench.predict().reshape(2, 6, 2, 2)

    np.testing.assert_allclose(y.mean((1, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var((1, 3)), 1, atol=0.02)


def test_slopes_are_shared_along_axes() -> None:
    layer: Any = registry.layers.get("PReLU")(shared_axes=(1, 2))

    (alpha,) = layer.weights((TensorSpec((5, 4, 3)),))

    assert alpha.shape == (1, 1, 3)


def test_softmax_joins_the_loss_only_along_the_last_axis() -> None:
    assert registry.layers.get("Softmax")().activation.key == "softmax"  # type: ignore[attr-defined]
    assert registry.layers.get("Softmax")(axis=1).activation is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "values", "shape", "said"),
    [
        ("LayerNormalization", {"axis": 3}, (4, 3), "must lie from 1 to 2"),
        ("LayerNormalization", {"axis": 0}, (4, 3), "must lie from 1 to 2"),
        ("LayerNormalization", {"axis": (2, -1)}, (4, 3), "each at most once"),
        ("UnitNormalization", {"axis": ()}, (4, 3), "received none"),
        ("LayerNormalization", {}, (None, 3), "know every size"),
        ("Softmax", {"axis": -3}, (4, 3), "must lie from 1 to 2"),
        ("Softmax", {}, (), "at least one axis"),
        ("GroupNormalization", {}, (4, 6), "2 fits"),
        ("GroupNormalization", {"groups": 0}, (4, 6), "received 0"),
        ("PReLU", {"shared_axes": (3,)}, (4, 6), "must lie from 1 to 2"),
        ("ReLU", {}, (), "at least one axis"),
        ("Rescaling", {"scale": 1}, (), "at least one axis"),
        ("LeakyReLU", {}, (), "at least one axis"),
    ],
)
def test_shapes_that_do_not_fit_are_told(key: str, values: Any, shape: Any, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        registry.layers.get(key)(**values).infer((TensorSpec(shape),))  # type: ignore[attr-defined]
