"""Random numbers that depend on what they are for, never on when or where they are drawn.

A key is made from the seed, the step, the node and the sample's position in the whole batch; the
element's index is hashed under it. So shards and threads cannot change a single bit, and the
backward pass draws the very numbers of the forward pass again instead of storing them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.bits import mixed
from engine.kernels.jit import inline, kernel
from engine.kernels.math import like

GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@inline
def split_mix(state: Any) -> Any:
    """64 mixed bits of a 64-bit number (SplitMix64, Steele et al. 2014)."""
    z = np.uint64(state) + GOLDEN
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@inline
def sample_key(seed: int, step: int, number: int, position: int) -> Any:
    """The 64-bit key of one sample in one layer at one step."""
    key = split_mix(np.uint64(seed))
    key = split_mix(key ^ np.uint64(step))
    key = split_mix(key ^ np.uint64(number))
    return split_mix(key ^ np.uint64(position))


@kernel
def drop(x: Any, y: Any, clock: Any, seed: int, number: int, first: int, edge: int, scale: Any) -> None:
    """y = x·scale where the element's number is at least ``edge``, else 0; ``y`` may be ``x``.

    Args:
        x: (rows, elements).
        y: (rows, elements).
        clock: int64 [seed, step], read when the kernel runs.
        seed: the layer's own seed, or a negative number to take the clock's.
        number: the layer's number in the graph.
        first: position of the first row in the whole batch.
        edge: rate·2³² - 2³¹, at most 2³¹ - 1, compared with a signed 32-bit number.
        scale: 1 / (1 - rate).
    """
    start = clock[0] if seed < 0 else seed
    limit, zero = np.int32(edge), like(scale, 0)
    in_place = x.ctypes.data == y.ctypes.data
    for i in range(y.shape[0]):
        key = sample_key(start, clock[1], number, first + i)
        low, high = np.int32(key & np.uint64(0xFFFFFFFF)), np.int32(key >> np.uint64(32))
        if in_place:
            for j in range(y.shape[1]):
                y[i, j] = y[i, j] * scale if mixed(j, low, high) >= limit else zero
        else:
            for j in range(y.shape[1]):
                y[i, j] = x[i, j] * scale if mixed(j, low, high) >= limit else zero
