"""Two-dimensional convolution, channels last, without copying patches.

Kernels are packed into panels as wide as a register tile, then every tile of output pixels reads
its patches where they lie. The gradient by the input is the same sweep over the output's gradient
with the kernel mirrored; the gradient by the kernel sums over pixels instead of kernel cells.
Samples are worked through one after another, so that what one pass writes is still in cache for
the next.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.tile import ROWS, TILE_BYTES, accumulate_tile


@kernel
def pack_kernel(weights: Any, bias: Any, packed: Any, groups: Any) -> None:
    """Lay the kernel out in panels: one row of biases, then one row per term.

    Args:
        weights: (terms, filters).
        bias: (filters,), or empty for none.
        packed: flat; groups × panels × (1 + terms) × width.
        groups: independent slices of the filters.
    """
    width = TILE_BYTES // packed.itemsize
    terms, filters = weights.shape[0], weights.shape[1] // groups
    zero = packed.dtype.type(0)
    at = 0
    for group in range(groups):
        for first in range(0, filters, width):
            valid = min(width, filters - first)
            column = group * filters + first
            for j in range(width):
                packed[at + j] = bias[column + j] if bias.shape[0] > 0 and j < valid else zero
            at += width
            for k in range(terms):
                for j in range(valid):
                    packed[at + j] = weights[k, column + j]
                for j in range(valid, width):
                    packed[at + j] = zero
                at += width


@kernel
def pack_mirrored(weights: Any, taps: Any, parts: Any, packed: Any, groups: Any) -> None:
    """Lay the kernel out for the gradient by the input: terms are kernel cells and filters.

    Args:
        weights: (height, width, channels per group, filters).
        taps: kernel cells of all parts in the order of their terms.
        parts: see :class:`engine.kernels.conv_tables.Sweep`.
        packed: flat; per part groups × panels × (1 + terms) × width.
        groups: independent slices of the channels.
    """
    width = TILE_BYTES // packed.itemsize
    channels, filters = weights.shape[2], weights.shape[3] // groups
    packed[:] = 0
    at = tap = 0
    for part in range(parts.shape[0]):
        cells = parts[part, 5] // filters
        for group in range(groups):
            for first in range(0, channels, width):
                at += width
                for cell in range(tap, tap + cells):
                    for j in range(min(width, channels - first)):
                        for f in range(filters):
                            value = weights[taps[cell, 0], taps[cell, 1], first + j, group * filters + f]
                            packed[at + f * width + j] = value
                    at += filters * width
        tap += cells


@inline
def _sweep(
    source: Any, packed: Any, groups: Any, parts: Any, rows: Any, places: Any, segments: Any, columns: Any,
    depth: Any, target: Any, tile: Any, corners: Any, floor: Any,
) -> None:  # fmt: skip
    """All products of one sample, ``source`` and ``target`` being flat.

    ``depth`` and ``columns`` are the channels of a group on either side; ``tile`` and ``corners``
    (zeros, then the rows of ``tile``) serve panels that are not full.
    """
    item = tile.itemsize
    width = TILE_BYTES // item
    for part in range(parts.shape[0]):
        at = parts[part, 6] * width
        steps = segments.ctypes.data + parts[part, 2] * 16
        count, length = parts[part, 3] - parts[part, 2], parts[part, 4]
        for group in range(groups):
            a = source.ctypes.data + group * depth * item
            for first in range(0, columns, width):
                start = packed.ctypes.data + at * item
                column = group * columns + first
                valid = min(width, columns - first)
                full = valid == width
                c = target.ctypes.data + column * item if full else tile.ctypes.data
                for t in range(parts[part, 0], parts[part, 1]):
                    c_rows = places.ctypes.data + t * ROWS * 8 if full else corners.ctypes.data + ROWS * 8
                    accumulate_tile(
                        a, rows.ctypes.data + t * ROWS * 8, 1, start + width * item, width, steps, count, length,
                        start, corners.ctypes.data, c, c_rows, floor,
                    )  # fmt: skip
                    if not full:
                        for i in range(ROWS):
                            place = places[t * ROWS + i] + column
                            for j in range(valid):
                                target[place + j] = tile[i * width + j]
                at += (parts[part, 5] + 1) * width


@inline
def _frame(image: Any, framed: Any, top: Any, left: Any, width: Any) -> None:
    """Copy a sample (height, width, channels) into the middle of a flat frame of zeros."""
    height, across, channels = image.shape
    for i in range(height):
        at = ((top + i) * width + left) * channels
        line = image[i]
        for j in range(across):
            for k in range(channels):
                framed[at + j * channels + k] = line[j, k]


@kernel
def convolve(
    x: Any, framed: Any, top: Any, left: Any, width: Any, packed: Any, groups: Any, parts: Any, rows: Any,
    places: Any, segments: Any, tile: Any, corners: Any, floor: Any, y: Any,
) -> None:  # fmt: skip
    """Write y = max(floor, x * kernel + bias) for every sample.

    Args:
        x: (samples, height, width, channels).
        framed: scratch for one padded sample, flat; empty when nothing is padded.
        top: rows of zeros before the sample.
        left: columns of zeros before the sample.
        width: of the padded sample.
        packed: see :func:`pack_kernel`.
        groups: independent slices.
        parts: see :class:`engine.kernels.conv_tables.Sweep`, as the next three.
        rows: where tiles read.
        places: where tiles write.
        segments: where segments begin.
        tile: scratch of one tile and a row.
        corners: see :func:`engine.kernels.conv_tables.corner_table`.
        floor: 0 for relu, minus infinity for none.
        y: (samples, height, width, filters).
    """
    framed[:] = 0
    for n in range(x.shape[0]):
        source = framed
        if framed.shape[0] > 0:
            _frame(x[n], framed, top, left, width)
        else:
            source = x[n].reshape(-1)
        _sweep(
            source, packed, groups, parts, rows, places, segments, y.shape[3] // groups, x.shape[3] // groups,
            y[n].reshape(-1), tile, corners, floor,
        )  # fmt: skip


@inline
def _stage(dy: Any, y: Any, staged: Any, top: Any, left: Any, width: Any, dbias: Any, rectified: Any) -> None:
    """Copy one sample's gradient into its frame, through relu's derivative, and add up the biases'."""
    height, across, filters = dy.shape
    zero = staged.dtype.type(0)
    for i in range(height):
        for j in range(across):
            at = ((top + i) * width + left + j) * filters
            line = dy[i, j]
            if rectified:
                sign = y[i, j]
                for k in range(filters):
                    value = zero if sign[k] <= zero else line[k]
                    staged[at + k] = value
                    dbias[k] += value
            else:
                for k in range(filters):
                    staged[at + k] = line[k]
                    dbias[k] += line[k]


