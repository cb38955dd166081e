"""The convolution's kernels against plain numpy loops."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.kernels.conv2d import convolve, convolve_backward, pack_kernel, pack_mirrored, unpack_gradient
from engine.kernels.conv_tables import Geometry, window_axis

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Case:
    """One convolution, small enough for Python loops."""

    size: tuple[int, int] = (7, 6)
    kernel: tuple[int, int] = (3, 3)
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: str = "valid"
    groups: int = 1
    channels: int = 2
    filters: int = 3
    samples: int = 2
    dtype: str = "float32"

    def geometry(self) -> Geometry:
        y, x = (
            window_axis(self.size[i], self.kernel[i], self.stride[i], self.dilation[i], self.padding) for i in range(2)
        )
        return Geometry(
            (y, x), self.channels * self.groups, self.filters * self.groups, self.groups, np.dtype(self.dtype).itemsize
        )

    def arrays(self) -> tuple[Array, Array, Array]:
        made = np.random.default_rng(1)
        g = self.geometry()
        shapes = ((self.samples, *self.size, g.channels), (*self.kernel, self.channels, g.filters), (g.filters,))
        x, w, b = (made.standard_normal(shape).astype(self.dtype) for shape in shapes)
        return x, w, b


def naive(case: Case, x: Array, w: Array, b: Array) -> Array:
    """The definition, window by window, in float64."""
    g = case.geometry()
    down, across = g.axes
    frame = np.zeros((len(x), down.padded, across.padded, g.channels))
    frame[:, down.before : down.before + down.size, across.before : across.before + across.size] = x
    out = np.zeros((len(x), down.out, across.out, g.filters))
    for i in range(down.out):
        for j in range(across.out):
            top, left = i * down.stride, j * across.stride
            window = frame[
                :, top : top + (down.kernel - 1) * down.dilation + 1 : down.dilation,
                left : left + (across.kernel - 1) * across.dilation + 1 : across.dilation,
            ]  # fmt: skip
            for n in range(g.groups):
                c, f = (slice(n * k, (n + 1) * k) for k in (case.channels, case.filters))
                out[:, i, j, f] = np.einsum("nuvc,uvcf->nf", window[..., c], w[..., f].astype(float))
    return out + b


def room(size: int, case: Case) -> Array:
    """Scratch as it may come: full of NaN."""
    return np.full(size, np.nan, case.dtype)


def framed(g: Geometry, case: Case) -> tuple[Array, Array, int, int]:
    return room(g.padded if g.is_padded else 0, case), g.input_lines(), g.x.before, g.x.padded


def run_forward(case: Case, x: Array, w: Array, b: Array, floor: float = -inf) -> Array:
    g = case.geometry()
    sweep = g.forward()
    packed = room(sweep.size, case)
    pack_kernel(w.reshape(-1, g.filters), b, packed, g.groups)
    y = np.full((len(x), *(axis.out for axis in g.axes), g.filters), np.nan, case.dtype)
    convolve(
        x, *framed(g, case), packed, g.groups, sweep.parts, sweep.rows, sweep.places, sweep.segments,
        y.dtype.type(floor), y,
    )  # fmt: skip
    return y


def run_backward(
    case: Case, x: Array, w: Array, y: Array, dy: Array, *, rectified: bool = False, wants_dx: bool = True
) -> tuple[Array, Array, Array]:
    g = case.geometry()
    sweep = g.backward()
    packed = room(sweep.size, case)
    pack_mirrored(w.reshape(-1, *w.shape[2:]), sweep.taps, sweep.parts, packed, g.groups)
    staged = room(g.frame_size if wants_dx else 0, case)
    panels = room(g.panels(g.filters) * g.pixels * g.panel, case)
    sums = room(g.panels(g.filters) * (1 + g.terms) * g.panel, case)
    dx, dw, db = (np.full_like(a, np.nan) for a in (x if wants_dx else x[:0], w, w[0, 0, 0]))
    convolve_backward(
        x, *framed(g, case), dy, y, rectified, panels, staged, g.frame_lines(), g.frame[-1][0], g.frame_width,
        g.groups, *g.gradient(), g.x.stride * g.channels, g.lines_at_once, sums, packed, sweep.parts, sweep.rows,
        sweep.places, sweep.segments, y.dtype.type(-inf), dx,
    )  # fmt: skip
    unpack_gradient(sums, dw.reshape(-1, g.filters), db, g.groups)
    return dx, dw, db


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any convolution that Keras allows, at small sizes; tiles and panels full and not full."""
    stride = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) if max(stride) == 1 else (1, 1)
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = draw(st.sampled_from(("valid", "same", "full")))
    least = [(k - 1) * d + 1 if padding == "valid" else 1 for k, d in zip(kernel, dilation, strict=True)]
    size = (draw(st.integers(least[0], least[0] + 6)), draw(st.integers(least[1], least[1] + 6)))
    return Case(
        size, kernel, stride, dilation, padding, draw(st.integers(1, 3)), draw(st.sampled_from((1, 2, 3, 5, 17))),
        draw(st.sampled_from((1, 3, 8, 16, 19, 33))), draw(st.integers(1, 3)), draw(st.sampled_from(("f4", "f8"))),
    )  # fmt: skip


