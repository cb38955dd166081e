"""What happens to gradients and weights right before an optimizer's step: limits and decay, in place."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def clip_values(gradient: Any, limit: Any) -> None:
    """g = g brought into -limit ... limit; NaN stays."""
    for i in range(gradient.size):
        g = gradient[i]
        g = limit if g > limit else g
        gradient[i] = -limit if g < -limit else g


@kernel
def square_sum(gradient: Any, total: Any) -> None:
    """total[0] = sum of g², in double precision."""
    gathered = 0.0
    for i in range(gradient.size):
        gathered += float(gradient[i]) * float(gradient[i])
    total[0] = gathered


@kernel
def shorten(gradient: Any, squares: Any, limit: Any) -> None:
    """g = g · limit / max(norm, limit), where norm² is the sum of ``squares``, added in order."""
    gathered = 0.0
    for i in range(squares.size):
        gathered += squares[i]
    norm = sqrt(gathered)
    if norm <= limit:
        return
    factor = like(limit, limit / norm)
    for i in range(gradient.size):
        gradient[i] *= factor


@kernel
def shrink(weight: Any, share: Any) -> None:
    """w -= w · share[0]."""
    part = share[0]
    for i in range(weight.size):
        weight[i] -= weight[i] * part
