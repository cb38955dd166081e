"""Pooling, channels last: vectors run along the channels."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.kernels.jit import inline, kernel
from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import Writer, address_of


def _pool_window(
    typingctx: Any, x: Any, row: Any, column: Any, rows: Any, columns: Any, first: Any, across: Any, y: Any, where: Any,
    channels: Any, sample: Any, cell: Any,
) -> Any:  # fmt: skip
    """The maximum of one window and the cell it was in, for all channels.

    ``x``, ``y`` and ``where`` are addresses of the first channel; the window's ``rows`` × ``columns``
    existing cells are ``row`` and ``column`` elements apart. Cells count from ``first``, ``across`` a
    row. The first of equal cells wins, and NaN before all. ``sample`` and ``cell`` are numbers of the
    element types.
    """
    size = types.intp
    width = TILE_BYTES // 2 // (sample.bitwidth // 8)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        w = Writer(context, builder, sample, width)
        moving = ((w.number(0), w.number(width)),)
        count = builder.sdiv(builder.add(args[9], w.number(width - 1)), w.number(width))
        w.loop(count, moving, [], lambda places, sums: _write_window(w, args, context.get_value_type(cell), places[0]))
        return context.get_dummy_value()

    return types.void(*[size] * 10, sample, cell), codegen


pool_window: Any = intrinsic(_pool_window)


def _write_window(w: Writer, args: Any, cell: Any, channel: Any) -> list[Any]:
    x, row, column, rows, columns, first, across, y, where, channels = args[:10]
    # Cells are counted in integers as wide as the numbers, so that both lie in registers of one shape.
    integer = ir.IntType(8 * w.align)

    def counted(number: Any) -> Any:
        return w.spread(number if number.type == integer else w.builder.trunc(number, integer))

    for mask in w.masks(w.builder.sub(channels, channel)):

        def compared(places: list[Any], best: list[Any], mask: Any = mask) -> list[Any]:
            value = w.load(w.at(x, w.builder.add(places[0], channel)), mask)
            larger = w.builder.fcmp_ordered(">", value, best[0])
            larger = w.builder.or_(larger, w.builder.fcmp_unordered("uno", value, value))
            here = counted(places[1])
            return [w.builder.select(larger, value, best[0]), w.builder.select(larger, here, best[1])]

        def line(places: list[Any], best: list[Any]) -> list[Any]:
            moving = ((places[0], column), (places[1], w.number(1)))
            return w.loop(columns, moving, best, compared)

        least = [w.constant(float("-inf")), counted(first)]
        best, winner = w.loop(rows, ((w.number(0), row), (first, across)), least, line)
        w.store(best, w.at(y, channel), mask)
        if cell.width < integer.width:
            winner = w.builder.trunc(winner, ir.VectorType(cell, w.width))
        w.store(winner, w.builder.gep(w.builder.inttoptr(where, cell.as_pointer()), [channel]), mask)
    return []


@inline
def _first(place: Any, stride: Any, before: Any) -> Any:
    """Window cells that lie in the padding before the image."""
    return max(0, before - place * stride)


@inline
def _end(place: Any, stride: Any, before: Any, size: Any, window: Any) -> Any:
    """End of the window cells that lie in the image."""
    return min(window, size + before - place * stride)


@kernel
def max_pool(x: Any, y: Any, where: Any, height: Any, width: Any, down: Any, across: Any, top: Any, left: Any) -> None:
    """Write the maximum of each window; padding never wins, the first of equal cells does.

    Args:
        x: (samples, height, width, channels).
        y: result, likewise.
        where: which cell of the window won, counted row by row; as y.
        height: of the window.
        width: of the window.
        down: vertical stride.
        across: horizontal stride.
        top: rows of padding above.
        left: columns of padding to the left.
    """
    samples, rows, columns, channels = y.shape
    image_height, image_width = x.shape[1:3]
    for n in range(samples):
        for i in range(rows):
            first_y, end_y = _first(i, down, top), _end(i, down, top, image_height, height)
            line = n * image_height + i * down + first_y - top
            for j in range(columns):
                first_x, end_x = _first(j, across, left), _end(j, across, left, image_width, width)
                here = (line * image_width + j * across + first_x - left) * channels
                place = ((n * rows + i) * columns + j) * channels
                pool_window(
                    address_of(x, here), image_width * channels, channels, end_y - first_y, end_x - first_x,
                    first_y * width + first_x, width, address_of(y, place), address_of(where, place), channels,
                    x.dtype.type(0), where.dtype.type(0),
                )  # fmt: skip


@kernel
def max_pool_backward(
    dy: Any, where: Any, dx: Any, height: Any, width: Any, down: Any, across: Any, top: Any, left: Any
) -> None:
    """Hand every gradient to the cell that won; arguments as in :func:`max_pool`."""
    samples, rows, columns, channels = dy.shape
    zero = dy.dtype.type(0)
    for n in range(samples):
        image = dx[n].reshape(-1)
        for k in range(image.shape[0]):
            image[k] = zero
        for i in range(rows):
            first_y, end_y = _first(i, down, top), _end(i, down, top, dx.shape[1], height)
            for j in range(columns):
                first_x, end_x = _first(j, across, left), _end(j, across, left, dx.shape[2], width)
                given, winner = dy[n, i, j], where[n, i, j]
                for u in range(first_y, end_y):
                    for v in range(first_x, end_x):
                        line = dx[n, i * down + u - top, j * across + v - left]
                        cell = where.dtype.type(u * width + v)
                        for k in range(channels):
                            line[k] += given[k] if winner[k] == cell else zero
