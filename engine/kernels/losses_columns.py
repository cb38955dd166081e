"""Losses that are a mean or a sum over columns of one formula in target and prediction.

The interface is that of :mod:`engine.kernels.losses`. Each formula gives its value and its slope
with respect to the prediction; metrics use the same formulas for the value alone. Comparisons are
written so that NaN reaches both.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import inline, kernel, scalar
from engine.kernels.losses import EPSILON, row_factor
from engine.kernels.math import exp, like, log, log1p, sigmoid, sign, tanh

#: Least base of a power, so that its logarithm is finite: 0 to any power above 0 is still 0 in effect.
LEAST_BASE = 1e-30


@inline
def over_columns(
    formula: Any,
    share: Any,
    target: Any,
    prediction: Any,
    weight: Any,
    scale: Any,
    value: Any,
    gradient: Any,
    constants: Any,
) -> None:
    """value[i] = share · sum over columns of formula(target, prediction, *constants), with the gradient."""
    zero = like(prediction[0, 0], 0)
    part = like(zero, share)
    for i in range(prediction.shape[0]):
        factor = row_factor(weight, scale, i, zero) * part
        total = zero
        for j in range(prediction.shape[1]):
            loss, slope = formula(like(zero, target[i, j]), prediction[i, j], *constants)
            total += loss
            gradient[i, j] = factor * slope
        value[i] = total * part


@scalar
def at_least(x: Any, low: Any) -> Any:
    """x, but not below ``low``; NaN stays."""
    return select(x < low, low, x)


@scalar
def half_square_of(t: Any, p: Any) -> Any:
    """(t - p)² / 2."""
    difference = p - t
    return like(p, 0.5) * difference * difference, difference


@scalar
def percentage_of(t: Any, p: Any) -> Any:
    """100·abs(t - p) / max(abs(t), 1e-7)."""
    factor = like(p, 100) / at_least(abs(t), like(p, EPSILON))
    return abs(p - t) * factor, sign(p - t) * factor


@scalar
def logarithmic_of(t: Any, p: Any) -> Any:
    """(log(1 + max(p, 1e-7)) - log(1 + max(t, 1e-7)))²."""
    low = like(p, EPSILON)
    kept = at_least(p, low)
    difference = log1p(kept) - log1p(at_least(t, low))
    slope = like(p, 2) * difference / (like(p, 1) + kept)
    return difference * difference, select(p < low, like(p, 0), slope)


@scalar
def side_of(t: Any) -> Any:
    """The target of a hinge: 0 means -1, all else stays."""
    return select(t == like(t, 0), like(t, -1), t)


@scalar
def hinge_of(t: Any, p: Any) -> Any:
    """max(1 - t·p, 0)."""
    side, zero = side_of(t), like(p, 0)
    margin = like(p, 1) - side * p
    slope = select(margin > zero, -side, select(margin <= zero, zero, margin))
    return select(margin < zero, zero, margin), slope


@scalar
def squared_hinge_of(t: Any, p: Any) -> Any:
    """max(1 - t·p, 0)²."""
    side = side_of(t)
    margin = at_least(like(p, 1) - side * p, like(p, 0))
    return margin * margin, like(p, -2) * side * margin


@scalar
def divergence_of(t: Any, p: Any) -> Any:
    """t·log(t / p), both kept between 1e-7 and 1."""
    low, one = like(p, EPSILON), like(p, 1)
    truth, kept = at_least(t, low), at_least(p, low)
    truth, kept = select(truth > one, one, truth), select(kept > one, one, kept)
    slope = select(p < low, like(p, 0), select(p > one, like(p, 0), -truth / kept))
    return truth * log(truth / kept), slope


@scalar
def poisson_of(t: Any, p: Any) -> Any:
    """p - t·log(p + 1e-7)."""
    moved = p + like(p, EPSILON)
    return p - t * log(moved), like(p, 1) - t / moved


@scalar
def huber_of(t: Any, p: Any, delta: Any) -> Any:
    """e² / 2 for abs(e) <= delta, else delta·abs(e) - delta² / 2, of e = p - t."""
    e, half = p - t, like(p, 0.5)
    size = abs(e)
    near = size <= delta
    value = select(near, half * e * e, delta * size - half * delta * delta)
    return value, select(near, e, delta * sign(e))


@scalar
def log_cosh_of(t: Any, p: Any) -> Any:
    """log(cosh(p - t)) = abs(e) + log(1 + e^(-2·abs(e))) - log(2)."""
    e = p - t
    size = abs(e)
    return size + log1p(exp(like(p, -2) * size)) - like(p, 0.6931471805599453), tanh(e)


@scalar
def power(base: Any, exponent: Any) -> Any:
    """base^exponent for a base from 0 to 1 and an exponent from 0."""
    return exp(exponent * log(at_least(base, like(base, LEAST_BASE))))


@scalar
def focal_of(t: Any, p: Any, gamma: Any, positive: Any, negative: Any, smoothing: Any) -> Any:
    """w·q^gamma·(-t·log(p) - (1-t)·log(1-p)), q = t·(1-p) + (1-t)·p, w = t·positive + (1-t)·negative.

    Inside the logarithms p is kept between 1e-7 and 1 - 1e-7.
    """
    one = like(p, 1)
    t = t * (one - smoothing) + smoothing * like(p, 0.5)
    low, high = like(p, EPSILON), like(p, 1 - EPSILON)
    kept = at_least(p, low)
    kept = select(kept > high, high, kept)
    entropy = -(t * log(kept) + (one - t) * log(one - kept))
    rise = (kept - t) / (kept * (one - kept))
    rise = select(p < low, like(p, 0), select(p > high, like(p, 0), rise))
    q = t * (one - p) + (one - t) * p
    focus = power(q, gamma)
    bend = gamma * focus / at_least(q, like(p, LEAST_BASE)) * (one - t - t)
    share = t * positive + (one - t) * negative
    return share * focus * entropy, share * (bend * entropy + focus * rise)


@scalar
def focal_of_logit(t: Any, z: Any, gamma: Any, positive: Any, negative: Any, smoothing: Any) -> Any:
    """The same of p = sigmoid(z), with the slope with respect to z."""
    p = sigmoid(z)
    value, slope = focal_of(t, p, gamma, positive, negative, smoothing)
    return value, slope * p * (like(z, 1) - p)


@kernel
def quadratic(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Sum over columns of (target - prediction)² / 2."""
    over_columns(half_square_of, 1.0, target, prediction, weight, scale, value, gradient, ())


