"""The ways to compute a convolution, and which of them serves which shape."""

from __future__ import annotations

from math import inf, prod
from typing import Any, Protocol

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.kernels.conv2d import (
    convolve,
    convolve_backward,
    pack_biases,
    pack_kernel,
    pack_mirrored,
    unpack_gradient,
)
from engine.kernels.conv_tables import Geometry
from engine.kernels.winograd import (
    restore_kernel_gradient,
    transform_kernel,
    transpose_kernel,
    winograd,
    winograd_backward,
)
from engine.kernels.winograd_transform import CELLS, SIDE, VECTOR_BYTES

#: Bytes that processors fetch together.
CACHE_LINE = 64
#: Channels and filters from which Winograd's transforms pay for themselves.
LEAST_CHANNELS = 16
#: Channels times filters up to which a transformed kernel, four times as large as the kernel, is worth its memory.
MOST_WEIGHTS = 256 * 256
#: Tiles that are transformed and multiplied in one pass: enough rows for the products, not too many for the cache.
TILES_AT_ONCE = 48


class Convolution(Protocol):
    """A way to list the kernel calls of a convolution."""

    def forward(self, lane: Lane, g: Geometry, x: Array, kernel: Array, bias: Array, floor: Any, z: Array) -> None:
        """z = max(floor, x * kernel + bias)."""

    def backward(
        self, lane: Lane, g: Geometry, x: Array, kernel: Array, y: Array, dy: Array, rectified: bool, dx: Array | None,
        dkernel: Array, dbias: Array,
    ) -> None:  # fmt: skip
        """Gradients by input (where wanted), kernel and bias; through relu's derivative where ``rectified``."""


def chosen(geometry: Geometry) -> Convolution:
    """The faster way, by shape and element size alone, so that a run can be repeated."""
    return Winograd() if suits_winograd(geometry) else Direct()


def suits_winograd(geometry: Geometry) -> bool:
    """Whether a kernel is 3 × 3 without gaps and steps, and channels fill vectors."""
    plain = [(axis.kernel, axis.stride, axis.dilation) for axis in geometry.axes] == [(3, 1, 1)] * 2
    vector = VECTOR_BYTES // geometry.itemsize
    depths = (geometry.channels, geometry.filters)
    fitting = all(n >= LEAST_CHANNELS and n % vector == 0 for n in depths) and depths[0] * depths[1] <= MOST_WEIGHTS
    return plain and geometry.groups == 1 and fitting


