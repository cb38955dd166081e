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
from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import address_of

#: Rows up to which tiles are faster than the library (measured: 1.1 to 3 times, the more the fewer rows).
FEW_ROWS = 128
#: Terms that a pass of wide tiles sums up: their panel of b then stays in the first-level cache.
TERMS_AT_ONCE = 256
#: Terms below which adding up a dot tile's vectors costs more than filling them.
FEWEST_DOT_TERMS = 64
#: Rows of a that stay in the first-level cache while dot tiles pass over b.
DOT_ROWS = 16


@inline
def combine(a: Any, a_row: Any, a_step: Any, terms: Any, b: Any, c: Any, fresh: Any) -> None:
    """c (+)= a·b, where row i of a begins ``i·a_row`` elements after the address ``a`` and advances by ``a_step``."""
    item, zero = c.itemsize, c.dtype.type(0)
    b_row, c_row = b.strides[0] // item, c.strides[0] // item
    rows, columns = c.shape
    for column in range(0, columns, TILE_BYTES // item):
        panel = address_of(b, column)
        i = 0
        while i < rows:
            target, left = address_of(c, i * c_row + column), rows - i
            # Rows come in sixes and fours, so that few tiles are computed for rows that do not exist.
            if left <= 4 or 7 <= left <= 8:
                low_tile(
                    a + i * a_row * item, a_row, a_step, panel, b_row, terms, target, c_row, left, columns - column,
                    fresh, zero,
                )  # fmt: skip
                i += 4
            else:
                wide_tile(
                    a + i * a_row * item, a_row, a_step, panel, b_row, terms, target, c_row, left, columns - column,
                    fresh, zero,
                )  # fmt: skip
                i += 6


@kernel
def multiply(a: Any, b: Any, c: Any) -> None:
    """c = a·b."""
    if c.shape[0] > FEW_ROWS:
        gemm(False, False, a, b, 0, c)
        return
    item = c.itemsize
    for k in range(0, a.shape[1], TERMS_AT_ONCE):
        terms = min(TERMS_AT_ONCE, a.shape[1] - k)
        combine(address_of(a, k), a.strides[0] // item, 1, terms, b[k : k + terms], c, k == 0)


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
    if a.shape[0] > 2 * TERMS_AT_ONCE:
        gemm(True, False, a, b, 0, c)
        return
    item = c.itemsize
    for first in range(0, c.shape[0], FEW_ROWS):
        part = c[first : first + FEW_ROWS]
        for k in range(0, a.shape[0], TERMS_AT_ONCE // 2):
            terms = min(TERMS_AT_ONCE // 2, a.shape[0] - k)
            start = address_of(a, k * (a.strides[0] // item) + first)
            combine(start, 1, a.strides[0] // item, terms, b[k : k + terms], part, k == 0)


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
