"""Softmax and log-softmax along rows, stable for large inputs."""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import inline, kernel
from engine.kernels.math import exp, like, log

#: Elements worked on at once.
BLOCK = 4096


@inline
def row_maximum(x: Any, i: int) -> Any:
    """Largest element of a row; NaN elements are passed over (they show up in the sum)."""
    largest = x[i, 0]
    for j in range(1, x.shape[1]):
        largest = select(x[i, j] > largest, x[i, j], largest)
    return largest


@inline
def row_log_sum(x: Any, i: int) -> Any:
    """log of the sum of e^x over a row."""
    largest = row_maximum(x, i)
    total = like(largest, 0)
    for j in range(x.shape[1]):
        total += exp(x[i, j] - largest)
    return largest + log(total)


@kernel
def softmax(x: Any, y: Any) -> None:
    """y = e^x / sum of e^x along each row; ``y`` may be ``x``."""
    rows, columns = x.shape
    flat = y.reshape(-1)
    # Short rows would waste most of a vector: the costly e^x runs over a block of rows at once,
    # small enough to stay in cache.
    block = max(1, BLOCK // columns)
    for start in range(0, rows, block):
        stop = min(start + block, rows)
        for i in range(start, stop):
            largest = row_maximum(x, i)
            for j in range(columns):
                y[i, j] = x[i, j] - largest
        part = flat[start * columns : stop * columns]
        for k in range(part.size):
            part[k] = exp(part[k])
        for i in range(start, stop):
            total = like(y[i, 0], 0)
            for j in range(columns):
                total += y[i, j]
            scale = like(total, 1) / total
            for j in range(columns):
                y[i, j] *= scale


@kernel
def softmax_backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = y(dy - sum of y·dy along each row); ``dx`` may be ``dy``."""
    for i in range(y.shape[0]):
        total = like(y[0, 0], 0)
        for j in range(y.shape[1]):
            total += y[i, j] * dy[i, j]
        for j in range(y.shape[1]):
            dx[i, j] = y[i, j] * (dy[i, j] - total)


@kernel
def log_softmax(x: Any, y: Any) -> None:
    """y = x - log of the sum of e^x along each row; ``y`` may be ``x``."""
    for i in range(x.shape[0]):
        total = row_log_sum(x, i)
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] - total


@kernel
def log_softmax_backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy - e^y · sum of dy along each row; ``dx`` may be ``dy``."""
    for i in range(y.shape[0]):
        total = like(y[0, 0], 0)
        for j in range(y.shape[1]):
            total += dy[i, j]
        for j in range(y.shape[1]):
            dx[i, j] = dy[i, j] - exp(y[i, j]) * total
