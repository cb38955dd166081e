"""Masks: which rows count. One byte per row, 1 for what counts and 0 for padding."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def differs(x: Any, value: Any, y: Any, mask: Any) -> None:
    """mask[i] = whether any number of row i differs from ``value``; rows where none does become 0 in ``y``."""
    for i in range(x.shape[0]):
        found = 0
        for j in range(x.shape[1]):
            found |= x[i, j] != value
        mask[i] = found
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] if found else x.dtype.type(0)


@kernel
def keep_rows(source: Any, mask: Any, target: Any) -> None:
    """target[i] = source[i] where the mask is 1, else 0; ``target`` may be ``source``."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, j] if mask[i] else target.dtype.type(0)


@kernel
def fill_rows(source: Any, mask: Any, value: Any, target: Any) -> None:
    """target[i] = source[i] where the mask is 1, else the value."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, j] if mask[i] else value


@kernel
def union(mask: Any, total: Any) -> None:
    """total = total or mask."""
    for i in range(total.shape[0]):
        total[i] |= mask[i]


@kernel
def copy_mask(mask: Any, total: Any) -> None:
    """total = mask."""
    for i in range(total.shape[0]):
        total[i] = mask[i]


@kernel
def or_none(mask: Any, total: Any, found: Any) -> None:
    """found = mask, and 1 where ``total`` is 0."""
    for i in range(found.shape[0]):
        found[i] = mask[i] | (1 - total[i])


@kernel
def spread_mask(mask: Any, inner: int, total: Any) -> None:
    """total[i·inner + k] = mask[i]: one byte per step, spread over the rows that belong to it."""
    for i in range(mask.shape[0]):
        for k in range(inner):
            total[i * inner + k] = mask[i]


@kernel
def ignore_label(target: Any, mask: Any, label: Any, wanted: Any, counted: Any) -> None:
    """counted = mask and target != label; ``wanted`` = target with 0 in place of that label."""
    for i in range(counted.shape[0]):
        other = target[i, 0] != label
        counted[i] = mask[i] if other else np.uint8(0)
        wanted[i, 0] = target[i, 0] if other else like(label, 0)


@kernel
def count_valid(mask: Any, count: Any) -> None:
    """count[0] = number of rows that count."""
    found = 0
    for i in range(mask.shape[0]):
        found += mask[i]
    count[0] = found


@kernel
def masked_weights(weight: Any, mask: Any, counts: Any, total: Any, target: Any) -> None:
    """target = weight·mask·total / (rows that count in all shards), so that a mean is over what counts.

    Where nothing counts, all weights are 0. Source: Keras 3, ``keras.losses.Loss``.
    """
    valid = 0.0
    for s in range(counts.shape[0]):
        valid += counts[s]
    factor = target.dtype.type(total / valid if valid > 0.0 else 0.0)
    for i in range(target.shape[0]):
        target[i] = weight[i] * factor if mask[i] else target.dtype.type(0)


@kernel
def weights_where(weight: Any, mask: Any, target: Any) -> None:
    """target = weight where the mask is 1, else 0."""
    for i in range(target.shape[0]):
        target[i] = weight[i] if mask[i] else target.dtype.type(0)


@kernel
def masked_mean(x: Any, mask: Any, y: Any) -> None:
    """y[n] = mean of the rows x[n, i] that count; 0 where none does. x: (samples, steps, features)."""
    for n in range(x.shape[0]):
        found = 0
        for j in range(y.shape[1]):
            y[n, j] = 0
        for i in range(x.shape[1]):
            if mask[n, i]:
                found += 1
                for j in range(y.shape[1]):
                    y[n, j] += x[n, i, j]
        share = like(y[n, 0], 1) / like(y[n, 0], max(found, 1))
        for j in range(y.shape[1]):
            y[n, j] *= share


@kernel
def masked_mean_back(dy: Any, mask: Any, dx: Any) -> None:
    """The way back of ``masked_mean``: every step that counts gets its share."""
    for n in range(dx.shape[0]):
        found = 0
        for i in range(dx.shape[1]):
            found += mask[n, i]
        share = like(dy[n, 0], 1) / like(dy[n, 0], max(found, 1))
        for i in range(dx.shape[1]):
            for j in range(dx.shape[2]):
                dx[n, i, j] = dy[n, j] * share if mask[n, i] else like(share, 0)
