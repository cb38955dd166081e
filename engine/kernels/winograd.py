"""3 × 3 convolutions with a quarter of the products, by Winograd's minimal filtering.

Some tiles are transformed, multiplied (one matrix product for each cell of a transformed tile) and
transformed back while they stay in cache. Tiles are counted through all samples of a shard, so
that small images fill the products too. Sums are as exact as a direct convolution's to within a
factor of about three. Measured, relative to the spread of the results: the forward pass (32 to 64
channels, against float64) is off by 1.2e-6 root mean square and 2e-5 at most; gradients and up to
256 filters (against direct products in single precision) by 5e-6 and 5e-5.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.dense import combine
from engine.kernels.jit import inline, kernel
from engine.kernels.vectors import address_of
from engine.kernels.winograd_transform import (
    CELLS,
    SIDE,
    VECTOR_BYTES,
    kernel_in,
    kernel_in_transposed,
    tile_in,
    tile_in_transposed,
    tile_out,
    tile_out_transposed,
    transpose_block,
)


@kernel
def transform_kernel(weights: Any, changed: Any, first: Any, end: Any) -> None:
    """Winograd's transform of a kernel, for the channels from ``first`` to ``end``.

    Args:
        weights: (9, channels, filters).
        changed: (CELLS, channels · filters or more), overwritten.
        first: first channel.
        end: channel after the last.
    """
    filters = weights.shape[2]
    plane = weights.shape[1] * filters
    for c in range(first, end):
        kernel_in(
            address_of(weights, c * filters), plane, address_of(changed, c * filters), changed.shape[1],
            filters, weights.dtype.type(0),
        )  # fmt: skip


@kernel
def transpose_kernel(changed: Any, turned: Any, channels: Any, filters: Any, first: Any, end: Any) -> None:
    """Transpose the planes of a transformed kernel, for the channels from ``first`` to ``end``.

    Args:
        changed: (CELLS, channels · filters or more).
        turned: (CELLS, filters · channels or more), overwritten.
        channels: columns of the result.
        filters: rows of the result.
        first: first channel, at the beginning of a vector.
        end: channel after the last, likewise.
    """
    width = VECTOR_BYTES // changed.itemsize
    for cell in range(CELLS):
        for c in range(first, end, width):
            for f in range(0, filters, width):
                transpose_block(
                    address_of(changed, cell * changed.shape[1] + c * filters + f), filters,
                    address_of(turned, cell * turned.shape[1] + f * channels + c), channels,
                    changed.dtype.type(0),
                )  # fmt: skip


@inline
def _products(a: Any, depth: Any, b: Any, c: Any, columns: Any, count: Any) -> None:
    """c[i] = a[i]·b[i] for every cell i: (count × depth)·(depth × columns)."""
    for cell in range(CELLS):
        combine(
            address_of(a, cell * a.shape[1]), depth, 1, depth, address_of(b, cell * b.shape[1]), columns,
            address_of(c, cell * c.shape[1]), columns, count, columns, True, c.itemsize, c.dtype.type(0),
        )  # fmt: skip


@inline
def _tiles_in(x: Any, first: Any, count: Any, across: Any, tiles: Any, top: Any, left: Any, spare: Any, v: Any) -> None:
    """Transform the input under ``count`` tiles, of which an image has ``tiles`` in lines of ``across``."""
    height, width, channels = x.shape[1:]
    side = SIDE + 2
    for place in range(count):
        n, t = (first + place) // tiles, (first + place) % tiles
        i, j = t // across * SIDE - top, t % across * SIDE - left
        tile_in(
            address_of(x, ((n * height + i) * width + j) * channels), width * channels, channels,
            max(0, -i), min(side, height - i), max(0, -j), min(side, width - j), address_of(spare, 0),
            address_of(v, place * channels), v.shape[1], channels, v.dtype.type(0),
        )  # fmt: skip


@kernel
def winograd(
    x: Any, top: Any, left: Any, changed: Any, bias: Any, floor: Any, at_once: Any, v: Any, m: Any, spare: Any, y: Any
) -> None:
    """Write y = max(floor, x * kernel + bias) for every sample.

    Args:
        x: (samples, height, width, channels).
        top: rows of zeros before the sample.
        left: columns of zeros before the sample.
        changed: the transformed kernel.
        bias: (filters,).
        floor: 0 for relu, minus infinity for none.
        at_once: number of tiles in one pass.
        v: scratch, (CELLS, at_once · channels or more).
        m: scratch, (CELLS, at_once · filters or more).
        spare: scratch of two vectors.
        y: (samples, height, width, filters).
    """
    rows, columns, filters = y.shape[1:]
    channels = x.shape[3]
    across = -(-columns // SIDE)
    tiles = -(-rows // SIDE) * across
    total = y.shape[0] * tiles
    spare[:] = 0
    for first in range(0, total, at_once):
        count = min(at_once, total - first)
        _tiles_in(x, first, count, across, tiles, top, left, spare, v)
        _products(v, channels, changed, m, filters, count)
        for place in range(count):
            n, t = (first + place) // tiles, (first + place) % tiles
            i, j = t // across * SIDE, t % across * SIDE
            tile_out(
                address_of(m, place * filters), m.shape[1], address_of(bias, 0),
                address_of(y, ((n * rows + i) * columns + j) * filters), columns * filters, filters,
                min(SIDE, rows - i), min(SIDE, columns - j), address_of(spare, 0), filters, floor,
            )  # fmt: skip


@kernel
def winograd_backward(
    x: Any, top: Any, left: Any, dy: Any, y: Any, rectified: Any, turned: Any, at_once: Any, v: Any, dm: Any,
    spare: Any, sums: Any, dbias: Any, dx: Any,
) -> None:  # fmt: skip
    """Gradients of a convolution for these samples; the kernel's stays transformed.

    Args:
        x: the input, (samples, height, width, channels).
        top: rows of zeros before the sample.
        left: columns of zeros before the sample.
        dy: gradient by the output, (samples, height, width, filters).
        y: the output, read where ``rectified``.
        rectified: whether relu was applied.
        turned: see :func:`transpose_kernel`.
        at_once: number of tiles in one pass.
        v: scratch, (CELLS, at_once · channels or more).
        dm: scratch, (CELLS, at_once · filters or more).
        spare: scratch of two vectors.
        sums: the transformed kernel's gradient, (CELLS, channels · filters or more), overwritten.
        dbias: (filters,), overwritten.
        dx: gradient by the input; without samples when it is not wanted.
    """
    rows, columns, filters = dy.shape[1:]
    channels = x.shape[3]
    across = -(-columns // SIDE)
    tiles = -(-rows // SIDE) * across
    total = dy.shape[0] * tiles
    spare[:] = 0
    sums[:] = 0
    dbias[:] = 0
    dx[:] = 0
    for first in range(0, total, at_once):
        count = min(at_once, total - first)
        for place in range(count):
            n, t = (first + place) // tiles, (first + place) % tiles
            i, j = t // across * SIDE, t % across * SIDE
            here = ((n * rows + i) * columns + j) * filters
            tile_out_transposed(
                address_of(dy, here), address_of(y, here), columns * filters, filters, min(SIDE, rows - i),
                min(SIDE, columns - j), address_of(spare, 0), address_of(dm, place * filters),
                dm.shape[1], address_of(dbias, 0), filters, rectified, dy.dtype.type(0),
            )  # fmt: skip
        _tiles_in(x, first, count, across, tiles, top, left, spare, v)
        for cell in range(CELLS):
            combine(
                address_of(v, cell * v.shape[1]), 1, channels, count, address_of(dm, cell * dm.shape[1]), filters,
                address_of(sums, cell * sums.shape[1]), filters, channels, filters, False, dy.itemsize,
                dy.dtype.type(0),
            )  # fmt: skip
        if dx.shape[0] > 0:
            _products(dm, filters, turned, v, channels, count)
            _tiles_back(v, first, count, across, tiles, top, left, spare, dx)


@inline
def _tiles_back(
    v: Any, first: Any, count: Any, across: Any, tiles: Any, top: Any, left: Any, spare: Any, dx: Any
) -> None:
    """Add the gradients of transformed tiles to the input's gradient."""
    height, width, channels = dx.shape[1:]
    side = SIDE + 2
    for place in range(count):
        n, t = (first + place) // tiles, (first + place) % tiles
        i, j = t // across * SIDE - top, t % across * SIDE - left
        tile_in_transposed(
            address_of(v, place * channels), v.shape[1],
            address_of(dx, ((n * height + i) * width + j) * channels), width * channels, channels,
            max(0, -i), min(side, height - i), max(0, -j), min(side, width - j), address_of(spare, 0), channels,
            v.dtype.type(0),
        )  # fmt: skip


@kernel
def restore_kernel_gradient(sums: Any, dkernel: Any) -> None:
    """The kernel's gradient (9, channels, filters) from its transformed one."""
    filters = dkernel.shape[2]
    plane = dkernel.shape[1] * filters
    for c in range(dkernel.shape[1]):
        kernel_in_transposed(
            address_of(sums, c * filters), sums.shape[1], address_of(dkernel, c * filters), plane,
            filters, sums.dtype.type(0),
        )  # fmt: skip
