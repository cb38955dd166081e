"""The ways to compute a two-dimensional convolution, and which of them serves which shape."""

from __future__ import annotations

from math import inf
from typing import Any, Protocol

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.kernels.conv2d import convolve, convolve_backward, pack_kernel, pack_mirrored, unpack_gradient
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

    def forward(self, lane: Lane, geometry: Geometry, bias: Array, floor: Any, z: Array) -> None:
        """z = max(floor, x * kernel + bias)."""

    def backward(self, lane: Lane, geometry: Geometry, rectified: bool, dbias: Array) -> None:
        """Gradients by input, kernel and bias; through relu's derivative where ``rectified``."""


def chosen(geometry: Geometry) -> Convolution:
    """The faster way, by shape and element size alone, so that a run can be repeated."""
    return Winograd() if suits_winograd(geometry) else Direct()


def suits_winograd(geometry: Geometry) -> bool:
    """Whether a kernel is 3 × 3 without gaps and steps, and channels fill vectors."""
    plain = all((axis.kernel, axis.stride, axis.dilation) == (3, 1, 1) for axis in (geometry.y, geometry.x))
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


class Direct:
    """Sums of products as the definition has them: any shape."""

    def forward(self, lane: Lane, geometry: Geometry, bias: Array, floor: Any, z: Array) -> None:
        """List packing and sweep."""
        sweep = geometry.forward()
        packed = aligned(lane, "packed", sweep.size)
        lane.call(pack_kernel, lane.weights["kernel"].reshape(-1, geometry.filters), bias, packed, geometry.groups)
        lane.call(
            convolve, lane.x[0], *self._framed(lane, geometry), packed, geometry.groups, sweep.parts, sweep.rows,
            sweep.places, sweep.segments, floor, z,
        )  # fmt: skip

    def backward(self, lane: Lane, geometry: Geometry, rectified: bool, dbias: Array) -> None:
        """List packing, both gradients, unpacking."""
        g, sweep, dx, kernel = geometry, geometry.backward(), lane.dx[0], lane.weights["kernel"]
        packed = aligned(lane, "packed", sweep.size if dx is not None else 0)
        staged = aligned(lane, "staged", g.frame_size if dx is not None else 0)
        if dx is None:
            dx = lane.x[0][:0]
        else:
            lane.call(pack_mirrored, kernel, sweep.taps, sweep.parts, packed, g.groups)
        panels = aligned(lane, "panels", g.panels(g.filters) * g.pixels * g.panel)
        sums = aligned(lane, "sums", g.panels(g.filters) * (1 + g.terms) * g.panel)
        top, _, left, _ = g.frame
        lane.call(
            convolve_backward, lane.x[0], *self._framed(lane, g), lane.dy[0], lane.y[0], rectified, panels, staged,
            top, left, g.frame_width, g.groups, *g.gradient(), g.x.stride * g.channels, g.lines_at_once, sums, packed,
            sweep.parts, sweep.rows, sweep.places, sweep.segments, lane.number_of(-inf), dx,
        )  # fmt: skip
        lane.call(unpack_gradient, sums, lane.partial("kernel").reshape(-1, g.filters), dbias, g.groups)

    def _framed(self, lane: Lane, geometry: Geometry) -> tuple[Array, int, int, int]:
        """Scratch for one padded sample (empty when nothing is padded), its origin and its width."""
        y, x = geometry.y, geometry.x
        size = y.padded * x.padded * geometry.channels if geometry.is_padded else 0
        return aligned(lane, "framed", size), y.before, x.before, x.padded


class Winograd:
    """A quarter of the products, for kernels of 3 × 3."""

    def forward(self, lane: Lane, geometry: Geometry, bias: Array, floor: Any, z: Array) -> None:
        """List the shard's part of the kernel's transform, then the convolution."""
        g, changed = geometry, self._kernel(lane, geometry, "changed")
        vector = VECTOR_BYTES // lane.dtype.itemsize
        part = [g.channels // vector * place // lane.shards * vector for place in (lane.shard, lane.shard + 1)]
        if part[0] < part[1]:
            lane.call(transform_kernel, self._cells(lane.weights["kernel"]), changed, *part)
            if lane.keeps:
                turned = self._kernel(lane, g, "turned")
                lane.call(transpose_kernel, changed, turned, g.channels, g.filters, *part)
        lane.join()
        lane.call(winograd, lane.x[0], g.y.before, g.x.before, changed, bias, floor, *self._tiles(lane, g), z)

    def backward(self, lane: Lane, geometry: Geometry, rectified: bool, dbias: Array) -> None:
        """List the gradients, and the way back to the kernel's shape."""
        g, turned = geometry, self._kernel(lane, geometry, "turned")
        row = turned.shape[1]
        sums = aligned(lane, "sums", CELLS * row).reshape(CELLS, row)
        dx = lane.dx[0] if lane.dx[0] is not None else lane.x[0][:0]
        at_once, v, dm, spare = self._tiles(lane, g)
        lane.call(
            winograd_backward, lane.x[0], g.y.before, g.x.before, lane.dy[0], lane.y[0], rectified, turned, at_once, v,
            dm, spare, sums, dbias, dx,
        )  # fmt: skip
        lane.call(restore_kernel_gradient, sums, self._cells(lane.partial("kernel")))

    def _cells(self, kernel: Array) -> Array:
        return kernel.reshape(9, *kernel.shape[2:])

    def _kernel(self, lane: Lane, geometry: Geometry, name: str) -> Array:
        """The transformed kernel, which the shards make together."""
        spare = CACHE_LINE // lane.dtype.itemsize
        row = geometry.channels * geometry.filters + spare
        room = lane.shared(name, (CELLS * row + spare,))
        return _on_line(room, CELLS * row).reshape(CELLS, row)

    def _tiles(self, lane: Lane, geometry: Geometry) -> tuple[int, Array, Array, Array]:
        """Tiles in one pass, room for them on both sides, and two spare vectors."""
        count = lane.rows * -(-geometry.y.out // SIDE) * -(-geometry.x.out // SIDE)
        at_once = min(TILES_AT_ONCE, count)
        # Planes are a line longer than needed: powers of two apart, they would compete for places in the cache.
        spare = CACHE_LINE // lane.dtype.itemsize
        v, m = (
            aligned(lane, name, CELLS * (at_once * depth + spare)).reshape(CELLS, -1)
            for name, depth in (("v", geometry.channels), ("m", geometry.filters))
        )
        return at_once, v, m, aligned(lane, "spare", 2 * VECTOR_BYTES // lane.dtype.itemsize)
