"""Where a convolution of each channel by itself reads and writes: tables as in :mod:`engine.kernels.conv_tables`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.kernels.conv_tables import Geometry, Table, classes_of, filled, grid
from engine.kernels.tile import ROWS, tiles


@dataclass(frozen=True)
class ColumnSweep:
    """Tables for the sums of every column (channel); positions count elements of the first column.

    Attributes:
        parts: one row per part: first tile, end tile, first segment, end segment, terms in a segment, and the
            steps from term to term in a and in b.
        rows: where each row of a tile reads; at the end ROWS zeros.
        places: where each row of a tile writes.
        segments: where each segment begins in a and in b.
    """

    parts: Table
    rows: Table
    places: Table
    segments: Table


def forward_columns(g: Geometry) -> ColumnSweep:
    """Output pixels, summed over kernel cells: a line of the kernel is a segment."""
    lines = grid([np.arange(axis.kernel) * axis.dilation for axis in g.axes[:-1]], [a.padded for a in g.axes[:-1]])
    begins = np.stack((lines * g.x.padded * g.channels, np.arange(lines.size) * g.x.kernel * g.panel), axis=1)
    places = np.arange(g.pixels, dtype=np.int64) * g.channels
    steps = g.x.kernel, g.x.dilation * g.channels, g.panel
    return _joined([(g.windows() * g.channels, places, begins, steps)])


def backward_columns(g: Geometry) -> ColumnSweep:
    """Input pixels, summed over the kernel cells that reach them; one part for each class of pixels."""
    widths = [before + axis.out + after for axis, (before, after) in zip(g.axes, g.frame, strict=True)]
    parts = []
    for found in product(*(classes_of(axis, frame[0]) for axis, frame in zip(g.axes, g.frame, strict=True))):
        rows = grid([one[2] for one in found], widths) * g.channels
        places = grid([one[0] for one in found], [axis.size for axis in g.axes]) * g.channels
        *lines, (_, cells, _, offsets) = found
        # The cells that reach a pixel are evenly spaced, and so are the gradients that they bring.
        steps = [int(several[1] - several[0]) if several.size > 1 else 0 for several in (offsets, cells)]
        reads = grid([one[3] for one in lines], widths[:-1]) * widths[-1] * g.channels
        weighs = grid([one[1] for one in lines], [axis.kernel for axis in g.axes[:-1]]) * g.x.kernel
        begins = np.stack((reads, (weighs + (cells[0] if cells.size else 0)) * g.panel), axis=1)
        parts.append((rows, places, begins, (cells.size, steps[0] * g.channels, steps[1] * g.panel)))
    return _joined(parts)


def gradient_columns(g: Geometry) -> tuple[Table, Table, Table]:
    """Kernel cells, summed over output pixels: rows, places in a panel, and segments, one per line of pixels."""
    rows = g.cells() * g.channels
    return filled(rows), filled(np.arange(rows.size, dtype=np.int64) * g.panel), g.line_segments()


def _joined(parts: list[tuple[Table, Table, Table, tuple[int, int, int]]]) -> ColumnSweep:
    """Put parts behind one another."""
    table, tile, segment = [], 0, 0
    for rows, _, begins, steps in parts:
        count = tiles(rows.size)
        table.append((tile, tile + count, segment, segment + len(begins), *steps))
        tile, segment = tile + count, segment + len(begins)
    return ColumnSweep(
        np.array(table, np.int64),
        np.concatenate((*(filled(part[0]) for part in parts), np.zeros(ROWS, np.int64))),
        np.concatenate([filled(part[1]) for part in parts]),
        np.concatenate([part[2] for part in parts]).astype(np.int64),
    )
