"""Sums over a shard and over shards, always in the same order."""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import kernel


@kernel
def weighted_total(value: Any, weight: Any, total: Any) -> None:
    """total[0] = sum of value[i]·weight[i], in double precision."""
    gathered = 0.0
    for i in range(value.shape[0]):
        gathered += float(value[i]) * float(weight[i])
    total[0] = gathered


@kernel
def add_partials(partials: Any, total: Any) -> None:
    """total[j] = partials[0, j] + partials[1, j] + ..., shard after shard."""
    for j in range(total.shape[0]):
        total[j] = partials[0, j]
    for s in range(1, partials.shape[0]):
        for j in range(total.shape[0]):
            total[j] += partials[s, j]


@kernel
def repeat_rows(source: Any, index: Any, inner: int, target: Any) -> None:
    """target[i·inner + k] = source[index[i], k]; a single weight per sample is spread over its rows."""
    last = source.shape[1] - 1
    for i in range(index.shape[0]):
        for k in range(inner):
            target[i * inner + k] = source[index[i], min(k, last)]
