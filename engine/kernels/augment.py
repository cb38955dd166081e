"""What chance does to pictures while training: numbers for each sample, brightness and contrast.

Pictures are (rows, pixels, channels). Numbers are drawn for a sample by its place in the batch, in double precision,
and kept from the way forward to the way back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.bits import mixed
from engine.kernels.jit import inline, kernel
from engine.kernels.math import like
from engine.kernels.random import sample_key


@kernel
def draw_uniform(clock: Any, seed: int, number: int, first: int, step: int, bounds: Any, drawn: Any) -> None:
    """drawn[i, k] = a number from bounds[k, 0] to below bounds[k, 1].

    Args:
        clock: int64 [seed, step], read when the kernel runs.
        seed: the layer's own seed, or a negative number to take the clock's.
        number: the layer's number in the graph.
        first: position of the first row in the whole batch.
        step: 1, or 0 where all rows share the numbers of position ``first``.
        bounds: (numbers, 2).
        drawn: (rows, numbers).
    """
    start = clock[0] if seed < 0 else seed
    for i in range(drawn.shape[0]):
        key = sample_key(start, clock[1], number, first + i * step)
        low, high = np.int32(key & np.uint64(0xFFFFFFFF)), np.int32(key >> np.uint64(32))
        for k in range(drawn.shape[1]):
            share = (float(mixed(k, low, high)) + 2147483648.0) / 4294967296.0
            drawn[i, k] = bounds[k, 0] + (bounds[k, 1] - bounds[k, 0]) * share


@inline
def between(value: Any, low: Any, high: Any) -> Any:
    """The value, brought into low ... high."""
    return low if value < low else high if value > high else value


@kernel
def brighten(x: Any, drawn: Any, low: Any, high: Any, y: Any) -> None:
    """y = x + drawn[i, 0], brought into low ... high."""
    for i in range(x.shape[0]):
        delta = like(low, drawn[i, 0])
        for j in range(x.shape[1]):
            for c in range(x.shape[2]):
                y[i, j, c] = between(x[i, j, c] + delta, low, high)


@kernel
def brighten_back(x: Any, drawn: Any, low: Any, high: Any, dy: Any, dx: Any) -> None:
    """dx = dy where nothing was cut off, else 0."""
    zero = like(low, 0)
    for i in range(x.shape[0]):
        delta = like(low, drawn[i, 0])
        for j in range(x.shape[1]):
            for c in range(x.shape[2]):
                value = x[i, j, c] + delta
                dx[i, j, c] = dy[i, j, c] if low <= value <= high else zero


@inline
def channel_means(x: Any, means: Any, zero: Any) -> None:
    """means[c] = mean over the pixels of x[:, c]."""
    for c in range(x.shape[1]):
        means[c] = zero
    for j in range(x.shape[0]):
        for c in range(x.shape[1]):
            means[c] += x[j, c]
    share = like(zero, 1.0 / x.shape[0])
    for c in range(x.shape[1]):
        means[c] *= share


@kernel
def contrast(x: Any, drawn: Any, low: Any, high: Any, means: Any, y: Any) -> None:
    """y = (x - m)·drawn[i, 0] + m, brought into low ... high; m are the means of the picture's channels."""
    zero = like(low, 0)
    for i in range(x.shape[0]):
        factor = like(low, drawn[i, 0])
        channel_means(x[i], means, zero)
        for j in range(x.shape[1]):
            for c in range(x.shape[2]):
                y[i, j, c] = between((x[i, j, c] - means[c]) * factor + means[c], low, high)


@kernel
def contrast_back(x: Any, drawn: Any, low: Any, high: Any, means: Any, dy: Any, dx: Any) -> None:
    """dx = factor·g + (1 - factor)·(means of g); g is dy where nothing was cut off, else 0."""
    zero, one = like(low, 0), like(low, 1)
    for i in range(x.shape[0]):
        factor = like(low, drawn[i, 0])
        channel_means(x[i], means, zero)
        for j in range(x.shape[1]):
            for c in range(x.shape[2]):
                value = (x[i, j, c] - means[c]) * factor + means[c]
                dx[i, j, c] = dy[i, j, c] if low <= value <= high else zero
        channel_means(dx[i], means, zero)
        for j in range(x.shape[1]):
            for c in range(x.shape[2]):
                dx[i, j, c] = factor * dx[i, j, c] + (one - factor) * means[c]
