"""Losses that look at a whole row at once; the interface is that of :mod:`engine.kernels.losses`."""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.class_losses import row_sum
from engine.kernels.jit import inline, kernel
from engine.kernels.losses import EPSILON, clipped, inside, row_factor
from engine.kernels.losses_columns import at_least, power
from engine.kernels.math import exp, like, log
from engine.kernels.softmax import row_log_sum


@inline
def inverse_norm(x: Any, i: int, zero: Any) -> Any:
    """1 / length of a row, at most 1e7."""
    total = zero
    for j in range(x.shape[1]):
        total += like(zero, x[i, j]) * like(zero, x[i, j])
    inverse = like(zero, 1) / total**0.5
    most = like(zero, 1 / EPSILON)
    return like(zero, select(inverse > most, most, like(zero, inverse)))


@inline
def row_dot(a: Any, b: Any, i: int, zero: Any) -> Any:
    """Sum of the products of two rows."""
    total = zero
    for j in range(b.shape[1]):
        total += like(zero, a[i, j]) * like(zero, b[i, j])
    return total


@kernel
def cosine(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """-cosine of the angle between the rows."""
    zero = like(prediction[0, 0], 0)
    most = like(zero, 1 / EPSILON)
    for i in range(prediction.shape[0]):
        truth, size = inverse_norm(target, i, zero), inverse_norm(prediction, i, zero)
        alike = row_dot(target, prediction, i, zero) * truth * size
        factor = row_factor(weight, scale, i, zero) * size
        # A row too short to be brought to length 1 is only multiplied, so its length counts.
        turn = select(size < most, alike * size, select(size >= most, zero, size))
        for j in range(prediction.shape[1]):
            gradient[i, j] = factor * (turn * prediction[i, j] - like(zero, target[i, j]) * truth)
        value[i] = -alike


@inline
def strongest_wrong(target: Any, prediction: Any, i: int, zero: Any) -> int:
    """Column with the largest (1 - target)·prediction."""
    best, largest = 0, (like(zero, 1) - like(zero, target[i, 0])) * prediction[i, 0]
    for j in range(1, prediction.shape[1]):
        score = (like(zero, 1) - like(zero, target[i, j])) * prediction[i, j]
        if score > largest:
            best, largest = j, score
    return best


@inline
def class_margin(target: Any, prediction: Any, i: int, zero: Any) -> Any:
    """Largest (1 - target)·prediction - sum of target·prediction + 1."""
    best = strongest_wrong(target, prediction, i, zero)
    wrong = (like(zero, 1) - like(zero, target[i, best])) * prediction[i, best]
    return wrong - row_dot(target, prediction, i, zero) + like(zero, 1)


@kernel
def categorical_hinge(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """max(largest wrong score - right score + 1, 0)."""
    zero, one = like(prediction[0, 0], 0), like(prediction[0, 0], 1)
    for i in range(prediction.shape[0]):
        best = strongest_wrong(target, prediction, i, zero)
        margin = class_margin(target, prediction, i, zero)
        factor = row_factor(weight, scale, i, zero) * select(margin > zero, one, select(margin <= zero, zero, margin))
        for j in range(prediction.shape[1]):
            gradient[i, j] = -factor * like(zero, target[i, j])
        gradient[i, best] += factor * (one - like(zero, target[i, best]))
        value[i] = at_least(margin, zero)


@inline
def focal_row(target: Any, gradient: Any, i: int, alpha: Any, gamma: Any, smoothing: Any) -> Any:
    """Value of a row whose probabilities stand in ``gradient``; leaves the slopes by probability there.

    Returns:
        The value, and the sum over columns of probability · slope.
    """
    columns = gradient.shape[1]
    zero, one = like(gradient[0, 0], 0), like(gradient[0, 0], 1)
    keep, spread = one - smoothing, smoothing / like(zero, columns)
    total, pull = zero, zero
    for j in range(columns):
        share = gradient[i, j]
        p = clipped(share)
        t = alpha * (like(zero, target[i, j]) * keep + spread)
        level, rest = log(p), one - p
        focus = power(rest, gamma)
        total -= t * focus * level
        slope = t * (gamma * focus / rest * level - focus / p) if inside(share) else zero
        pull += share * slope
        gradient[i, j] = slope
    return total, pull


@kernel
def categorical_focal(
    target: Any,
    prediction: Any,
    weight: Any,
    scale: Any,
    value: Any,
    gradient: Any,
    alpha: Any,
    gamma: Any,
    smoothing: Any,
) -> None:
    """-sum of alpha·(1-p)^gamma·target·log(p), p divided by its sum."""
    zero = like(prediction[0, 0], 0)
    for i in range(prediction.shape[0]):
        inverse = like(zero, 1) / row_sum(prediction, i)
        for j in range(prediction.shape[1]):
            gradient[i, j] = prediction[i, j] * inverse
        value[i], pull = focal_row(target, gradient, i, alpha, gamma, smoothing)
        factor = row_factor(weight, scale, i, zero) * inverse
        for j in range(prediction.shape[1]):
            gradient[i, j] = factor * (gradient[i, j] - pull)


@kernel
def categorical_focal_from_logits(
    target: Any,
    prediction: Any,
    weight: Any,
    scale: Any,
    value: Any,
    gradient: Any,
    alpha: Any,
    gamma: Any,
    smoothing: Any,
) -> None:
    """The same of p = softmax(prediction)."""
    zero = like(prediction[0, 0], 0)
    for i in range(prediction.shape[0]):
        level = row_log_sum(prediction, i)
        for j in range(prediction.shape[1]):
            gradient[i, j] = exp(prediction[i, j] - level)
        value[i], pull = focal_row(target, gradient, i, alpha, gamma, smoothing)
        factor = row_factor(weight, scale, i, zero)
        for j in range(prediction.shape[1]):
            gradient[i, j] = factor * exp(prediction[i, j] - level) * (gradient[i, j] - pull)