BROAD = Case((12, 11), channels=16, filters=32, samples=2)
POINT = Case((5, 5), (1, 1), (3, 3), channels=16, filters=16)


def tolerance(case: Case) -> float:
    return 1e-11 if case.dtype == "f8" else 2e-4


@settings(deadline=None, max_examples=60)
@given(cases())
@example(BROAD)
@example(POINT)
def test_forward_is_the_definition(case: Case) -> None:
    x, w, b = case.arrays()
    expected = naive(case, x, w, b)
    np.testing.assert_allclose(run_forward(case, x, w, b), expected, atol=tolerance(case), rtol=1e-4)
    np.testing.assert_allclose(run_forward(case, x, w, b[:0]), expected - b, atol=tolerance(case), rtol=1e-4)


@settings(deadline=None, max_examples=60)
@given(cases())
@example(BROAD)
@example(POINT)
def test_gradients_are_the_transposed_maps(case: Case) -> None:
    """A convolution is linear in x and in w: <conv(x, w), dy> = <x, dx> = <w, dw> for every direction."""
    x, w, _ = case.arrays()
    g = case.geometry()
    made = np.random.default_rng(2)
    dy = made.standard_normal((len(x), *(axis.out for axis in g.axes), g.filters)).astype(case.dtype)
    dx, dw, db = run_backward(case, x, w, dy, dy)
    none = np.zeros(g.filters)
    for _ in range(3):
        along_x, along_w = (made.standard_normal(a.shape) for a in (x, w))
        scale = np.sqrt(dy.size)
        for ours, theirs in (
            (np.vdot(along_x, dx), np.vdot(naive(case, along_x, w, none), dy)),
            (np.vdot(along_w, dw), np.vdot(naive(case, x, along_w, none), dy)),
        ):
            assert ours == pytest.approx(theirs, abs=tolerance(case) * scale * 5)
    np.testing.assert_allclose(db, dy.sum(axis=(0, 1, 2), dtype=float), atol=tolerance(case) * 5)


@pytest.mark.parametrize("case", [Case(filters=19), Case((9, 9), stride=(2, 2), padding="same")])
def test_relu_is_applied_in_both_directions(case: Case) -> None:
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


def test_nan_is_not_hidden_by_relu() -> None:
    case = Case(channels=1)
    x, w, b = case.arrays()
    x[0, 0, 0, 0] = np.nan
    assert np.isnan(run_forward(case, x, w, b, floor=0.0)[0, 0, 0]).all()


def test_a_sample_does_not_depend_on_its_neighbours() -> None:
    case = Case((9, 8), padding="same", filters=16, samples=3)
    x, w, b = case.arrays()
    whole = run_forward(case, x, w, b)
    for n in range(3):
        np.testing.assert_array_equal(run_forward(case, x[n : n + 1], w, b), whole[n : n + 1])


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "out", "before", "after"),
    [
        (5, 3, 1, 5, 1, 1),
        (5, 2, 1, 5, 0, 1),
        (6, 3, 2, 3, 0, 1),
        (7, 3, 2, 4, 1, 1),
        (5, 1, 3, 2, 0, 0),
        (2, 5, 4, 1, 1, 2),
    ],
)
def test_same_padding_is_tensorflows(size: int, kernel: int, stride: int, out: int, before: int, after: int) -> None:
    axis = window_axis(size, kernel, stride, 1, "same")
    assert (axis.out, axis.before, axis.after) == (out, before, after)
