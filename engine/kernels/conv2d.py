"""Convolution over one to three axes, channels last, without copying patches.

Kernels are packed into panels as wide as a register tile, then every tile of output pixels reads
its patches where they lie. The gradient by the input is the same sweep over the output's gradient
with the kernel mirrored; the gradient by the kernel sums over pixels instead of kernel cells.
Samples are worked through one after another, so that what one pass writes is still in cache for
the next. A sample is lines of pixels; a table says into which line of a frame of zeros each one goes.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.conv_stage import stage_line
from engine.kernels.jit import inline, kernel
from engine.kernels.panels import pack_rows, unpack_rows
from engine.kernels.tile import ROWS, TILE_BYTES, accumulate_tile
from engine.kernels.vectors import address_of, copy_bytes


@kernel
def pack_kernel(weights: Any, bias: Any, packed: Any, groups: Any) -> None:
    """Lay the kernel out in panels: one row of biases, then one row per term.

    Args:
        weights: (terms, filters).
        bias: (filters,), or empty for none.
        packed: flat; groups × panels × (1 + terms) × width.
        groups: independent slices of the filters.
    """
    width, zero = TILE_BYTES // packed.itemsize, packed.dtype.type(0)
    terms, filters = weights.shape[0], weights.shape[1] // groups
    packed[:] = 0
    at = 0
    for group in range(groups):
        for first in range(0, filters, width):
            column, target = group * filters + first, address_of(packed, at)
            if bias.shape[0] > 0:
                pack_rows(address_of(bias, column), 0, target, width, 1, filters - first, zero)
            pack_rows(
                address_of(weights, column), weights.shape[1], target + width * packed.itemsize, width, terms,
                filters - first, zero,
            )  # fmt: skip
            at += (1 + terms) * width


@kernel
def pack_mirrored(weights: Any, taps: Any, parts: Any, packed: Any, groups: Any) -> None:
    """Lay the kernel out for the gradient by the input: terms are kernel cells and filters.

    Args:
        weights: (kernel cells, channels per group, filters).
        taps: kernel cells of all parts in the order of their terms.
        parts: see :class:`engine.kernels.conv_tables.Sweep`.
        packed: flat; per part groups × panels × (1 + terms) × width.
        groups: independent slices of the channels.
    """
    width = TILE_BYTES // packed.itemsize
    channels, filters = weights.shape[1], weights.shape[2] // groups
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
                            packed[at + f * width + j] = weights[taps[cell], first + j, group * filters + f]
                    at += filters * width
        tap += cells


@kernel
def pack_biases(bias: Any, parts: Any, packed: Any, groups: Any) -> None:
    """Write the biases into the first rows of panels that :func:`pack_mirrored` left at zero.

    Args:
        bias: (channels,).
        parts: as in :func:`pack_mirrored`, like the rest.
        packed: flat.
        groups: independent slices of the channels.
    """
    width = TILE_BYTES // packed.itemsize
    channels = bias.shape[0] // groups
    for part in range(parts.shape[0]):
        at = parts[part, 6] * width
        for group in range(groups):
            for first in range(0, channels, width):
                for j in range(min(width, channels - first)):
                    packed[at + j] = bias[group * channels + first + j]
                at += (1 + parts[part, 5]) * width


@inline
def _sweep(
    source: Any, packed: Any, groups: Any, parts: Any, rows: Any, places: Any, segments: Any, columns: Any,
    depth: Any, target: Any, floor: Any,
) -> None:  # fmt: skip
    """All products of one sample; ``source`` and ``target`` are addresses.

    ``depth`` and ``columns`` are the channels of a group on either side.
    """
    item = packed.itemsize
    width = TILE_BYTES // item
    nothing = address_of(rows, rows.size - ROWS)
    for part in range(parts.shape[0]):
        first_tile, end_tile, first_segment, end_segment, length, terms, weight = parts[part]
        panel = weight * width
        for group in range(groups):
            for first in range(0, columns, width):
                start = address_of(packed, panel)
                for t in range(first_tile * ROWS, end_tile * ROWS, ROWS):
                    accumulate_tile(
                        source + group * depth * item, address_of(rows, t), 1, start + width * item, width,
                        address_of(segments, 2 * first_segment), end_segment - first_segment, length, start, nothing,
                        target + (group * columns + first) * item, address_of(places, t), columns - first, floor,
                    )  # fmt: skip
                panel += (terms + 1) * width


@inline
def copy_into_frame(x: Any, n: Any, framed: Any, lines: Any, left: Any, width: Any) -> None:
    """Copy a sample (lines, width, channels) into the middle of a flat frame of zeros."""
    count, across, channels = x.shape[1:]
    line = across * channels
    for i in range(count):
        target = address_of(framed, (lines[i] * width + left) * channels)
        copy_bytes(address_of(x, (n * count + i) * line), target, line * x.itemsize)


@kernel
def convolve(
    x: Any, framed: Any, lines: Any, left: Any, width: Any, packed: Any, groups: Any, parts: Any, rows: Any,
    places: Any, segments: Any, floor: Any, y: Any,
) -> None:  # fmt: skip
    """Write y = max(floor, x * kernel + bias) for every sample.

    Args:
        x: (samples, lines, width, channels).
        framed: scratch for one padded sample, flat; empty when nothing is padded.
        lines: the line of the padded sample for each line of the sample.
        left: columns of zeros before the sample.
        width: of the padded sample.
        packed: see :func:`pack_kernel`.
        groups: independent slices.
        parts: see :class:`engine.kernels.conv_tables.Sweep`, as the next three.
        rows: where tiles read.
        places: where tiles write.
        segments: where segments begin.
        floor: 0 for relu, minus infinity for none.
        y: (samples, lines, width, filters).
    """
    framed[:] = 0
    height, across, channels = x.shape[1:]
    rows_out, columns_out, filters = y.shape[1:]
    for n in range(x.shape[0]):
        source = address_of(x, n * height * across * channels)
        if framed.size > 0:
            copy_into_frame(x, n, framed, lines, left, width)
            source = address_of(framed, 0)
        _sweep(
            source, packed, groups, parts, rows, places, segments, filters // groups, channels // groups,
            address_of(y, n * rows_out * columns_out * filters), floor,
        )  # fmt: skip


@inline
def stage(
    dy: Any, y: Any, n: Any, panels: Any, staged: Any, lines: Any, left: Any, width: Any, groups: Any, sums: Any,
    rectified: Any,
) -> None:  # fmt: skip
    """Prepare one sample's gradient: in panels, in its frame of zeros, and added up.

    Without a frame the panels are written twice, which is cheaper than a second loop to compile.
    """
    height, across, filters = dy.shape[1:]
    wide = TILE_BYTES // dy.itemsize
    columns = filters // groups
    row = sums.size // (groups * -(-columns // wide))
    total = panel = 0
    for group in range(groups):
        for first in range(0, columns, wide):
            column = group * columns + first
            for i in range(height):
                here = ((n * height + i) * across) * filters + column
                frame, frame_step = address_of(panels, panel), wide
                if staged.size > 0:
                    frame, frame_step = address_of(staged, (lines[i] * width + left) * filters + column), filters
                stage_line(
                    address_of(dy, here), address_of(y, here), filters, across, columns - first,
                    address_of(panels, panel), frame, frame_step, address_of(sums, total), rectified, dy.dtype.type(0),
                )  # fmt: skip
                panel += across * wide
            total += row


@inline
def _kernel_gradient(
    source: Any, step: Any, panels: Any, groups: Any, depth: Any, columns: Any, rows: Any, places: Any,
    segments: Any, length: Any, lines: Any, sums: Any, floor: Any,
) -> None:  # fmt: skip
    """Add one sample's products of patches (at the address ``source``) and gradients to ``sums``.

    A few lines of pixels at a time, so that they stay in cache while every tile revisits them.
    """
    item = panels.itemsize
    width = TILE_BYTES // item
    count = -(-columns // width)
    row = sums.size // (groups * count)
    total = segments.shape[0]
    for line in range(0, total, lines):
        for panel in range(groups * count):
            start = address_of(sums, panel * row + width)
            for t in range(0, rows.size, ROWS):
                here = address_of(places, t)
                accumulate_tile(
                    source + panel // count * depth * item, address_of(rows, t), step,
                    address_of(panels, panel * total * length * width), width, address_of(segments, 2 * line),
                    min(lines, total - line), length, start, here, start, here, width, floor,
                )  # fmt: skip


@kernel
def convolve_backward(
    x: Any, framed: Any, lines: Any, left: Any, width: Any, dy: Any, y: Any, rectified: Any, panels: Any, staged: Any,
    stage_lines: Any, stage_left: Any, stage_width: Any, groups: Any, k_rows: Any, k_places: Any, k_segments: Any,
    step: Any, at_once: Any, sums: Any, packed: Any, parts: Any, rows: Any, places: Any, segments: Any, floor: Any,
    dx: Any,
) -> None:  # fmt: skip
    """Gradients of a convolution for these samples; those by kernel and bias stay in panels.

    Args:
        x: the input, (samples, lines, width, channels).
        framed: as in :func:`convolve`, like the next three.
        lines: the line of the padded sample for each line of the sample.
        left: columns of zeros before the sample.
        width: of the padded sample.
        dy: gradient by the output, (samples, lines, width, filters).
        y: the output, read where ``rectified``.
        rectified: whether relu was applied.
        panels: scratch for one sample of dy in panels, flat.
        staged: scratch for one sample of dy in its frame, flat; empty when dx is not wanted.
        stage_lines: the line of its frame for each line of the sample's gradient.
        stage_left: columns of zeros before it.
        stage_width: width of its frame.
        groups: independent slices.
        k_rows: see :meth:`engine.kernels.conv_tables.Geometry.gradient`, as the next two.
        k_places: where tiles write in ``sums``.
        k_segments: where lines of pixels begin in x and in dy.
        step: from one pixel's patch to the next, in elements.
        at_once: lines of pixels in one pass.
        sums: scratch for the gradients, see :func:`unpack_gradient`.
        packed: see :func:`pack_mirrored`.
        parts: the sweep for dx, as the next three.
        rows: where its tiles read.
        places: where its tiles write.
        segments: where its segments begin.
        floor: minus infinity.
        dx: gradient by the input; without samples when it is not wanted.
    """
    framed[:] = 0
    staged[:] = 0
    sums[:] = 0
    height, across, channels = x.shape[1:]
    filters = dy.shape[3]
    for n in range(x.shape[0]):
        source = address_of(x, n * height * across * channels)
        if framed.size > 0:
            copy_into_frame(x, n, framed, lines, left, width)
            source = address_of(framed, 0)
        stage(dy, y, n, panels, staged, stage_lines, stage_left, stage_width, groups, sums, rectified)
        _kernel_gradient(
            source, step, panels, groups, channels // groups, filters // groups, k_rows, k_places, k_segments,
            dy.shape[2], at_once, sums, floor,
        )  # fmt: skip
        if dx.shape[0] > 0:
            _sweep(
                address_of(staged, 0), packed, groups, parts, rows, places, segments, channels // groups,
                filters // groups, address_of(dx, n * height * across * channels), floor,
            )  # fmt: skip


@kernel
def unpack_gradient(sums: Any, dkernel: Any, dbias: Any, groups: Any) -> None:
    """Take the gradients out of their panels, which are laid out as in :func:`pack_kernel`.

    Args:
        sums: flat; groups × panels × (1 + terms) × width.
        dkernel: (terms, filters), overwritten.
        dbias: (filters,), overwritten; or empty for none.
        groups: independent slices of the filters.
    """
    width, zero = TILE_BYTES // sums.itemsize, sums.dtype.type(0)
    terms, filters = dkernel.shape[0], dkernel.shape[1] // groups
    at = 0
    for group in range(groups):
        for first in range(0, filters, width):
            column, source = group * filters + first, address_of(sums, at)
            if dbias.shape[0] > 0:
                unpack_rows(source, 0, address_of(dbias, column), 0, 1, filters - first, zero)
            unpack_rows(
                source + width * sums.itemsize, width, address_of(dkernel, column), dkernel.shape[1], terms,
                filters - first, zero,
            )  # fmt: skip
            at += (1 + terms) * width
