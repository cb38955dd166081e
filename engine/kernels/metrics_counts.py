"""Metrics that count answers by their kind: (target, prediction, weight, sums, *constants).

Targets are vectors like the predictions, or one class number per row.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like, sigmoid

#: Predictions this close to 0 are never the answer of a row.
NOTHING = 1e-9


@inline
def truth(target: Any, i: int, j: int, columns: int) -> Any:
    """The target of a column, also where the row only tells its class number."""
    if target.shape[1] == columns:
        return float(target[i, j])
    return 1.0 if target[i, 0] == j else 0.0


@inline
def among_first(x: Any, i: int, j: int, k: int) -> bool:
    """Whether fewer than k elements of the row come before element j; of equal ones the earlier comes first."""
    before = 0
    for c in range(x.shape[1]):
        if x[i, c] > x[i, j] or (x[i, c] == x[i, j] and c < j):
            before += 1
    return before < k and x[i, j] == x[i, j]


@inline
def none_or_few_above(x: Any, i: int, label: int, k: int) -> bool:
    """Whether fewer than k elements of the row are larger than the label's; never when that one is NaN."""
    above = 0
    for c in range(x.shape[1]):
        above += 1 if x[i, c] > x[i, label] else 0
    return above < k and x[i, label] == x[i, label]


@kernel
def sparse_top_hits(target: Any, prediction: Any, weight: Any, sums: Any, k: Any) -> None:
    """Rows whose class number is among the k largest predictions."""
    hits = total = 0.0
    for i in range(prediction.shape[0]):
        if 0 <= target[i, 0] < prediction.shape[1] and none_or_few_above(prediction, i, int(target[i, 0]), int(k)):
            hits += weight[i]
        total += weight[i]
    sums[0], sums[1] = hits, total


@kernel
def top_hits(target: Any, prediction: Any, weight: Any, sums: Any, k: Any) -> None:
    """Rows whose largest target is among the k largest predictions."""
    hits = total = 0.0
    for i in range(prediction.shape[0]):
        label = 0
        for j in range(prediction.shape[1]):
            label = j if target[i, j] > target[i, label] else label
        if none_or_few_above(prediction, i, label, int(k)):
            hits += weight[i]
        total += weight[i]
    sums[0], sums[1] = hits, total


@kernel
def confusion(target: Any, prediction: Any, weight: Any, sums: Any, threshold: Any, top_k: Any, class_id: Any) -> None:
    """Sums of weights: right yes, wrong yes, wrong no. A yes lies above the threshold and among the top k (0: any).

    Only the column ``class_id`` counts, or all when it is -1.
    """
    columns = prediction.shape[1]
    first, last = (0, columns) if class_id < 0 else (int(class_id), int(class_id) + 1)
    right = wrong = missed = 0.0
    for i in range(prediction.shape[0]):
        for j in range(first, last):
            yes = prediction[i, j] > threshold
            if yes and top_k > 0:
                yes = among_first(prediction, i, j, int(top_k))
            if truth(target, i, j, columns) != 0:
                right += weight[i] if yes else 0.0
                missed += 0.0 if yes else weight[i]
            elif yes:
                wrong += weight[i]
    sums[0], sums[1], sums[2] = right, wrong, missed


@kernel
def answers(target: Any, prediction: Any, weight: Any, sums: Any, threshold: Any) -> None:
    """By column three sums of weights: right yes, yes, true. Below 0 as threshold: only a row's largest is a yes."""
    columns = prediction.shape[1]
    for place in range(3 * columns):
        sums[place] = 0
    for i in range(prediction.shape[0]):
        largest = prediction[i, 0]
        for j in range(columns):
            largest = prediction[i, j] if prediction[i, j] > largest else largest
        for j in range(columns):
            p, t = prediction[i, j], truth(target, i, j, columns)
            yes = p > threshold if threshold >= 0 else p >= largest and abs(p) > NOTHING
            if yes:
                sums[j] += weight[i] * t
                sums[columns + j] += weight[i]
            sums[2 * columns + j] += weight[i] * t


@kernel
def by_height(target: Any, prediction: Any, weight: Any, sums: Any, from_logits: Any, apart: Any) -> None:
    """Weights of true and of false targets by the interval that holds the prediction.

    n intervals of equal width divide 0 to 1, each with its upper end; the last of n + 1 places stays empty. The
    sums are (true or false, column, place), with one column for all unless ``apart`` is set.
    """
    columns = prediction.shape[1]
    groups = columns if apart > 0 else 1
    places = sums.shape[0] // (2 * groups)
    one = like(prediction[0, 0], 1)
    for place in range(sums.shape[0]):
        sums[place] = 0
    for i in range(prediction.shape[0]):
        for j in range(columns):
            p = sigmoid(prediction[i, j]) if from_logits > 0 else prediction[i, j]
            place = 0  # NaN counts as the least
            if p > 0:
                p = one if p > one else p
                place = max(ceil(p * like(p, places - 1)) - 1, 0)
            side = 0 if truth(target, i, j, columns) != 0 else 1
            sums[(side * groups + (j if apart > 0 else 0)) * places + place] += weight[i]


@kernel
def spread(target: Any, prediction: Any, weight: Any, sums: Any) -> None:
    """By column the weighted sums of target, target² and (target - prediction)²; then weights and elements."""
    columns = prediction.shape[1]
    for place in range(3 * columns + 2):
        sums[place] = 0
    for i in range(prediction.shape[0]):
        w = float(weight[i])
        for j in range(columns):
            t = float(target[i, j])
            difference = t - prediction[i, j]
            sums[j] += w * t
            sums[columns + j] += w * t * t
            sums[2 * columns + j] += w * difference * difference
        sums[3 * columns] += w
        sums[3 * columns + 1] += columns
