"""Pictures seen through an affine map, and the maps that chance makes of a sample's numbers.

A map (a0, a1, a2, b0, b1, b2) says where the pixel in row r and column q takes its value from: column
a0·q + a1·r + a2 and row b0·q + b1·r + b2 of the source. Maps are in double precision, whatever the pictures are.
"""

from __future__ import annotations

from math import cos, floor, pi, sin
from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like

#: What lies outside a picture, by number.
CONSTANT, NEAREST, REFLECT, WRAP = range(4)


@inline
def within(place: int, size: int, fill: int) -> Any:
    """The place that stands for one outside the picture; -1 where the constant does."""
    if 0 <= place < size:
        return place
    if fill == NEAREST:
        return 0 if place < 0 else size - 1
    if fill == REFLECT:  # d c b a | a b c d | d c b a
        turn = place % (2 * size)
        return turn if turn < size else 2 * size - 1 - turn
    return place % size if fill == WRAP else -1


@inline
def cell(row: int, column: int, map: Any, blend: bool) -> Any:
    """Upper left source pixel (row, column), and the shares of the row below it and the column right of it."""
    across = map[0] * column + map[1] * row + map[2]
    down = map[3] * column + map[4] * row + map[5]
    if not blend:  # halves are rounded up
        return floor(down + 0.5), floor(across + 0.5), 0.0, 0.0
    top, left = floor(down), floor(across)
    return top, left, down - top, across - left


@kernel
def warp(x: Any, maps: Any, blend: bool, fill: int, value: Any, y: Any) -> None:
    """y[i] = x[i] through maps[i].

    Args:
        x: (rows, height, width, channels).
        maps: float64 (rows, 6).
        blend: bilinear between the middles of pixels; else the nearest pixel.
        fill: what lies outside; with ``CONSTANT`` it is ``value``.
        value: in x's element type.
        y: (rows, height', width', channels).
    """
    zero, channels = like(value, 0), x.shape[3]
    for i in range(y.shape[0]):
        for r in range(y.shape[1]):
            for q in range(y.shape[2]):
                top, left, below, right = cell(r, q, maps[i], blend)
                target = y[i, r, q]
                for c in range(channels):
                    target[c] = zero
                for corner in range(4):
                    v, u = corner // 2, corner % 2
                    share = (below if v else 1 - below) * (right if u else 1 - right)
                    if share == 0:
                        continue
                    weight = like(value, share)
                    p, s = within(top + v, x.shape[1], fill), within(left + u, x.shape[2], fill)
                    if p < 0 or s < 0:
                        for c in range(channels):
                            target[c] += weight * value
                    else:
                        source = x[i, p, s]
                        for c in range(channels):
                            target[c] += weight * source[c]


@kernel
def warp_back(dy: Any, maps: Any, blend: bool, fill: int, value: Any, dx: Any) -> None:
    """Hand every gradient to the pixels that its value was made of; arguments as in :func:`warp`."""
    zero, channels = like(value, 0), dx.shape[3]
    for i in range(dx.shape[0]):
        for r in range(dx.shape[1]):
            for q in range(dx.shape[2]):
                for c in range(channels):
                    dx[i, r, q, c] = zero
        for r in range(dy.shape[1]):
            for q in range(dy.shape[2]):
                top, left, below, right = cell(r, q, maps[i], blend)
                for corner in range(4):
                    v, u = corner // 2, corner % 2
                    share = (below if v else 1 - below) * (right if u else 1 - right)
                    p, s = within(top + v, dx.shape[1], fill), within(left + u, dx.shape[2], fill)
                    if share == 0 or p < 0 or s < 0:
                        continue
                    weight, source, target = like(value, share), dy[i, r, q], dx[i, p, s]
                    for c in range(channels):
                        target[c] += weight * source[c]


@inline
def put(map: Any, a0: Any, a1: Any, a2: Any, b0: Any, b1: Any, b2: Any) -> None:
    """Write one map."""
    map[0], map[1], map[2], map[3], map[4], map[5] = a0, a1, a2, b0, b1, b2


@kernel
def turn_maps(drawn: Any, height: int, width: int, maps: Any) -> None:
    """Turned around the picture's middle by drawn[i, 0] full circles."""
    middle, centre = 0.5 * (width - 1), 0.5 * (height - 1)
    for i in range(maps.shape[0]):
        c, s = cos(2 * pi * drawn[i, 0]), sin(2 * pi * drawn[i, 0])
        put(maps[i], c, -s, middle - middle * c + centre * s, s, c, centre - middle * s - centre * c)


@kernel
def shift_maps(drawn: Any, height: int, width: int, maps: Any) -> None:
    """Moved down by drawn[i, 0] heights and right by drawn[i, 1] widths."""
    for i in range(maps.shape[0]):
        put(maps[i], 1.0, 0.0, -drawn[i, 1] * width, 0.0, 1.0, -drawn[i, 0] * height)


@kernel
def zoom_maps(drawn: Any, height: int, width: int, maps: Any) -> None:
    """Source pixels drawn[i, 0] apart down and drawn[i, 1] across, around the middle: above 1 the picture shrinks."""
    last = drawn.shape[1] - 1
    for i in range(maps.shape[0]):
        down, across = drawn[i, 0], drawn[i, last]
        put(maps[i], across, 0.0, 0.5 * (width - 1) * (1 - across), 0.0, down, 0.5 * (height - 1) * (1 - down))


@kernel
def shear_maps(drawn: Any, height: int, width: int, maps: Any) -> None:
    """Rows moved by drawn[i, 0] of their number and columns by drawn[i, 1], both turned where drawn[i, 2] > 1/2."""
    for i in range(maps.shape[0]):
        sign = -1.0 if drawn[i, 2] > 0.5 else 1.0
        put(maps[i], 1.0, sign * drawn[i, 0], 0.0, sign * drawn[i, 1], 1.0, 0.0)


@kernel
def flip_maps(drawn: Any, height: int, width: int, down: bool, across: bool, maps: Any) -> None:
    """Mirrored where drawn[i, 0] ≤ 1/2."""
    for i in range(maps.shape[0]):
        turned = drawn[i, 0] <= 0.5
        if turned and across:
            put(maps[i], -1.0, 0.0, width - 1.0, 0.0, 1.0, 0.0)
        else:
            put(maps[i], 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        if turned and down:
            maps[i, 4], maps[i, 5] = -1.0, height - 1.0


@kernel
def cut_maps(drawn: Any, height: int, width: int, maps: Any) -> None:
    """Windows that begin in row floor(drawn[i, 0]) and column floor(drawn[i, 1])."""
    for i in range(maps.shape[0]):
        put(maps[i], 1.0, 0.0, floor(drawn[i, 1]), 0.0, 1.0, floor(drawn[i, 0]))
