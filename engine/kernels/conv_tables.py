"""Where a convolution reads and writes: tables of positions, made once per shape.

A convolution, its gradient by the input and its gradient by the kernel are all sums of products
a[i, k]·b[k, j] in which the position of a[i, k] is a row's position plus a term's. These tables
hold those positions, so the loops in :mod:`engine.kernels.conv2d` know nothing of strides,
dilation, padding and groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from engine.kernels.tile import ROWS, tile_width, tiles

Table = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]
#: Pixels whose patches are revisited for every tile of the kernel gradient: they should stay in the first-level cache.
PIXELS_AT_ONCE = 96


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a convolution or pooling.

    Attributes:
        size: input positions.
        out: output positions.
        before, after: padding at both ends.
        kernel, stride, dilation: of the window.
    """

    size: int
    out: int
    before: int
    after: int
    kernel: int
    stride: int = 1
    dilation: int = 1

    @property
    def padded(self) -> int:
        """Positions including padding."""
        return self.before + self.size + self.after

    @property
    def surplus(self) -> int:
        """What a transposed convolution writes behind what is kept; negative: how much is missing."""
        return (self.out - 1) * self.stride + (self.kernel - 1) * self.dilation + 1 - self.before - self.size


def window_axis(size: int, kernel: int, stride: int, dilation: int, padding: str) -> Axis:
    """Lay windows over an axis as TensorFlow does: ``same`` puts the odd cell at the end.

    ``causal`` windows end at their own position. ``out`` is zero or negative when the window does not fit.
    """
    reach = (kernel - 1) * dilation + 1
    before = after = 0
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        before, after = total // 2, total - total // 2
    elif padding == "full":
        before = after = reach - 1
    elif padding == "causal":
        before = reach - 1
    out = (size + before + after - reach) // stride + 1
    return Axis(size, out, before, after, kernel, stride, dilation)


