"""Rules that weights are brought back to after an update, in place."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like


@inline
def _factor(square: Any, low: Any, high: Any, rate: Any, epsilon: Any) -> Any:
    """What a weight of this squared norm is multiplied by."""
    norm = sqrt(square)
    wanted = min(max(norm, float(low)), float(high))
    return (rate * wanted + (1.0 - rate) * norm) / (epsilon + norm)


@kernel
def rescale(weight: Any, squares: Any, low: Any, high: Any, rate: Any, epsilon: Any) -> None:
    """Bring the norms along the middle axis of (before, along, after) into low ... high; ``squares`` is scratch."""
    for i in range(weight.shape[0]):
        for k in range(weight.shape[2]):
            squares[k] = 0.0
        for j in range(weight.shape[1]):
            for k in range(weight.shape[2]):
                squares[k] += float(weight[i, j, k]) * float(weight[i, j, k])
        for k in range(weight.shape[2]):
            squares[k] = _factor(squares[k], low, high, rate, epsilon)
        for j in range(weight.shape[1]):
            for k in range(weight.shape[2]):
                weight[i, j, k] *= like(low, squares[k])


@kernel
def rescale_groups(weight: Any, group: Any, squares: Any, low: Any, high: Any, rate: Any, epsilon: Any) -> None:
    """As ``rescale``, for flat weights of which each belongs to the norm of its group."""
    for g in range(squares.size):
        squares[g] = 0.0
    for i in range(weight.size):
        squares[group[i]] += float(weight[i]) * float(weight[i])
    for g in range(squares.size):
        squares[g] = _factor(squares[g], low, high, rate, epsilon)
    for i in range(weight.size):
        weight[i] *= like(low, squares[group[i]])


@kernel
def raise_to_zero(weight: Any) -> None:
    """w = max(w, 0); NaN stays."""
    for i in range(weight.size):
        if weight[i] < 0:
            weight[i] = like(weight[i], 0)
