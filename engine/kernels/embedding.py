"""Rows of a table by their numbers, and what such a table learns from."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like


@inline
def row_of(value: Any, rows: int) -> int:
    """The whole number nearest to a value, or -1 where the table has no such row (or the value is no number)."""
    half = like(value, 0.5)
    return int(value + half) if -half <= value < like(value, rows) - half else -1


@kernel
def look_up(index: Any, table: Any, y: Any) -> None:
    """y[i] = table[index[i]]; NaN where the table has no such row, which shows at once and reads no other memory."""
    for i in range(index.shape[0]):
        row = row_of(index[i], table.shape[0])
        if row < 0:
            for j in range(y.shape[1]):
                y[i, j] = np.nan
        else:
            for j in range(y.shape[1]):
                y[i, j] = table[row, j]


@kernel
def add_rows(index: Any, dy: Any, first: int, gradient: Any) -> None:
    """gradient[r] = sum of dy[i] over all i with index[i] = first + r, in the order of i.

    Every call looks through all numbers and keeps those of its own part of the table: a part's sums have one
    order, however many threads work on other parts.
    """
    for r in range(gradient.shape[0]):
        for j in range(gradient.shape[1]):
            gradient[r, j] = 0
    low, high = like(index[0], first) - like(index[0], 0.5), like(index[0], first + gradient.shape[0])
    for i in range(index.shape[0]):
        if low <= index[i] < high:
            row = row_of(index[i], first + gradient.shape[0]) - first
            if row >= 0:
                for j in range(gradient.shape[1]):
                    gradient[row, j] += dy[i, j]


@kernel
def differs_from_zero(index: Any, mask: Any) -> None:
    """mask[i] = whether index[i] is not 0."""
    for i in range(index.shape[0]):
        mask[i] = abs(index[i]) >= like(index[0], 0.5)
