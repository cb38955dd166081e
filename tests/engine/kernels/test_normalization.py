"""Batch statistics, however the rows are divided, against plain numpy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels import normalization as kernels


def merged(x: Any, cuts: list[int], epsilon: float = 1e-3) -> tuple[Any, Any, Any]:
    edges = sorted({0, len(x), *(c % len(x) for c in cuts)})
    parts = np.full((len(edges) - 1, 3, x.shape[1]), np.nan)
    for place, (start, stop) in enumerate(pairwise(edges)):
        kernels.measure(x[start:stop], parts[place])
    found = tuple(np.empty(x.shape[1], x.dtype) for _ in range(3))
    kernels.merge(parts, epsilon, *found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 60),
    channels=st.integers(1, 20),
    cuts=st.lists(st.integers(1, 59), max_size=4),
    centre=st.sampled_from([0.0, -3.0, 50.0]),
)
def test_statistics_of_shards_are_those_of_the_batch(
    dtype: Any, tolerance: float, rows: int, channels: int, cuts: list[int], centre: float
) -> None:
    x = (np.random.default_rng(rows).normal(size=(rows, channels)) + centre).astype(dtype)
    wide = x.astype(np.float64)

    mean, variance, inverse = merged(x, cuts)

    np.testing.assert_allclose(mean, wide.mean(0), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(variance, wide.var(0), rtol=10 * tolerance, atol=tolerance)
    np.testing.assert_allclose(inverse, 1 / np.sqrt(wide.var(0) + 1e-3), rtol=10 * tolerance)


def test_a_large_common_part_costs_no_digits() -> None:
    """Sums of squares would leave nothing of a spread of 1 around 30,000."""
    x = (np.random.default_rng(1).normal(size=(4000, 3)) + 30_000).astype(np.float32)

    _, variance, _ = merged(x, [1000, 1700])

    np.testing.assert_allclose(variance, x.astype(np.float64).var(0), rtol=1e-5)


def test_constant_channels_have_no_variance() -> None:
    x = np.full((13, 2), 0.1, np.float32)

    mean, variance, _ = merged(x, [5])

    assert (variance == 0).all()
    np.testing.assert_allclose(mean, 0.1, rtol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1), (9, 5), (23, 40)])
def test_normalize_and_slopes_follow_the_formula(shape: tuple[int, int], dtype: Any) -> None:
    random = np.random.default_rng(3)
    x, dy = (random.normal(size=shape).astype(dtype) for _ in range(2))
    mean, inverse, gamma, beta = (random.uniform(0.5, 1, shape[1]).astype(dtype) for _ in range(4))
    y, part = np.empty_like(x), np.empty((3, shape[1]))
    total, product = np.empty(shape[1], dtype), np.empty(shape[1], dtype)
    tolerance = 1e-5 if dtype is np.float32 else 1e-12

    kernels.normalize(x, mean, inverse, gamma, beta, y)
    kernels.measure_slopes(x, dy, mean, inverse, part)
    kernels.merge_slopes(part[None], total, product)

    hat = (x - mean) * inverse
    np.testing.assert_allclose(y, hat * gamma + beta, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(total, dy.sum(0), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(product, (dy * hat).sum(0), rtol=tolerance, atol=tolerance)


@settings(max_examples=20, deadline=None)
@given(outer=st.integers(1, 6), channels=st.integers(1, 7), inner=st.integers(1, 9))
def test_channels_move_last_and_back(outer: int, channels: int, inner: int) -> None:
    x = np.arange(outer * channels * inner, dtype=np.float32).reshape(outer, channels, inner)
    table, back = np.empty((outer * inner, channels), np.float32), np.empty_like(x)

    kernels.channels_last(x, table)
    kernels.channels_back(table, back)

    assert np.array_equal(table, x.transpose(0, 2, 1).reshape(-1, channels))
    assert np.array_equal(back, x)
