"""Metrics that are weighted means over rows; the interface is that of :mod:`engine.kernels.metrics`.

A row's figure is computed in the type of the predictions, as the loss of that name does it, and
rows are added up in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.class_losses import class_of, row_sum
from engine.kernels.jit import inline, kernel, scalar
from engine.kernels.losses import clipped
from engine.kernels.losses_columns import (
    at_least,
    divergence_of,
    hinge_of,
    log_cosh_of,
    logarithmic_of,
    percentage_of,
    poisson_of,
    squared_hinge_of,
)
from engine.kernels.losses_rows import class_margin, inverse_norm, row_dot
from engine.kernels.math import exp, like, log, log1p
from engine.kernels.softmax import row_log_sum


@inline
def over_columns(
    formula: Any, share: Any, target: Any, prediction: Any, weight: Any, sums: Any, constants: Any
) -> None:
    """Weighted sum over rows of share · sum over columns of a loss's formula, and the weights' sum."""
    zero = like(prediction[0, 0], 0)
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        row = zero
        for j in range(prediction.shape[1]):
            loss, _ = formula(like(zero, target[i, j]), prediction[i, j], *constants)
            row += loss
        gathered += float(weight[i]) * float(row) * share
        total += weight[i]
    sums[0], sums[1] = gathered, total


@scalar
def entropy_of(t: Any, p: Any, smoothing: Any) -> Any:
    """-t·log(p) - (1-t)·log(1-p)."""
    one = like(p, 1)
    t = t * (one - smoothing) + smoothing * like(p, 0.5)
    kept = clipped(p)
    return -(t * log(kept) + (one - t) * log(one - kept)), one


@scalar
def entropy_of_logit(t: Any, z: Any, smoothing: Any) -> Any:
    """The same with p = sigmoid(z)."""
    t = t * (like(z, 1) - smoothing) + smoothing * like(z, 0.5)
    return at_least(z, like(z, 0)) - z * t + log1p(exp(-abs(z))), t


@kernel
def percentage_errors(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of 100·abs(target - prediction) / abs(target)."""
    over_columns(percentage_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def logarithmic_errors(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of (log(1 + prediction) - log(1 + target))²."""
    over_columns(logarithmic_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def hinges(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of max(1 - target·prediction, 0)."""
    over_columns(hinge_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def squared_hinges(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of max(1 - target·prediction, 0)²."""
    over_columns(squared_hinge_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def divergences(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Sum over columns of target·log(target / prediction)."""
    over_columns(divergence_of, 1.0, target, prediction, weight, sums, ())


@kernel
def poissons(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of prediction - target·log(prediction)."""
    over_columns(poisson_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def log_coshes(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of log(cosh(prediction - target))."""
    over_columns(log_cosh_of, 1 / prediction.shape[1], target, prediction, weight, sums, ())


@kernel
def binary_entropies(target: Any, prediction: Any, weight: Any, sums: Any, smoothing: Any) -> None:
    """Mean over columns of -t·log(p) - (1-t)·log(1-p)."""
    over_columns(entropy_of, 1 / prediction.shape[1], target, prediction, weight, sums, (smoothing,))


@kernel
def binary_entropies_from_logits(target: Any, prediction: Any, weight: Any, sums: Any, smoothing: Any) -> None:
    """The same from scores before a sigmoid."""
    over_columns(entropy_of_logit, 1 / prediction.shape[1], target, prediction, weight, sums, (smoothing,))


@kernel
def cosines(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Cosine of the angle between the rows."""
    zero = like(prediction[0, 0], 0)
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        lengths = inverse_norm(target, i, zero) * inverse_norm(prediction, i, zero)
        gathered += float(weight[i]) * float(row_dot(target, prediction, i, zero) * lengths)
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def categorical_hinges(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """max(largest wrong score - right score + 1, 0)."""
    zero = like(prediction[0, 0], 0)
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        gathered += float(weight[i]) * float(at_least(class_margin(target, prediction, i, zero), zero))
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def categorical_entropies(target: Any, prediction: Any, weight: Any, sums: Any, smoothing: Any) -> None:
    """-sum of target·log(p / sum of p)."""
    zero = like(prediction[0, 0], 0)
    keep, spread = like(zero, 1) - smoothing, smoothing / like(zero, prediction.shape[1])
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        inverse, row = like(zero, 1) / row_sum(prediction, i), zero
        for j in range(prediction.shape[1]):
            row -= (like(zero, target[i, j]) * keep + spread) * log(clipped(prediction[i, j] * inverse))
        gathered += float(weight[i]) * float(row)
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def categorical_entropies_from_logits(target: Any, prediction: Any, weight: Any, sums: Any, smoothing: Any) -> None:
    """-sum of target·log(softmax(prediction))."""
    zero = like(prediction[0, 0], 0)
    keep, spread = like(zero, 1) - smoothing, smoothing / like(zero, prediction.shape[1])
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        level, row = row_log_sum(prediction, i), zero
        for j in range(prediction.shape[1]):
            row += (like(zero, target[i, j]) * keep + spread) * (level - prediction[i, j])
        gathered += float(weight[i]) * float(row)
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def sparse_entropies(target: Any, prediction: Any, weight: Any, sums: Any, ignored: Any) -> None:
    """-log(p[label] / sum of p); labels equal to ``ignored`` do not count, labels that are no class give NaN."""
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        if target[i, 0] == ignored:
            continue
        label = class_of(target, i, prediction.shape[1])
        row = -log(clipped(prediction[i, label] / row_sum(prediction, i))) if label >= 0 else like(weight[i], np.nan)
        gathered += float(weight[i]) * float(row)
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def sparse_entropies_from_logits(target: Any, prediction: Any, weight: Any, sums: Any, ignored: Any) -> None:
    """-log(softmax(prediction)[label]), with the same rules."""
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        if target[i, 0] == ignored:
            continue
        label = class_of(target, i, prediction.shape[1])
        row = row_log_sum(prediction, i) - prediction[i, label] if label >= 0 else like(weight[i], np.nan)
        gathered += float(weight[i]) * float(row)
        total += weight[i]
    sums[0], sums[1] = gathered, total
