"""Convolution of each channel by itself, channels last: vectors run along the channels.

Kernels lie in panels as wide as a register tile (see :func:`engine.kernels.conv2d.pack_kernel`), one row per kernel
cell. Every tile of output pixels multiplies its cells number by number. A channel with several filters is there as
many times, so that every filter has a column of its own.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.conv2d import copy_into_frame, stage
from engine.kernels.jit import inline, kernel
from engine.kernels.tile import ROWS, TILE_BYTES, accumulate_columns
from engine.kernels.vectors import address_of


@inline
def _source(x: Any, n: Any, framed: Any, lines: Any, left: Any, width: Any) -> Any:
    """The address of a sample as windows read it."""
    if framed.size == 0:
        return address_of(x, n * x.shape[1] * x.shape[2] * x.shape[3])
    copy_into_frame(x, n, framed, lines, left, width)
    return address_of(framed, 0)


@inline
def _sweep(
    source: Any, packed: Any, columns: Any, parts: Any, rows: Any, places: Any, segments: Any, target: Any, floor: Any
) -> None:
    """All sums of one sample; ``source`` and ``target`` are addresses."""
    item = packed.itemsize
    width = TILE_BYTES // item
    panels = -(-columns // width)
    nothing = address_of(rows, rows.size - ROWS)
    for part in range(parts.shape[0]):
        first_tile, end_tile, first_segment, end_segment, length, a_step, b_step = parts[part]
        for panel in range(panels):
            first = panel * width
            start = address_of(packed, panel * (packed.size // panels))
            for t in range(first_tile * ROWS, end_tile * ROWS, ROWS):
                accumulate_columns(
                    source + first * item, address_of(rows, t), a_step, start + width * item, b_step,
                    address_of(segments, 2 * first_segment), end_segment - first_segment, length, start, nothing,
                    target + first * item, address_of(places, t), columns - first, floor,
                )  # fmt: skip


@kernel
def convolve_each(
    x: Any, framed: Any, lines: Any, left: Any, width: Any, packed: Any, parts: Any, rows: Any,
    places: Any, segments: Any, floor: Any, y: Any,
) -> None:  # fmt: skip
    """Write y = max(floor, x * kernel + bias) for every sample and column.

    Args:
        x: (samples, lines, width, channels).
        framed: scratch for one sample with its padding, flat; empty when x can be read as it is.
        lines: the line of the frame for each line of the sample.
        left: columns of zeros before the sample.
        width: of the frame.
        packed: panels of the kernel.
        parts: see :class:`engine.kernels.depthwise_tables.ColumnSweep`, as the next three.
        rows: where tiles read.
        places: where tiles write.
        segments: where segments begin.
        floor: 0 for relu, minus infinity for none.
        y: (samples, lines, width, channels).
    """
    framed[:] = 0
    size = y.shape[1] * y.shape[2] * y.shape[3]
    for n in range(x.shape[0]):
        _sweep(
            _source(x, n, framed, lines, left, width), packed, y.shape[3], parts, rows, places, segments,
            address_of(y, n * size), floor,
        )  # fmt: skip


@inline
def _kernel_gradient(
    source: Any, step: Any, panels: Any, columns: Any, rows: Any, places: Any, segments: Any, length: Any, at_once: Any,
    sums: Any, floor: Any,
) -> None:  # fmt: skip
    """Add one sample's products of patches and gradients to ``sums``, a few lines of pixels at a time."""
    item = panels.itemsize
    width = TILE_BYTES // item
    count = -(-columns // width)
    total = segments.shape[0]
    for panel in range(count):
        start = address_of(sums, panel * (sums.size // count) + width)
        for line in range(0, total, at_once):
            for t in range(0, rows.size, ROWS):
                here = address_of(places, t)
                accumulate_columns(
                    source + panel * width * item, address_of(rows, t), step,
                    address_of(panels, panel * total * length * width), width, address_of(segments, 2 * line),
                    min(at_once, total - line), length, start, here, start, here, width, floor,
                )  # fmt: skip


@kernel
def convolve_each_backward(
    x: Any, framed: Any, lines: Any, left: Any, width: Any, dy: Any, y: Any, rectified: Any, panels: Any,
    staged: Any, stage_lines: Any, stage_left: Any, stage_width: Any, k_rows: Any, k_places: Any, k_segments: Any,
    step: Any, at_once: Any, sums: Any, packed: Any, parts: Any, rows: Any, places: Any, segments: Any, floor: Any,
    dx: Any,
) -> None:  # fmt: skip
    """Gradients for these samples; those by kernel and bias stay in panels.

    Args:
        x: the input, (samples, lines, width, channels).
        framed: as in :func:`convolve_each`, like the next three.
        lines: the line of the frame for each line of the sample.
        left: columns of zeros before the sample.
        width: of the frame.
        dy: gradient by the output, (samples, lines, width, channels).
        y: the output, read where ``rectified``.
        rectified: whether relu was applied.
        panels: scratch for one sample of dy in panels, flat.
        staged: scratch for one sample of dy in its frame, flat; empty when dx is not wanted.
        stage_lines: the line of its frame for each line of dy.
        stage_left: columns of zeros before it.
        stage_width: width of its frame.
        k_rows: see :func:`engine.kernels.depthwise_tables.gradient_columns`, as the next two.
        k_places: where tiles write in a panel of ``sums``.
        k_segments: where lines of pixels begin in x and in dy.
        step: from one pixel's patch to the next, in elements.
        at_once: lines of pixels in one pass.
        sums: scratch for the gradients, see :func:`engine.kernels.conv2d.unpack_gradient`.
        packed: panels of the kernel, without biases.
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
    columns = dy.shape[3]
    size = x.shape[1] * x.shape[2] * x.shape[3]
    for n in range(x.shape[0]):
        source = _source(x, n, framed, lines, left, width)
        stage(dy, y, n, panels, staged, stage_lines, stage_left, stage_width, 1, sums, rectified)
        _kernel_gradient(
            source, step, panels, columns, k_rows, k_places, k_segments, dy.shape[2], at_once, sums, floor
        )  # fmt: skip
        if dx.shape[0] > 0:
            target = address_of(dx, n * size)
            _sweep(address_of(staged, 0), packed, columns, parts, rows, places, segments, target, floor)
