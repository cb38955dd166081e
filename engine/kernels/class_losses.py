"""Losses over classes, with their gradients; the interface is that of :mod:`engine.kernels.losses`."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.jit import inline, kernel
from engine.kernels.losses import clipped, inside, row_factor
from engine.kernels.math import exp, like, log
from engine.kernels.softmax import row_log_sum


@inline
def row_sum(x: Any, i: int) -> Any:
    """Sum of a row."""
    total = like(x[i, 0], 0)
    for j in range(x.shape[1]):
        total += x[i, j]
    return total


@inline
def class_of(target: Any, i: int, classes: int) -> int:
    """The class number of a row, or -1 when there is no such class."""
    label = target[i, 0]
    return int(label) if 0 <= label < classes else -1


@kernel
def categorical(
    target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any
) -> None:
    """-sum of target·log(p / sum of p)."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    keep, spread = like(zero, 1) - smoothing, smoothing / like(zero, columns)
    for i in range(prediction.shape[0]):
        inverse = like(zero, 1) / row_sum(prediction, i)
        total, pull = zero, zero
        for j in range(columns):
            p = prediction[i, j] * inverse
            t = like(zero, target[i, j]) * keep + spread
            total -= t * log(clipped(p))
            pull += t if inside(p) else zero
        factor = row_factor(weight, scale, i, zero) * inverse
        for j in range(columns):
            p = prediction[i, j] * inverse
            t = like(zero, target[i, j]) * keep + spread
            gradient[i, j] = factor * (pull - (t / p if inside(p) else zero))
        value[i] = total


@kernel
def categorical_from_logits(
    target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any
) -> None:
    """-sum of target·log(softmax(prediction))."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    keep, spread = like(zero, 1) - smoothing, smoothing / like(zero, columns)
    for i in range(prediction.shape[0]):
        level = row_log_sum(prediction, i)
        total, mass = zero, zero
        for j in range(columns):
            t = like(zero, target[i, j]) * keep + spread
            total += t * (level - prediction[i, j])
            mass += t
        factor = row_factor(weight, scale, i, zero)
        for j in range(columns):
            t = like(zero, target[i, j]) * keep + spread
            gradient[i, j] = factor * (mass * exp(prediction[i, j] - level) - t)
        value[i] = total


@kernel
def categorical_with_softmax(
    target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any, smoothing: Any
) -> None:
    """-sum of target·log(p) for p = softmax(z), gradient with respect to z: p · sum of target - target."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    keep, spread = like(zero, 1) - smoothing, smoothing / like(zero, columns)
    for i in range(prediction.shape[0]):
        factor = row_factor(weight, scale, i, zero)
        total, mass = zero, zero
        for j in range(columns):
            t = like(zero, target[i, j]) * keep + spread
            total -= t * log(clipped(prediction[i, j]))
            mass += t
        for j in range(columns):
            t = like(zero, target[i, j]) * keep + spread
            gradient[i, j] = factor * (mass * prediction[i, j] - t)
        value[i] = total


@inline
def _refuse_row(value: Any, gradient: Any, i: int) -> None:
    """NaN for a label that is no class: it shows at once and never reads foreign memory."""
    value[i] = np.nan
    for j in range(gradient.shape[1]):
        gradient[i, j] = np.nan


@kernel
def sparse(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """-log(p[label] / sum of p)."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    for i in range(prediction.shape[0]):
        label = class_of(target, i, columns)
        if label < 0:
            _refuse_row(value, gradient, i)
            continue
        inverse = like(zero, 1) / row_sum(prediction, i)
        p = prediction[i, label] * inverse
        value[i] = -log(clipped(p))
        pull = row_factor(weight, scale, i, zero) * inverse if inside(p) else zero
        for j in range(columns):
            gradient[i, j] = pull
        gradient[i, label] = pull - (pull / p if inside(p) else zero)


@kernel
def sparse_from_logits(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """-log(softmax(prediction)[label])."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    for i in range(prediction.shape[0]):
        label = class_of(target, i, columns)
        if label < 0:
            _refuse_row(value, gradient, i)
            continue
        level = row_log_sum(prediction, i)
        value[i] = level - prediction[i, label]
        factor = row_factor(weight, scale, i, zero)
        for j in range(columns):
            gradient[i, j] = factor * exp(prediction[i, j] - level)
        gradient[i, label] -= factor


@kernel
def sparse_with_softmax(target: Any, prediction: Any, weight: Any, scale: Any, value: Any, gradient: Any) -> None:
    """-log(p[label]) for p = softmax(z), gradient with respect to z: p, less 1 at the label."""
    columns = prediction.shape[1]
    zero = like(prediction[0, 0], 0)
    for i in range(prediction.shape[0]):
        label = class_of(target, i, columns)
        if label < 0:
            _refuse_row(value, gradient, i)
            continue
        value[i] = -log(clipped(prediction[i, label]))
        factor = row_factor(weight, scale, i, zero)
        for j in range(columns):
            gradient[i, j] = factor * prediction[i, j]
        gradient[i, label] -= factor
