"""Known means and variances taken out of numbers, or put back. Samples are rows of flat numbers."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def spread_moments(mean: Any, variance: Any, table: Any, least: Any, invert: bool, middle: Any, factor: Any) -> None:
    """middle[j] = mean[table[j]]; factor[j] = 1 / max(√variance[table[j]], least), or its inverse where ``invert``."""
    one = like(least, 1)
    for j in range(table.size):
        deviation = max(like(least, sqrt(variance[table[j]])), least)
        middle[j] = mean[table[j]]
        factor[j] = deviation if invert else one / deviation


@kernel
def take_out(x: Any, middle: Any, factor: Any, y: Any) -> None:
    """y = (x - middle)·factor."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (x[i, j] - middle[j]) * factor[j]


@kernel
def put_back(x: Any, middle: Any, factor: Any, y: Any) -> None:
    """y = x·factor + middle."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] * factor[j] + middle[j]
