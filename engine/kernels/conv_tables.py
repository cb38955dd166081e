"""Where a convolution reads and writes: tables of positions, made once per shape.

A convolution, its gradient by the input and its gradient by the kernel are all sums of products
a[i, k]·b[k, j] in which the position of a[i, k] is a row's position plus a term's. These tables
hold those positions, so the loops in :mod:`engine.kernels.conv2d` know nothing of strides,
dilation, padding and groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.kernels.tile import ROWS, tile_width, tiles

Table = npt.NDArray[np.int64]
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


def window_axis(size: int, kernel: int, stride: int, dilation: int, padding: str) -> Axis:
    """Lay windows over an axis as TensorFlow does: ``same`` puts the odd cell at the end.

    ``out`` is zero or negative when the window does not fit.
    """
    reach = (kernel - 1) * dilation + 1
    before = after = 0
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        before, after = total // 2, total - total // 2
    elif padding == "full":
        before = after = reach - 1
    out = (size + before + after - reach) // stride + 1
    return Axis(size, out, before, after, kernel, stride, dilation)


@dataclass(frozen=True)
class Sweep:
    """Tables for one set of products; all positions count elements.

    Attributes:
        parts: one row per part: first tile, end tile, first segment, end segment, terms in a
            segment, terms altogether, and where its weights begin (in terms, all groups and panels).
        rows: where each row of a tile reads; at the end ROWS zeros.
        places: where each row of a tile writes.
        segments: where each segment begins in a and in b.
        taps: kernel cells (y, x) in the order of the terms, all parts after one another.
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
    """A two-dimensional convolution of one sample: channels last.

    Attributes:
        y, x: vertical and horizontal axis.
        channels, filters: in and out.
        groups: independent slices of channels and filters.
        itemsize: bytes of an element, which decides the width of a tile.
    """

    y: Axis
    x: Axis
    channels: int
    filters: int
    groups: int
    itemsize: int

    @property
    def is_padded(self) -> bool:
        """Whether the input must be copied into a frame of zeros."""
        return self.y.padded > self.y.size or self.x.padded > self.x.size

    @property
    def panel(self) -> int:
        """Columns of a tile."""
        return tile_width(self.itemsize)

    def panels(self, columns: int) -> int:
        """Panels that hold this many columns (channels or filters) of all groups."""
        return self.groups * -(-columns // self.groups // self.panel)

    def forward(self) -> Sweep:
        """Output pixels × filters, summed over kernel cells and channels."""
        y, x, c = self.y, self.x, self.channels
        rows = _grid(np.arange(y.out) * y.stride, np.arange(x.out) * x.stride, x.padded) * c
        places = np.arange(y.out * x.out, dtype=np.int64) * self.filters
        offsets = _grid(np.arange(y.kernel) * y.dilation, np.arange(x.kernel) * x.dilation, x.padded) * c
        return _joined([(rows, places, offsets, _grid_pairs(np.arange(y.kernel), np.arange(x.kernel)))],
                       c // self.groups, self.panel, self.panels(self.filters))  # fmt: skip

    def backward(self) -> Sweep:
        """Input pixels × channels, summed over the kernel cells that reach a pixel and the filters.

        With strides, pixels fall into classes that are reached by different cells: one part each.
        """
        frame = self.frame
        parts = []
        for pixels_y, cells_y, from_y in _classes(self.y, frame[0]):
            for pixels_x, cells_x, from_x in _classes(self.x, frame[2]):
                rows = _grid(from_y[0], from_x[0], self.frame_width) * self.filters
                places = _grid(pixels_y, pixels_x, self.x.size) * self.channels
                offsets = _grid(from_y[1], from_x[1], self.frame_width) * self.filters
                parts.append((rows, places, offsets, _grid_pairs(cells_y, cells_x)))
        return _joined(parts, self.filters // self.groups, self.panel, self.panels(self.channels))

    def gradient(self) -> tuple[Table, Table, Table]:
        """Kernel cells and channels × filters, summed over output pixels.

        Returns:
            Rows (where a kernel cell reads in the input), places (where it lies in a panel), and
            segments: one per row of output pixels.
        """
        y, x, c = self.y, self.x, self.channels
        cells = _grid(np.arange(y.kernel) * y.dilation, np.arange(x.kernel) * x.dilation, x.padded) * c
        rows = (cells[:, None] + np.arange(c // self.groups)).reshape(-1)
        places = np.arange(rows.size, dtype=np.int64) * self.panel
        line = np.arange(y.out, dtype=np.int64)
        reads = line * y.stride * x.padded * c
        weighs = line * x.out * self.panel
        return _filled(rows), _filled(places), np.stack((reads, weighs), axis=1)

    @property
    def terms(self) -> int:
        """Products in one output."""
        return self.y.kernel * self.x.kernel * self.channels // self.groups

    @property
    def lines_at_once(self) -> int:
        """Output rows that one pass of the kernel gradient covers."""
        return max(1, PIXELS_AT_ONCE // self.x.out)

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """Zeros around the output's gradient: top, bottom, left, right."""
        return (*_overhang(self.y), *_overhang(self.x))

    @property
    def frame_width(self) -> int:
        """Width of the output's gradient with its frame."""
        _, _, left, right = self.frame
        return left + self.x.out + right

    @property
    def frame_height(self) -> int:
        """Height of the output's gradient with its frame."""
        top, bottom, _, _ = self.frame
        return top + self.y.out + bottom

    @property
    def frame_size(self) -> int:
        """Elements of the output's gradient with its frame."""
        return self.frame_height * self.frame_width * self.filters

    @property
    def pixels(self) -> int:
        """Positions of the output."""
        return self.y.out * self.x.out


def _grid(down: npt.NDArray[np.int64], across: npt.NDArray[np.int64], width: int) -> Table:
    return (down.astype(np.int64)[:, None] * width + across.astype(np.int64)).reshape(-1)


def _grid_pairs(down: npt.NDArray[np.int64], across: npt.NDArray[np.int64]) -> Table:
    return np.stack(np.meshgrid(down, across, indexing="ij"), axis=-1).reshape(-1, 2).astype(np.int64)


def _filled(table: Table) -> Table:
    """Repeat the last row until the tiles are full: it is only computed more than once."""
    return np.concatenate((table, np.repeat(table[-1:], tiles(table.size) * ROWS - table.size)))


def _reached(axis: Axis) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Which output position sees input i through kernel cell k (numerator), and whether one does."""
    ahead = np.arange(axis.size)[:, None] + axis.before - np.arange(axis.kernel) * axis.dilation
    return ahead // axis.stride, ahead % axis.stride == 0


def _overhang(axis: Axis) -> tuple[int, int]:
    """How far windows over the gradient reach beyond its ends."""
    seen, exists = _reached(axis)
    found = seen[exists]
    return max(0, -int(found.min())), max(0, int(found.max()) - (axis.out - 1))


def _classes(
    axis: Axis, before: int
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]]:
    """Input positions by the kernel cells that reach them: positions, cells, (row offsets, cell offsets)."""
    seen, exists = _reached(axis)
    found = []
    for residue in range(min(axis.stride, axis.size)):
        positions = np.arange(residue, axis.size, axis.stride)
        cells = np.flatnonzero(exists[residue])[::-1]
        if cells.size:
            places = seen[np.ix_(positions, cells)] + before
            found.append((positions, cells, (places[:, 0], places[0] - places[0, 0])))
        else:
            found.append((positions, cells, (np.zeros_like(positions), cells)))
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
        rows.append(_filled(part_rows))
        places.append(_filled(part_places))
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
