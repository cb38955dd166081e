"""Pooling, channels last: every pass runs along the channels, so it vectorizes."""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import inline, kernel


@inline
def _first(place: Any, stride: Any, before: Any) -> Any:
    """Window cells that lie in the padding before the image."""
    return max(0, before - place * stride)


@inline
def _end(place: Any, stride: Any, before: Any, size: Any, window: Any) -> Any:
    """End of the window cells that lie in the image."""
    return min(window, size + before - place * stride)


@inline
def _compare(line: Any, best: Any, where: Any, cell: Any) -> None:
    """Keep the larger of ``line`` and ``best``, and in which cell it was; NaN counts as largest."""
    for k in range(best.shape[0]):
        value, old = line[k], best[k]
        larger = (value > old) | (value != value)  # noqa: PLR0124  (NaN, in a form that vectorizes)
        best[k] = select(larger, value, old)
        where[k] = select(larger, cell, where[k])


@kernel
def max_pool(x: Any, y: Any, where: Any, height: Any, width: Any, down: Any, across: Any, top: Any, left: Any) -> None:
    """Y = maximum of each window; padding never wins, the first of equal cells does.

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
    for n in range(samples):
        for i in range(rows):
            first_y, end_y = _first(i, down, top), _end(i, down, top, x.shape[1], height)
            for j in range(columns):
                first_x, end_x = _first(j, across, left), _end(j, across, left, x.shape[2], width)
                best, winner = y[n, i, j], where[n, i, j]
                line = x[n, i * down + first_y - top, j * across + first_x - left]
                cell = where.dtype.type(first_y * width + first_x)
                for k in range(channels):
                    best[k] = line[k]
                    winner[k] = cell
                for u in range(first_y, end_y):
                    for v in range(first_x, end_x):
                        if u > first_y or v > first_x:
                            line = x[n, i * down + u - top, j * across + v - left]
                            _compare(line, best, winner, where.dtype.type(u * width + v))


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
