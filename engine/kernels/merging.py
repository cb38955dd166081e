"""Arrays of one shape put together, number by number. All arrays are (rows, columns)."""

from __future__ import annotations

from math import isnan
from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def scale_shift(x: Any, scale: Any, shift: Any, y: Any) -> None:
    """y = x·scale + shift; ``y`` may be ``x``."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] * scale + shift


@kernel
def subtract(a: Any, b: Any, y: Any) -> None:
    """y = a - b."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = a[i, j] - b[i, j]


@kernel
def multiply_into(x: Any, y: Any) -> None:
    """y = y·x."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = y[i, j] * x[i, j]


@kernel
def keep_extreme(x: Any, sign: Any, y: Any) -> None:
    """y = x where sign·x is larger than sign·y, or where x is NaN."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            value, best = x[i, j], y[i, j]
            y[i, j] = value if value * sign > best * sign or isnan(value) else best


@kernel
def hand_over(x: Any, y: Any, dy: Any, dx: Any) -> None:
    """dx = dy where x is y, else 0; what was handed over is 0 in ``dy`` from then on."""
    zero = like(dy[0, 0], 0)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            won = x[i, j] == y[i, j]
            dx[i, j] = dy[i, j] if won else zero
            dy[i, j] = zero if won else dy[i, j]


@kernel
def keep_extreme_where(x: Any, mask: Any, sign: Any, taken: Any, y: Any) -> None:
    """As ``keep_extreme`` in rows that count in x; a row of y that does not count yet (``taken``) becomes that of x."""
    for i in range(y.shape[0]):
        if mask[i]:
            for j in range(y.shape[1]):
                value, best = x[i, j], y[i, j]
                wins = value * sign > best * sign or isnan(value)
                y[i, j] = value if wins or not taken[i] else best
            taken[i] = mask[i]


@kernel
def hand_over_where(x: Any, mask: Any, y: Any, dy: Any, dx: Any) -> None:
    """As ``hand_over``, in rows that count in x."""
    zero = like(dy[0, 0], 0)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            won = mask[i] and x[i, j] == y[i, j]
            dx[i, j] = dy[i, j] if won else zero
            dy[i, j] = zero if won else dy[i, j]
