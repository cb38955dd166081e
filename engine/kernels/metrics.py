"""Sums behind the metrics: (target, prediction, weight, sums), two sums in float64.

``sums[0]`` is the weighted figure, ``sums[1]`` the weight that belongs to it.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel


@inline
def row_argmax(x: Any, i: int) -> int:
    """Index of the first largest element of a row; -1 when the row holds NaN."""
    best = 0
    for j in range(x.shape[1]):
        if x[i, j] != x[i, j]:
            return -1
        if x[i, j] > x[i, best]:
            best = j
    return best


@kernel
def sparse_hits(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Rows whose largest prediction is the class number in ``target[:, 0]``."""
    hits = total = 0.0
    for i in range(prediction.shape[0]):
        hits += weight[i] if row_argmax(prediction, i) == target[i, 0] else 0.0
        total += weight[i]
    sums[0], sums[1] = hits, total


@kernel
def categorical_hits(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Rows whose largest prediction stands where the largest target stands."""
    hits = total = 0.0
    for i in range(prediction.shape[0]):
        hits += weight[i] if row_argmax(prediction, i) == row_argmax(target, i) else 0.0
        total += weight[i]
    sums[0], sums[1] = hits, total


@kernel
def binary_hits(target: Any, prediction: Any, weight: Any, sums: Any, threshold: Any) -> None:
    """Share of each row's predictions that fall on the target's side of the threshold."""
    hits = total = 0.0
    for i in range(prediction.shape[0]):
        right = 0
        for j in range(prediction.shape[1]):
            right += 1 if (1 if prediction[i, j] > threshold else 0) == target[i, j] else 0
        hits += weight[i] * right / prediction.shape[1]
        total += weight[i]
    sums[0], sums[1] = hits, total


@kernel
def absolute_errors(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of abs(target - prediction)."""
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        row = 0.0
        for j in range(prediction.shape[1]):
            row += abs(float(prediction[i, j]) - target[i, j])
        gathered += weight[i] * row / prediction.shape[1]
        total += weight[i]
    sums[0], sums[1] = gathered, total


@kernel
def squared_errors(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """Mean over columns of (target - prediction)²."""
    gathered = total = 0.0
    for i in range(prediction.shape[0]):
        row = 0.0
        for j in range(prediction.shape[1]):
            difference = float(prediction[i, j]) - target[i, j]
            row += difference * difference
        gathered += weight[i] * row / prediction.shape[1]
        total += weight[i]
    sums[0], sums[1] = gathered, total
