"""Pooling against plain numpy loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels.conv_tables import Axis, window_axis
from engine.kernels.pool import max_pool, max_pool_backward

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Case:
    size: tuple[int, int] = (5, 6)
    window: tuple[int, int] = (2, 2)
    stride: tuple[int, int] = (2, 2)
    padding: str = "valid"
    channels: int = 3
    dtype: str = "f4"
    winners: str = "u1"

    @property
    def axes(self) -> tuple[Axis, Axis]:
        y, x = (window_axis(self.size[i], self.window[i], self.stride[i], 1, self.padding) for i in range(2))
        return y, x


def cells(case: Case, i: int, j: int) -> list[tuple[int, int, int]]:
    """Number and place of the window's cells that lie in the image."""
    y, x = case.axes
    found = []
    for u in range(y.kernel):
        for v in range(x.kernel):
            row, column = i * y.stride + u - y.before, j * x.stride + v - x.before
            if 0 <= row < y.size and 0 <= column < x.size:
                found.append((u * x.kernel + v, row, column))
    return found


def naive(case: Case, x: Array) -> tuple[Array, Array]:
    y, across = case.axes
    out = np.zeros((len(x), y.out, across.out, case.channels), x.dtype)
    where = np.zeros(out.shape, case.winners)
    for n, i, j, k in np.ndindex(*out.shape):
        inside = cells(case, i, j)
        values = [x[n, row, column, k] for _, row, column in inside]
        winner = int(np.argmax(values))
        out[n, i, j, k], where[n, i, j, k] = values[winner], inside[winner][0]
    return out, where


def naive_backward(case: Case, shape: tuple[int, ...], dy: Array, where: Array) -> Array:
    dx = np.zeros(shape, float)
    for n, i, j, k in np.ndindex(*dy.shape):
        for cell, row, column in cells(case, i, j):
            if cell == where[n, i, j, k]:
                dx[n, row, column, k] += dy[n, i, j, k]
    return dx


def windows(case: Case) -> tuple[int, ...]:
    y, x = case.axes
    return y.kernel, x.kernel, y.stride, x.stride, y.before, x.before


def pooled(case: Case, x: Array) -> tuple[Array, Array]:
    y, across = case.axes
    out = np.full((len(x), y.out, across.out, case.channels), np.nan, x.dtype)
    where = np.full(out.shape, 99, case.winners)
    max_pool(x, out, where, *windows(case))
    return out, where


@st.composite
def cases(draw: st.DrawFn) -> Case:
    window = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = draw(st.sampled_from(("valid", "same")))
    least = window if padding == "valid" else (1, 1)
    size = (draw(st.integers(least[0], least[0] + 5)), draw(st.integers(least[1], least[1] + 5)))
    stride = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    return Case(
        size, window, stride, padding, draw(st.sampled_from((1, 3, 32, 35))), draw(st.sampled_from(("f4", "f8"))),
        draw(st.sampled_from(("u1", "i4"))),
    )  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(cases(), st.booleans())
def test_pooling_is_the_definition_in_both_directions(case: Case, ties: bool) -> None:
    made = np.random.default_rng(3)
    x = made.standard_normal((2, *case.size, case.channels)).astype(case.dtype)
    if ties:
        x = np.round(x)
    y, where = pooled(case, x)
    expected, winners = naive(case, x)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(where, winners)
    dy = made.integers(-9, 9, y.shape).astype(case.dtype)
    dx = np.full_like(x, np.nan)
    max_pool_backward(dy, where, dx, *windows(case))
    np.testing.assert_array_equal(dx, naive_backward(case, x.shape, dy, where))


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_nan_wins(place: tuple[int, int]) -> None:
    case = Case((2, 2), channels=9)
    x = np.zeros((1, 2, 2, 9), "f4")
    x[0, place[0], place[1]] = np.nan
    y, where = pooled(case, x)
    assert np.isnan(y).all()
    assert (where == place[0] * 2 + place[1]).all()
