"""Losses with their gradients: (target, prediction, weight, scale, value, gradient, *constants).

``value[i]`` is the loss of row i, ``gradient`` is scale·weight[i]·d value[i] / d prediction; in the
``..._with_...`` kernels it is taken with respect to the input of the activation before the loss.
Targets may have another element type than predictions. Comparisons are written so that NaN passes.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import inline, kernel
from engine.kernels.math import exp, like, log, log1p, sigmoid, sign

EPSILON = 1e-7


@inline
def row_factor(weight: Any, scale: Any, i: int, zero: Any) -> Any:
    """scale · weight of row i in the type of ``zero``."""
    return like(zero, weight[i]) * like(zero, scale[0])


@inline
def clipped(p: Any) -> Any:
    """A probability kept so far from 0 and 1 that its logarithm is finite."""
    low, high = like(p, EPSILON), like(p, 1 - EPSILON)
    p = select(p < low, low, p)
    return select(p > high, high, p)


@inline
def inside(p: Any) -> bool:
    """Whether :func:`clipped` leaves p as it is (so that a gradient flows)."""
    return bool(not (p < like(p, EPSILON) or p > like(p, 1 - EPSILON)))


@kernel
def squared_error(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of (target - prediction)²."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    share = like(zero, 1 / columns)
    for i in range(prediction.shape[0]):
        slope = row_factor(weight, scale, i, zero) * share * like(zero, 2)
        total = zero
        for j in range(columns):
            difference = prediction[i, j] - like(zero, target[i, j])
            total += difference * difference
            gradient[i, j] = slope * difference
        value[i] = total * share


@kernel
def absolute_error(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of abs(target - prediction)."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    share = like(zero, 1 / columns)
    for i in range(prediction.shape[0]):
        slope = row_factor(weight, scale, i, zero) * share
        total = zero
        for j in range(columns):
            difference = prediction[i, j] - like(zero, target[i, j])
            total += abs(difference)
            gradient[i, j] = slope * sign(difference)
        value[i] = total * share


@kernel
def binary(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any) -> None:
    """Mean over columns of -t·log(p) - (1-t)·log(1-p)."""
    columns = prediction.shape[1]
    zero, one = like(prediction[0, 0], 0), like(prediction[0, 0], 1)
    share = like(zero, 1 / columns)
    keep, spread = one - smoothing, smoothing * like(zero, 0.5)
    for i in range(prediction.shape[0]):
        slope = row_factor(weight, scale, i, zero) * share
        total = zero
        for j in range(columns):
            p = clipped(prediction[i, j])
            t = like(zero, target[i, j]) * keep + spread
            total -= t * log(p) + (one - t) * log(one - p)
            gradient[i, j] = slope * (p - t) / (p * (one - p)) if inside(prediction[i, j]) else zero
        value[i] = total * share


@kernel
def binary_from_logits(
    target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any
) -> None:
    """Mean over columns of the same with p = sigmoid(z): max(z, 0) - z·t + log(1 + e^-abs(z))."""
    columns = prediction.shape[1]
    zero, one = like(prediction[0, 0], 0), like(prediction[0, 0], 1)
    share = like(zero, 1 / columns)
    keep, spread = one - smoothing, smoothing * like(zero, 0.5)
    for i in range(prediction.shape[0]):
        slope = row_factor(weight, scale, i, zero) * share
        total = zero
        for j in range(columns):
            z = prediction[i, j]
            t = like(zero, target[i, j]) * keep + spread
            total += select(z < zero, zero, z) - z * t + log1p(exp(-abs(z)))
            gradient[i, j] = slope * (sigmoid(z) - t)
        value[i] = total * share


@kernel
def binary_with_sigmoid(
    target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any
) -> None:
    """As ``binary`` for p = sigmoid(z), gradient with respect to z: (p - t) / columns."""
    columns = prediction.shape[1]
    zero, one = like(prediction[0, 0], 0), like(prediction[0, 0], 1)
    share = like(zero, 1 / columns)
    keep, spread = one - smoothing, smoothing * like(zero, 0.5)
    for i in range(prediction.shape[0]):
        slope = row_factor(weight, scale, i, zero) * share
        total = zero
        for j in range(columns):
            p = clipped(prediction[i, j])
            t = like(zero, target[i, j]) * keep + spread
            total -= t * log(p) + (one - t) * log(one - p)
            gradient[i, j] = slope * (prediction[i, j] - t)
        value[i] = total * share
