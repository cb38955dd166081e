"""Kernels of fully connected layers: products, bias, column sums.

Up to ``FEW_ROWS`` rows, which is what a shard has, register tiles multiply the matrices where they
lie; for more, the library routine's copies pay for themselves. A row's sum is always taken in the
same order, so below that bound its bits do not depend on its neighbours.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.dense_tile import DOT_A, DOT_B, dot_tile, low_tile, wide_tile
from engine.kernels.gemm import gemm
from engine.kernels.jit import inline, kernel
from engine.kernels.panels import pack_rows, stack_room
from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import address_of

#: Rows up to which tiles are faster than the library (measured: 1.1 to 3 times, the more the fewer rows).
FEW_ROWS = 128
#: Terms that a pass of wide tiles sums up: their panel of b then stays in the first-level cache.
TERMS_AT_ONCE = 256
#: Terms of a transposed matrix that are brought together, and the bytes of stack that they take.
TERMS_PACKED = 128
PACKED_BYTES = TERMS_PACKED * TILE_BYTES
#: Terms of aᵀ·b up to which tiles always serve, and the size of a result up to which they serve any number of
#: terms: it then stays in the first two levels of cache (measured: 1.1 to 2 times the library's speed).
FEW_TERMS, SMALL_BYTES = 512, 2**16
#: Terms below which adding up a dot tile's vectors costs more than filling them.
FEWEST_DOT_TERMS = 64
#: Rows of a that stay in the first-level cache while dot tiles pass over b.
DOT_ROWS = 16


@inline
def combine(
    a: Any, a_row: Any, a_step: Any, terms: Any, b: Any, b_row: Any, c: Any, c_row: Any, rows: Any, columns: Any,
    fresh: Any, item: Any, zero: Any,
) -> None:  # fmt: skip
    """c (+)= a·b for matrices at addresses.

    Row i of a begins ``i·a_row`` elements after ``a`` and advances by ``a_step``; rows of b and c are
    ``b_row`` and ``c_row`` elements apart. ``fresh`` forgets what c held. ``zero`` says the element
    type, ``item`` its size.
    """
    for column in range(0, columns, TILE_BYTES // item):
        i = 0
        while i < rows:
            left = rows - i
            line, target = a + i * a_row * item, c + (i * c_row + column) * item
            panel = b + column * item
            # Rows come in sixes and fours, so that few tiles are computed for rows that do not exist.
            if left <= 4 or 7 <= left <= 8:
                low_tile(line, a_row, a_step, panel, b_row, terms, target, c_row, left, columns - column, fresh, zero)
                i += 4
            else:
                wide_tile(line, a_row, a_step, panel, b_row, terms, target, c_row, left, columns - column, fresh, zero)
                i += 6


@kernel
def multiply(a: Any, b: Any, c: Any) -> None:
    """c = a·b."""
    rows, columns = c.shape
    if rows > FEW_ROWS:
        gemm(False, False, a, b, 0, c)
        return
    item, zero = c.itemsize, c.dtype.type(0)
    a_row, b_row, c_row = a.strides[0] // item, b.strides[0] // item, c.strides[0] // item
    for k in range(0, a.shape[1], TERMS_AT_ONCE):
        combine(
            address_of(a, k), a_row, 1, min(TERMS_AT_ONCE, a.shape[1] - k), address_of(b, k * b_row), b_row,
            address_of(c, 0), c_row, rows, columns, k == 0, item, zero,
        )  # fmt: skip


@kernel
def multiply_b_transposed(a: Any, b: Any, c: Any) -> None:
    """c = a·bᵀ."""
    terms = a.shape[1]
    if c.shape[0] > FEW_ROWS or terms < FEWEST_DOT_TERMS:
        gemm(False, True, a, b, 0, c)
        return
    item, zero = c.itemsize, c.dtype.type(0)
    a_row, b_row, c_row = a.strides[0] // item, b.strides[0] // item, c.strides[0] // item
    rows, columns = c.shape
    for block in range(0, rows, DOT_ROWS):
        for j in range(0, columns, DOT_B):
            for i in range(block, min(rows, block + DOT_ROWS), DOT_A):
                dot_tile(
                    address_of(a, i * a_row), a_row, rows - i, address_of(b, j * b_row), b_row, columns - j, terms,
                    address_of(c, i * c_row + j), c_row, zero,
                )  # fmt: skip


@kernel
def multiply_a_transposed(a: Any, b: Any, c: Any) -> None:
    """c = aᵀ·b; ``a`` may be a block of columns of a larger array."""
    item, zero = c.itemsize, c.dtype.type(0)
    rows, columns = c.shape
    if a.shape[0] > FEW_TERMS and rows * columns * item > SMALL_BYTES:
        gemm(True, False, a, b, 0, c)
        return
    width = TILE_BYTES // item
    a_row, b_row, c_row = a.strides[0] // item, b.strides[0] // item, c.strides[0] // item
    # Columns of a are far apart; a few of them are brought together first. All of c passes before the next
    # terms come, so rows of b leave main memory only once.
    panel = stack_room(PACKED_BYTES)
    for k in range(0, a.shape[0], TERMS_PACKED):
        terms = min(TERMS_PACKED, a.shape[0] - k)
        for first in range(0, rows, width):
            pack_rows(address_of(a, k * a_row + first), a_row, panel, width, terms, rows - first, zero)
            combine(
                panel, 1, width, terms, address_of(b, k * b_row), b_row, address_of(c, first * c_row), c_row,
                min(width, rows - first), columns, k == 0, item, zero,
            )  # fmt: skip


@kernel
def add_bias(z: Any, bias: Any) -> None:
    """z[i, j] += bias[j]."""
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]


@kernel
def column_sum(a: Any, total: Any) -> None:
    """total[j] = sum over i of a[i, j], rows in order (so the bits never change)."""
    for j in range(a.shape[1]):
        total[j] = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]