@inline
def _kernel_gradient(
    source: Any, x_step: Any, staged: Any, groups: Any, depth: Any, filters: Any, rows: Any, places: Any,
    segments: Any, length: Any, lines: Any, dkernel: Any, tile: Any, corners: Any, floor: Any,
) -> None:  # fmt: skip
    """Add one sample's products of patches and gradients to the kernel's gradient (flat)."""
    item = tile.itemsize
    width = TILE_BYTES // item
    columns = filters // groups
    total = segments.shape[0]
    for line in range(0, total, lines):
        steps = segments.ctypes.data + line * 16
        count = min(lines, total - line)
        for group in range(groups):
            a = source.ctypes.data + group * depth * item
            for first in range(0, columns, width):
                column = group * columns + first
                b = staged.ctypes.data + column * item
                valid = min(width, columns - first)
                full = valid == width
                c = dkernel.ctypes.data + column * item if full else tile.ctypes.data
                start = c if full else tile.ctypes.data + ROWS * width * item
                for t in range(0, rows.shape[0], ROWS):
                    here = places.ctypes.data + t * 8
                    accumulate_tile(
                        a, rows.ctypes.data + t * 8, x_step, b, filters, steps, count, length, start,
                        here if full else corners.ctypes.data, c,
                        here if full else corners.ctypes.data + ROWS * 8, floor,
                    )  # fmt: skip
                    if not full:
                        _add_corner(dkernel, places, t, column, valid, tile, width)


@inline
def _add_corner(target: Any, places: Any, t: Any, column: Any, valid: Any, tile: Any, width: Any) -> None:
    for i in range(ROWS):
        # Rows that only fill the last tile repeat the one before and must not count twice.
        if i == 0 or places[t + i] != places[t + i - 1]:
            for j in range(valid):
                target[places[t + i] + column + j] += tile[i * width + j]


@kernel
def convolve_backward(
    x: Any, framed: Any, top: Any, left: Any, width: Any, dy: Any, y: Any, rectified: Any, staged: Any,
    stage_top: Any, stage_left: Any, stage_width: Any, groups: Any, k_rows: Any, k_places: Any, k_segments: Any,
    step: Any, lines: Any, packed: Any, parts: Any, rows: Any, places: Any, segments: Any, tile: Any, corners: Any,
    floor: Any, dkernel: Any, dbias: Any, dx: Any,
) -> None:  # fmt: skip
    """Gradients of a convolution for these samples.

    Args:
        x: the input, (samples, height, width, channels).
        framed: as in :func:`convolve`, like the next three.
        top: rows of zeros before the sample.
        left: columns of zeros before the sample.
        width: of the padded sample.
        dy: gradient by the output, (samples, height, width, filters).
        y: the output, read where ``rectified``.
        rectified: whether relu was applied.
        staged: scratch for one sample of dy in its frame, flat, one tile's row longer.
        stage_top: rows of zeros before the sample's gradient.
        stage_left: columns of zeros before it.
        stage_width: width of its frame.
        groups: independent slices.
        k_rows: see :meth:`engine.kernels.conv_tables.Geometry.gradient`, as the next two.
        k_places: where tiles write in ``dkernel``.
        k_segments: where lines of pixels begin in x and in dy.
        step: from one pixel's patch to the next, in elements.
        lines: lines of pixels in one pass.
        packed: see :func:`pack_mirrored`.
        parts: the sweep for dx, as the next three.
        rows: where its tiles read.
        places: where its tiles write.
        segments: where its segments begin.
        tile: scratch of one tile and a row.
        corners: as in :func:`convolve`.
        floor: minus infinity.
        dkernel: flat gradient by the kernel, overwritten.
        dbias: gradient by the bias, overwritten.
        dx: gradient by the input; without samples when it is not wanted.
    """
    framed[:] = 0
    staged[:] = 0
    tile[:] = 0
    dkernel[:] = 0
    dbias[:] = 0
    filters, channels = dy.shape[3], x.shape[3]
    for n in range(x.shape[0]):
        source = framed
        if framed.shape[0] > 0:
            _frame(x[n], framed, top, left, width)
        else:
            source = x[n].reshape(-1)
        _stage(dy[n], y[n], staged, stage_top, stage_left, stage_width, dbias, rectified)
        _kernel_gradient(
            source, step, staged, groups, channels // groups, filters, k_rows, k_places, k_segments, dy.shape[2],
            lines, dkernel, tile, corners, floor,
        )  # fmt: skip
        if dx.shape[0] > 0:
            _sweep(
                staged, packed, groups, parts, rows, places, segments, channels // groups, filters // groups,
                dx[n].reshape(-1), tile, corners, floor,
            )  # fmt: skip