def transposed_axis(size: int, kernel: int, stride: int, dilation: int, padding: str, extra: int | None) -> Axis:
    """The axis of the convolution whose gradient by its input widens an axis of ``size`` positions.

    What enters the transposed convolution is that convolution's output: ``out`` is ``size``, and ``size`` of
    the axis is what results. It follows Keras, which follows TensorFlow: without ``extra`` (Keras's
    output_padding), ``same`` gives size · stride positions and ``valid`` as many as the windows need.
    """
    reach = (kernel - 1) * dilation + 1
    whole = (size - 1) * stride + reach
    if padding == "valid":
        before, result = 0, whole + (max(stride - reach, 0) if extra is None else extra)
    else:
        widened = stride + reach - 2 if extra is None else reach + reach % 2 - 2 + extra
        before = reach - 1 - min(widened // 2 + widened % 2, reach - 1)
        result = size * stride if extra is None else (size - 1) * stride + reach % 2 + extra
    return Axis(result, size, before, max(whole - before - result, 0), kernel, stride, dilation)


@dataclass(frozen=True)
class Sweep:
    """Tables for one set of products; all positions count elements.

    Attributes:
        parts: one row per part: first tile, end tile, first segment, end segment, terms in a
            segment, terms altogether, and where its weights begin (in terms, all groups and panels).
        rows: where each row of a tile reads; at the end ROWS zeros.
        places: where each row of a tile writes.
        segments: where each segment begins in a and in b.
        taps: kernel cells (counted row by row) in the order of the terms, all parts after one another.
        size: elements of the packed kernel of all parts.
    """

    parts: Table
    rows: Table
    places: Table
    segments: Table
    taps: Table
    size: int


@dataclass(frozen=True)
class Geometry:
    """A convolution of one sample over one, two or three axes: channels last.

    Positions along the last axis make a line; all other axes only say how lines follow each other.

    Attributes:
        axes: spatial axes, the one that varies fastest last.
        channels, filters: in and out.
        groups: independent slices of channels and filters.
        itemsize: bytes of an element, which decides the width of a tile.
    """

    axes: tuple[Axis, ...]
    channels: int
    filters: int
    groups: int
    itemsize: int

    @property
    def x(self) -> Axis:
        """The axis within a line."""
        return self.axes[-1]

    @property
    def is_padded(self) -> bool:
        """Whether the input must be copied into a frame of zeros."""
        return any(axis.padded > axis.size for axis in self.axes)

    @property
    def padded(self) -> int:
        """Elements of an input sample with its padding."""
        return prod(axis.padded for axis in self.axes) * self.channels

    @property
    def panel(self) -> int:
        """Columns of a tile."""
        return tile_width(self.itemsize)

    def panels(self, columns: int) -> int:
        """Panels that hold this many columns (channels or filters) of all groups."""
        return self.groups * -(-columns // self.groups // self.panel)

    def forward(self) -> Sweep:
        """Output pixels × filters, summed over kernel cells and channels."""
        c = self.channels
        places = np.arange(self.pixels, dtype=np.int64) * self.filters
        cells = np.arange(prod(axis.kernel for axis in self.axes), dtype=np.int64)
        return _joined([(self.windows() * c, places, self.cells() * c, cells)],
                       c // self.groups, self.panel, self.panels(self.filters))  # fmt: skip

    def backward(self) -> Sweep:
        """Input pixels × channels, summed over the kernel cells that reach a pixel and the filters.

        With strides, pixels fall into classes that are reached by different cells: one part each.
        """
        widths = [before + axis.out + after for axis, (before, after) in zip(self.axes, self.frame, strict=True)]
        classes = (classes_of(axis, frame[0]) for axis, frame in zip(self.axes, self.frame, strict=True))
        parts = []
        for found in product(*classes):
            rows, offsets = (grid([one[place] for one in found], widths) * self.filters for place in (2, 3))
            places = grid([one[0] for one in found], [axis.size for axis in self.axes]) * self.channels
            cells = grid([one[1] for one in found], [axis.kernel for axis in self.axes])
            parts.append((rows, places, offsets, cells))
        return _joined(parts, self.filters // self.groups, self.panel, self.panels(self.channels))

    def gradient(self) -> tuple[Table, Table, Table]:
        """Kernel cells and channels × filters, summed over output pixels.

        Returns:
            Rows (where a kernel cell reads in the input), places (where it lies in a panel), and
            segments: one per line of output pixels.
        """
        c = self.channels
        rows = (self.cells()[:, None] * c + np.arange(c // self.groups)).reshape(-1)
        places = np.arange(rows.size, dtype=np.int64) * self.panel
        return filled(rows), filled(places), self.line_segments()

    def line_segments(self) -> Table:
        """Where each line of output pixels begins in the padded input and in a panel of output pixels."""
        reads = self._outputs(self.axes[:-1]) * self.x.padded * self.channels
        weighs = np.arange(reads.size, dtype=np.int64) * self.x.out * self.panel
        return np.stack((reads, weighs), axis=1)

    def cells(self) -> Table:
        """Where the cells of a window lie in the padded input, in pixels."""
        steps = [np.arange(axis.kernel) * axis.dilation for axis in self.axes]
        return grid(steps, [axis.padded for axis in self.axes])

    def windows(self) -> Table:
        """Where windows begin in the padded input, in pixels."""
        return self._outputs(self.axes)

    def _outputs(self, axes: Sequence[Axis]) -> Table:
        """Where windows begin in the padded input, in positions along these axes."""
        return grid([np.arange(axis.out) * axis.stride for axis in axes], [axis.padded for axis in axes])

    def input_lines(self) -> Table:
        """The line of the padded input in which each line of the input lies."""
        lines = self.axes[:-1]
        return grid([np.arange(axis.size) + axis.before for axis in lines], [axis.padded for axis in lines])

    def frame_lines(self) -> Table:
        """The line of its frame in which each line of the output's gradient lies."""
        pairs = list(zip(self.axes[:-1], self.frame, strict=False))
        places = [np.arange(axis.out) + before for axis, (before, _) in pairs]
        return grid(places, [before + axis.out + after for axis, (before, after) in pairs])

    @property
    def terms(self) -> int:
        """Products in one output."""
        return prod(axis.kernel for axis in self.axes) * self.channels // self.groups

    @property
    def lines_at_once(self) -> int:
        """Output lines that one pass of the kernel gradient covers."""
        return max(1, PIXELS_AT_ONCE // self.x.out)

    @property
    def frame(self) -> tuple[tuple[int, int], ...]:
        """Zeros before and after the output's gradient along each axis."""
        return tuple(_overhang(axis) for axis in self.axes)

    @property
    def frame_width(self) -> int:
        """Width of the output's gradient with its frame."""
        before, after = self.frame[-1]
        return before + self.x.out + after

    @property
    def frame_size(self) -> int:
        """Elements of the output's gradient with its frame."""
        widths = (sum(around) + axis.out for axis, around in zip(self.axes, self.frame, strict=True))
        return prod(widths) * self.filters

    @property
    def pixels(self) -> int:
        """Positions of the output."""
        return prod(axis.out for axis in self.axes)


def grid(positions: Sequence[Indices], sizes: Sequence[int]) -> Table:
    """Positions along several axes as positions in an array of these sizes, the last axis varying fastest."""
    found = np.zeros(1, np.int64)
    for along, size in zip(positions, sizes, strict=True):
        found = (found[:, None] * size + along.astype(np.int64)).reshape(-1)
    return found


def filled(table: Table) -> Table:
    """Repeat the last row until the tiles are full: it is only computed more than once."""
    return np.concatenate((table, np.repeat(table[-1:], tiles(table.size) * ROWS - table.size)))


def _reached(axis: Axis) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """Which output position sees input i through kernel cell k (numerator), and whether one does."""
    ahead = np.arange(axis.size)[:, None] + axis.before - np.arange(axis.kernel) * axis.dilation
    return ahead // axis.stride, ahead % axis.stride == 0


def _overhang(axis: Axis) -> tuple[int, int]:
    """How far windows over the gradient reach beyond its ends."""
    seen, exists = _reached(axis)
    found = seen[exists]
    if not found.size:
        return 0, 0  # with gaps, a window may see nothing but padding
    return max(0, -int(found.min())), max(0, int(found.max()) - (axis.out - 1))


def classes_of(axis: Axis, before: int) -> list[tuple[Indices, Indices, Indices, Indices]]:
    """Input positions by the kernel cells that reach them: positions, cells, row offsets, cell offsets."""
    seen, exists = _reached(axis)
    found = []
    for residue in range(min(axis.stride, axis.size)):
        positions = np.arange(residue, axis.size, axis.stride)
        cells = np.flatnonzero(exists[residue])[::-1]
        if cells.size:
            places = seen[np.ix_(positions, cells)] + before
            found.append((positions, cells, places[:, 0], places[0] - places[0, 0]))
        else:
            found.append((positions, cells, np.zeros_like(positions), cells))
    return found


def _joined(parts: list[tuple[Table, Table, Table, Table]], depth: int, panel: int, panels: int) -> Sweep:
    """Put parts behind one another; neighbouring cells that lie side by side become one segment."""
    table, rows, places, segments, taps = [], [], [], [], []
    tile = segment = weight = 0
    for part_rows, part_places, offsets, cells in parts:
        run = _run(offsets, depth)
        begins = offsets[::run]
        terms = offsets.size * depth
        count = tiles(part_rows.size)
        table.append((tile, tile + count, segment, segment + begins.size, run * depth, terms, weight))
        rows.append(filled(part_rows))
        places.append(filled(part_places))
        segments.append(np.stack((begins, np.arange(begins.size) * run * depth * panel), axis=1))
        taps.append(cells)
        tile, segment, weight = tile + count, segment + begins.size, weight + (terms + 1) * panels
    return Sweep(
        np.array(table, dtype=np.int64), np.concatenate((*rows, np.zeros(ROWS, np.int64))), np.concatenate(places),
        np.concatenate(segments).astype(np.int64), np.concatenate(taps), weight * panel,
    )  # fmt: skip


def _run(offsets: Table, depth: int) -> int:
    """How many cells lie side by side in memory, the same number everywhere."""
    for run in range(offsets.size, 1, -1):
        if offsets.size % run == 0 and (np.diff(offsets.reshape(-1, run), axis=1) == depth).all():
            return run
    return 1
