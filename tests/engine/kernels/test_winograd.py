"""Winograd's convolution against plain numpy loops."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.kernels.winograd import (
    restore_kernel_gradient,
    transform_kernel,
    transpose_kernel,
    winograd,
    winograd_backward,
)
from engine.kernels.winograd_transform import CELLS, CHOSEN, VECTOR_BYTES

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Case:
    size: tuple[int, int] = (7, 6)
    pad: int = 1
    channels: int = 16
    filters: int = 16
    samples: int = 2
    at_once: int = 3
    dtype: str = "f4"

    @property
    def out(self) -> tuple[int, int]:
        return self.size[0] + 2 * self.pad - 2, self.size[1] + 2 * self.pad - 2

    def arrays(self) -> tuple[Array, Array, Array]:
        made = np.random.default_rng(1)
        shapes = ((self.samples, *self.size, self.channels), (3, 3, self.channels, self.filters), (self.filters,))
        x, w, b = (made.standard_normal(shape).astype(self.dtype) for shape in shapes)
        return x, w, b

    def planes(self, size: int) -> Array:
        return np.full((CELLS, size + 3), np.nan, self.dtype)

    def tiles(self) -> tuple[int, Array, Array, Array]:
        spare = np.full(2 * VECTOR_BYTES // np.dtype(self.dtype).itemsize, np.nan, self.dtype)
        return self.at_once, self.planes(self.at_once * self.channels), self.planes(self.at_once * self.filters), spare


def naive(case: Case, x: Array, w: Array) -> Array:
    height, width = case.out
    frame = np.pad(x.astype(float), ((0, 0), (case.pad, case.pad), (case.pad, case.pad), (0, 0)))
    out = np.zeros((len(x), height, width, case.filters))
    for u in range(3):
        for v in range(3):
            out += frame[:, u : u + height, v : v + width] @ w[u, v].astype(float)
    return out


def run_forward(case: Case, x: Array, w: Array, b: Array, floor: float = -inf) -> Array:
    changed = case.planes(case.channels * case.filters)
    transform_kernel(w.reshape(9, case.channels, case.filters), changed, 0, case.channels)
    y = np.full((len(x), *case.out, case.filters), np.nan, case.dtype)
    winograd(x, case.pad, case.pad, changed, b, y.dtype.type(floor), *case.tiles(), y)
    return y


def run_backward(
    case: Case, x: Array, w: Array, y: Array, dy: Array, *, rectified: bool = False, wants_dx: bool = True
) -> tuple[Array, Array, Array]:
    changed, turned, sums = (case.planes(case.channels * case.filters) for _ in range(3))
    transform_kernel(w.reshape(9, case.channels, case.filters), changed, 0, case.channels)
    for first in range(0, case.channels, 16):
        transpose_kernel(changed, turned, case.channels, case.filters, first, first + 16)
    dx, dw, db = (np.full_like(a, np.nan) for a in (x if wants_dx else x[:0], w, w[0, 0, 0]))
    winograd_backward(x, case.pad, case.pad, dy, y, rectified, turned, *case.tiles(), sums, db, dx)
    restore_kernel_gradient(sums, dw.reshape(9, case.channels, case.filters))
    return dx, dw, db


@st.composite
def cases(draw: st.DrawFn) -> Case:
    pad = draw(st.integers(0, 2))
    least = max(1, 3 - 2 * pad)
    size = (draw(st.integers(least, 11)), draw(st.integers(least, 11)))
    channels, filters = (draw(st.sampled_from((16, 32, 48))) for _ in range(2))
    samples, at_once = draw(st.integers(1, 3)), draw(st.integers(1, 40))
    return Case(size, pad, channels, filters, samples, at_once, draw(st.sampled_from(("f4", "f8"))))


def tolerance(case: Case) -> float:
    """Relative to sums of up to 9 · 48 products of numbers around 1."""
    return 1e-11 if case.dtype == "f8" else 2e-3


def test_the_matrices_are_exact_for_one_dimension() -> None:
    """Aᵀ[(G g) ∘ (Bᵀ d)] is the correlation of d with g."""
    b, g, a = (np.array(matrix) for matrix in (CHOSEN.input, CHOSEN.kernel, CHOSEN.output))
    made = np.random.default_rng(1)
    d, kernel = made.standard_normal(len(b)), made.standard_normal(3)
    np.testing.assert_allclose(a @ ((g @ kernel) * (b @ d)), np.correlate(d, kernel, "valid"), atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(cases())
@example(Case((10, 10), 0))
def test_forward_is_the_definition(case: Case) -> None:
    x, w, b = case.arrays()
    np.testing.assert_allclose(run_forward(case, x, w, b), naive(case, x, w) + b, atol=tolerance(case))


@settings(deadline=None, max_examples=40)
@given(cases())
@example(Case((10, 10), 0, at_once=40))
def test_gradients_are_the_transposed_maps(case: Case) -> None:
    x, w, _ = case.arrays()
    made = np.random.default_rng(2)
    dy = made.standard_normal((len(x), *case.out, case.filters)).astype(case.dtype)
    dx, dw, db = run_backward(case, x, w, dy, dy)
    along_x, along_w = (made.standard_normal(a.shape) for a in (x, w))
    bound = tolerance(case) * np.sqrt(dy.size) * 5
    assert np.vdot(along_x, dx) == pytest.approx(np.vdot(naive(case, along_x, w), dy), abs=bound)
    assert np.vdot(along_w, dw) == pytest.approx(np.vdot(naive(case, x, along_w), dy), abs=bound)
    np.testing.assert_allclose(db, dy.sum(axis=(0, 1, 2), dtype=float), atol=bound)


def test_single_precision_is_as_good_as_stated() -> None:
    case = Case((26, 26), 0, 32, 64, at_once=36)
    x, w, b = case.arrays()
    expected = naive(case, x, w) + b
    error = (run_forward(case, x, w, b) - expected) / expected.std()
    assert np.abs(error).max() < 5e-5
    assert np.sqrt(np.mean(error**2)) < 2e-6


def test_relu_is_applied_in_both_directions() -> None:
    case = Case((9, 9), 1)
    x, w, b = case.arrays()
    y = run_forward(case, x, w, b, floor=0.0)
    np.testing.assert_array_equal(y, np.maximum(run_forward(case, x, w, b), 0))
    dy = np.ones_like(y)
    expected = run_backward(case, x, w, y, dy * (y > 0))
    for ours, theirs in zip(run_backward(case, x, w, y, dy, rectified=True), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_no_work_for_an_unwanted_input_gradient() -> None:
    case = Case()
    x, w, b = case.arrays()
    y = run_forward(case, x, w, b)
    full, bare = (run_backward(case, x, w, y, y, wants_dx=wanted) for wanted in (True, False))
    assert bare[0].size == 0
    np.testing.assert_array_equal(full[1], bare[1])


def test_a_sample_does_not_depend_on_its_neighbours() -> None:
    case = Case((9, 8), samples=3, at_once=5)
    x, w, b = case.arrays()
    whole = run_forward(case, x, w, b)
    for n in range(3):
        np.testing.assert_array_equal(run_forward(case, x[n : n + 1], w, b), whole[n : n + 1])