@kernel
def percentage_error(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of 100·abs(target - prediction) / abs(target)."""
    over_columns(percentage_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def logarithmic_error(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of (log(1 + prediction) - log(1 + target))²."""
    over_columns(logarithmic_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def hinge(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of max(1 - target·prediction, 0)."""
    over_columns(hinge_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def squared_hinge(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of max(1 - target·prediction, 0)²."""
    over_columns(squared_hinge_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def divergence(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Sum over columns of target·log(target / prediction)."""
    over_columns(divergence_of, 1.0, target, prediction, weight, scale, value, gradient, ())


@kernel
def poisson(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of prediction - target·log(prediction)."""
    over_columns(poisson_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def huber(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, delta: Any) -> None:
    """Mean over columns of a square for small errors that goes on as a straight line."""
    over_columns(huber_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, (delta,))


@kernel
def log_cosh(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """Mean over columns of log(cosh(prediction - target))."""
    over_columns(log_cosh_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, ())


@kernel
def binary_focal(
    target: Any,
    prediction: Any,
    weight: Any,
    scale: Any,
    value: Any,
    gradient: Any,
    gamma: Any,
    positive: Any,
    negative: Any,
    smoothing: Any,
) -> None:
    """Mean over columns of binary cross-entropy, easy answers counting less."""
    constants = (gamma, positive, negative, smoothing)
    over_columns(focal_of, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, constants)


@kernel
def binary_focal_from_logits(
    target: Any,
    prediction: Any,
    weight: Any,
    scale: Any,
    value: Any,
    gradient: Any,
    gamma: Any,
    positive: Any,
    negative: Any,
    smoothing: Any,
) -> None:
    """The same from scores before a sigmoid."""
    constants = (gamma, positive, negative, smoothing)
    over_columns(focal_of_logit, 1 / prediction.shape[1], target, prediction, weight, scale, value, gradient, constants)
