"""Batch normalization over (rows, channels), in parts that shards compute and every shard merges.

Statistics travel as float64 arrays (shards, 3, channels). Forward they hold count, mean and sum of
squared differences from that mean; backward sum of dy, sum of dy·x̂ and nothing. Merging goes in
shard order, so the number of threads cannot change a bit.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from engine.kernels.jit import kernel
from engine.kernels.math import like

#: Rows whose sums are gathered in the data's own type before they join the float64 totals; the
#: loops below are written out for this number, so that they vectorize over channels.
GROUP = 4


@kernel
def measure(x: Any, part: Any) -> None:
    """part[0] = rows, part[1] = mean, part[2] = sum of (x - mean)², by channel.

    Differences are taken from the first row: it belongs to the data, so what cancels later is at
    most sqrt(rows) deviations large.
    """
    rows, channels = x.shape
    for c in range(channels):
        part[1, c] = 0.0
        part[2, c] = 0.0
    grouped = rows - rows % GROUP
    for i in range(0, grouped, GROUP):
        for c in range(channels):
            a, b = x[i, c] - x[0, c], x[i + 1, c] - x[0, c]
            d, e = x[i + 2, c] - x[0, c], x[i + 3, c] - x[0, c]
            part[1, c] += (a + b) + (d + e)
            part[2, c] += (a * a + b * b) + (d * d + e * e)
    for i in range(grouped, rows):
        for c in range(channels):
            a = x[i, c] - x[0, c]
            part[1, c] += a
            part[2, c] += a * a
    for c in range(channels):
        part[2, c] -= part[1, c] * part[1, c] / rows
        part[2, c] = 0.0 if part[2, c] < 0.0 else part[2, c]
        part[1, c] = x[0, c] + part[1, c] / rows
        part[0, c] = rows


@kernel
def measure_where(x: Any, mask: Any, part: Any) -> None:
    """As ``measure``, of rows that count.

    Args:
        x: (rows, channels).
        mask: (rows, 1), or (rows, channels) where every channel has padding of its own.
        part: (3, channels).
    """
    rows, channels = x.shape
    wide = int(mask.shape[1] > 1)
    for c in range(channels):
        count, middle, squares = 0.0, 0.0, 0.0
        for i in range(rows):
            if mask[i, c * wide]:
                count += 1.0
                gap = x[i, c] - middle
                middle += gap / count
                squares += gap * (x[i, c] - middle)
        part[0, c] = count
        part[1, c] = middle
        part[2, c] = squares


@kernel
def merge_where(parts: Any, tiny: float, epsilon: float, mean: Any, variance: Any, inverse: Any, count: Any) -> None:
    """As ``merge``, where shards may hold nothing that counts; sums are divided by their number + ``tiny``.

    ``count`` becomes that divisor.
    """
    for c in range(mean.size):
        total, middle, squares = 0.0, 0.0, 0.0
        for s in range(parts.shape[0]):
            n = parts[s, 0, c]
            if n > 0.0:
                gap = parts[s, 1, c] - middle
                both = total + n
                middle += gap * n / both
                squares += parts[s, 2, c] + gap * gap * total * n / both
                total = both
        divisor = total + tiny
        shrunk = middle * (total / divisor)
        squares += total * (middle - shrunk) * (middle - shrunk)
        mean[c] = shrunk
        variance[c] = squares / divisor
        inverse[c] = 1.0 / sqrt(squares / divisor + epsilon)
        count[c] = divisor


@kernel
def merge(parts: Any, epsilon: float, mean: Any, variance: Any, inverse: Any) -> None:
    """Mean, variance and 1/sqrt(variance + epsilon) of all shards together (Chan et al. 1979)."""
    for c in range(mean.size):
        count, middle, squares = parts[0, 0, c], parts[0, 1, c], parts[0, 2, c]
        for s in range(1, parts.shape[0]):
            n = parts[s, 0, c]
            gap = parts[s, 1, c] - middle
            both = count + n
            middle += gap * n / both
            squares += parts[s, 2, c] + gap * gap * count * n / both
            count = both
        mean[c] = middle
        variance[c] = squares / count
        inverse[c] = 1.0 / sqrt(squares / count + epsilon)


@kernel
def invert(variance: Any, epsilon: float, inverse: Any) -> None:
    """inverse = 1 / sqrt(variance + epsilon)."""
    for c in range(variance.size):
        inverse[c] = 1.0 / sqrt(variance[c] + epsilon)


@kernel
def blend(moving: Any, current: Any, momentum: Any) -> None:
    """moving = moving·momentum + current·(1 - momentum)."""
    rest = like(momentum, 1) - momentum
    for c in range(moving.size):
        moving[c] = moving[c] * momentum + current[c] * rest


@kernel
def normalize(x: Any, mean: Any, inverse: Any, gamma: Any, beta: Any, y: Any) -> None:
    """y = (x - mean)·inverse·gamma + beta."""
    for i in range(x.shape[0]):
        for c in range(x.shape[1]):
            y[i, c] = (x[i, c] - mean[c]) * (inverse[c] * gamma[c]) + beta[c]


@kernel
def measure_slopes(x: Any, dy: Any, mean: Any, inverse: Any, part: Any) -> None:
    """part[0] = sum of dy, part[1] = sum of dy·x̂ with x̂ = (x - mean)·inverse, by channel."""
    rows, channels = x.shape
    for c in range(channels):
        part[0, c] = 0.0
        part[1, c] = 0.0
    grouped = rows - rows % GROUP
    for i in range(0, grouped, GROUP):
        for c in range(channels):
            a, b, d, e = dy[i, c], dy[i + 1, c], dy[i + 2, c], dy[i + 3, c]
            part[0, c] += (a + b) + (d + e)
            a, b = a * (x[i, c] - mean[c]), b * (x[i + 1, c] - mean[c])
            d, e = d * (x[i + 2, c] - mean[c]), e * (x[i + 3, c] - mean[c])
            part[1, c] += (a + b) + (d + e)
    for i in range(grouped, rows):
        for c in range(channels):
            part[0, c] += dy[i, c]
            part[1, c] += dy[i, c] * (x[i, c] - mean[c])
    for c in range(channels):
        part[1, c] *= inverse[c]


@kernel
def merge_slopes(parts: Any, total: Any, product: Any) -> None:
    """Sums of dy and dy·x̂ over all shards, in shard order."""
    for c in range(total.size):
        a, b = np.float64(0), np.float64(0)
        for s in range(parts.shape[0]):
            a += parts[s, 0, c]
            b += parts[s, 1, c]
        total[c] = a
        product[c] = b


@kernel
def normalize_backward(
    x: Any, dy: Any, mean: Any, inverse: Any, gamma: Any, total: Any, product: Any, count: Any, dx: Any
) -> None:
    """dx = gamma·inverse·(dy - total/count - x̂·product/count)."""
    share = like(count, 1) / count
    for i in range(x.shape[0]):
        for c in range(x.shape[1]):
            hat = (x[i, c] - mean[c]) * inverse[c]
            dx[i, c] = gamma[c] * inverse[c] * (dy[i, c] - (total[c] + hat * product[c]) * share)


@kernel
def normalize_backward_where(
    x: Any,
    mask: Any,
    dy: Any,
    mean: Any,
    inverse: Any,
    gamma: Any,
    total: Any,
    product: Any,
    count: Any,
    tiny: Any,
    dx: Any,
) -> None:
    """As ``normalize_backward`` for what ``merge_where`` measured; rows that do not count get gamma·inverse·dy.

    The mean of x - mean is tiny·mean/count instead of 0, so the variance leans on the mean.
    """
    wide = int(mask.shape[1] > 1)
    for c in range(x.shape[1]):
        share = like(dx[0, 0], 1) / count[c]
        lean = total[c] - product[c] * inverse[c] * tiny * mean[c] * share
        for i in range(x.shape[0]):
            hat = (x[i, c] - mean[c]) * inverse[c]
            shift = (lean + hat * product[c]) * share if mask[i, c * wide] else like(share, 0)
            dx[i, c] = gamma[c] * inverse[c] * (dy[i, c] - shift)


@kernel
def channels_last(source: Any, target: Any) -> None:
    """target[i·inner + k, c] = source[i, c, k]."""
    outer, channels, inner = source.shape
    for i in range(outer):
        for k in range(inner):
            for c in range(channels):
                target[i * inner + k, c] = source[i, c, k]


@kernel
def channels_back(source: Any, target: Any) -> None:
    """target[i, c, k] = source[i·inner + k, c]."""
    outer, channels, inner = target.shape
    for i in range(outer):
        for k in range(inner):
            for c in range(channels):
                target[i, c, k] = source[i * inner + k, c]