def aligned(lane: Lane, name: str, size: int) -> Array:
    """Scratch that begins with a cache line, so that no vector lies across two."""
    if size == 0:
        return np.zeros(0, lane.dtype)
    return _on_line(lane.scratch(name, (size + CACHE_LINE // lane.dtype.itemsize,)), size)


def _on_line(room: Array, size: int) -> Array:
    first = -room.ctypes.data % CACHE_LINE // room.itemsize
    return room[first : first + size]


def in_lines(x: Array, width: int) -> Array:
    """Samples as lines of pixels: (samples, lines, width, channels)."""
    return x.reshape(x.shape[0], prod(x.shape[1:-1]) // width, width, x.shape[-1])


def in_cells(kernel: Array) -> Array:
    """A kernel as (cells, channels, filters)."""
    return kernel.reshape(-1, *kernel.shape[-2:])


class Direct:
    """Sums of products as the definition has them: any shape."""

    def forward(self, lane: Lane, g: Geometry, x: Array, kernel: Array, bias: Array, floor: Any, z: Array) -> None:
        """List packing and sweep."""
        sweep = g.forward()
        packed = aligned(lane, "packed", sweep.size)
        lane.call(pack_kernel, kernel.reshape(-1, g.filters), bias, packed, g.groups)
        lane.call(
            convolve, in_lines(x, g.x.size), *framed(lane, g), packed, g.groups, sweep.parts, sweep.rows, sweep.places,
            sweep.segments, floor, in_lines(z, g.x.out),
        )  # fmt: skip

    def backward(
        self, lane: Lane, g: Geometry, x: Array, kernel: Array, y: Array, dy: Array, rectified: bool, dx: Array | None,
        dkernel: Array, dbias: Array,
    ) -> None:  # fmt: skip
        """List packing, both gradients, unpacking."""
        sweep = g.backward()
        packed = aligned(lane, "packed", sweep.size if dx is not None else 0)
        staged = aligned(lane, "staged", g.frame_size if dx is not None else 0)
        if dx is None:
            dx = x[:0]
        else:
            lane.call(pack_mirrored, in_cells(kernel), sweep.taps, sweep.parts, packed, g.groups)
        panels = aligned(lane, "panels", g.panels(g.filters) * g.pixels * g.panel)
        sums = aligned(lane, "sums", g.panels(g.filters) * (1 + g.terms) * g.panel)
        lane.call(
            convolve_backward, in_lines(x, g.x.size), *framed(lane, g), *(in_lines(a, g.x.out) for a in (dy, y)),
            rectified, panels, staged, g.frame_lines(), g.frame[-1][0], g.frame_width, g.groups, *g.gradient(),
            g.x.stride * g.channels, g.lines_at_once, sums, packed, sweep.parts, sweep.rows, sweep.places,
            sweep.segments, lane.number_of(-inf), in_lines(dx, g.x.size),
        )  # fmt: skip
        lane.call(unpack_gradient, sums, dkernel.reshape(-1, g.filters), dbias, g.groups)


def framed(lane: Lane, g: Geometry) -> tuple[Array, Array, int, int]:
    """Scratch for one padded sample (empty when nothing is padded), where its lines go, its origin and its width."""
    room = aligned(lane, "framed", g.padded if g.is_padded else 0)
    return room, g.input_lines(), g.x.before, g.x.padded


class Transposed:
    """The convolution's gradient by its input as a layer of its own: what enters is the convolution's output.

    Kernels have the convolution's shape: (*window, filters of the layer, channels that enter it).
    """

    def forward(self, lane: Lane, g: Geometry, x: Array, kernel: Array, bias: Array, floor: Any, z: Array) -> None:
        """List packing and the sweep over the framed input."""
        sweep = g.backward()
        packed = aligned(lane, "packed", sweep.size)
        lane.call(pack_mirrored, in_cells(kernel), sweep.taps, sweep.parts, packed, g.groups)
        lane.call(pack_biases, bias, sweep.parts, packed, g.groups)
        room = aligned(lane, "staged", g.frame_size if any(map(any, g.frame)) else 0)
        lane.call(
            convolve, in_lines(x, g.x.out), room, g.frame_lines(), g.frame[-1][0], g.frame_width, packed, g.groups,
            sweep.parts, sweep.rows, sweep.places, sweep.segments, floor, in_lines(z, g.x.size),
        )  # fmt: skip

    def backward(
        self, lane: Lane, g: Geometry, x: Array, kernel: Array, dy: Array, dx: Array | None, dkernel: Array
    ) -> None:
        """List the gradient by the kernel, and by the input where it is wanted."""
        empty = np.zeros(0, lane.dtype)
        panels = aligned(lane, "panels", g.panels(g.filters) * g.pixels * g.panel)
        sums = aligned(lane, "sums", g.panels(g.filters) * (1 + g.terms) * g.panel)
        sweep = g.forward()
        least, lines = lane.number_of(-inf), in_lines(x, g.x.out)
        lane.call(
            convolve_backward, in_lines(dy, g.x.size), *framed(lane, g), lines, lines, False, panels, empty,
            g.frame_lines(), 0, 0, g.groups, *g.gradient(), g.x.stride * g.channels, g.lines_at_once, sums, empty,
            sweep.parts, sweep.rows, sweep.places, sweep.segments, least, in_lines(dy, g.x.size)[:0],
        )  # fmt: skip
        lane.call(unpack_gradient, sums, dkernel.reshape(-1, g.filters), empty, g.groups)
        if dx is not None:
            Direct().forward(lane, g, dy, kernel, empty, least, dx)


class Winograd:
    """A quarter of the products, for kernels of 3 × 3."""

    def forward(self, lane: Lane, g: Geometry, x: Array, kernel: Array, bias: Array, floor: Any, z: Array) -> None:
        """List the shard's part of the kernel's transform, then the convolution."""
        changed = self._kernel(lane, g, "changed")
        vector = VECTOR_BYTES // lane.dtype.itemsize
        part = [g.channels // vector * place // lane.shards * vector for place in (lane.shard, lane.shard + 1)]
        if part[0] < part[1]:
            lane.call(transform_kernel, in_cells(kernel), changed, *part)
            if lane.keeps:
                turned = self._kernel(lane, g, "turned")
                lane.call(transpose_kernel, changed, turned, g.channels, g.filters, *part)
        lane.join()
        lane.call(winograd, x, *self._before(g), changed, bias, floor, *self._tiles(lane, g), z)

    def backward(
        self, lane: Lane, g: Geometry, x: Array, kernel: Array, y: Array, dy: Array, rectified: bool, dx: Array | None,
        dkernel: Array, dbias: Array,
    ) -> None:  # fmt: skip
        """List the gradients, and the way back to the kernel's shape."""
        turned = self._kernel(lane, g, "turned")
        row = turned.shape[1]
        sums = aligned(lane, "sums", CELLS * row).reshape(CELLS, row)
        at_once, v, dm, spare = self._tiles(lane, g)
        lane.call(
            winograd_backward, x, *self._before(g), dy, y, rectified, turned, at_once, v, dm, spare, sums, dbias,
            dx if dx is not None else x[:0],
        )  # fmt: skip
        lane.call(restore_kernel_gradient, sums, in_cells(dkernel))

    def _before(self, g: Geometry) -> tuple[int, ...]:
        """Zeros above and to the left."""
        return tuple(axis.before for axis in g.axes)

    def _kernel(self, lane: Lane, geometry: Geometry, name: str) -> Array:
        """The transformed kernel, which the shards make together."""
        spare = CACHE_LINE // lane.dtype.itemsize
        row = geometry.channels * geometry.filters + spare
        room = lane.shared(name, (CELLS * row + spare,))
        return _on_line(room, CELLS * row).reshape(CELLS, row)

    def _tiles(self, lane: Lane, geometry: Geometry) -> tuple[int, Array, Array, Array]:
        """Tiles in one pass, room for them on both sides, and two spare vectors."""
        count = lane.rows * prod(-(-axis.out // SIDE) for axis in geometry.axes)
        at_once = min(TILES_AT_ONCE, count)
        # Planes are a line longer than needed: powers of two apart, they would compete for places in the cache.
        spare = CACHE_LINE // lane.dtype.itemsize
        v, m = (
            aligned(lane, name, CELLS * (at_once * depth + spare)).reshape(CELLS, -1)
            for name, depth in (("v", geometry.channels), ("m", geometry.filters))
        )
        return at_once, v, m, aligned(lane, "spare", 2 * VECTOR_BYTES // lane.dtype.itemsize)
