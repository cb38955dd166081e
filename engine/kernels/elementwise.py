"""Loops over all elements: applying a function, copying, adding up, gathering rows."""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel


@inline
def apply(function: Any, x: Any, y: Any, constants: Any) -> None:
    """y = function(x, *constants); ``y`` may be ``x``."""
    a, b = x.reshape(-1), y.reshape(-1)
    # One array named twice would keep LLVM from vectorizing, so working in place is a loop of its own.
    if a.ctypes.data == b.ctypes.data:
        for i in range(b.size):
            b[i] = function(b[i], *constants)
    else:
        for i in range(b.size):
            b[i] = function(a[i], *constants)


@inline
def apply_chain(derivative: Any, kept: Any, dy: Any, dx: Any, constants: Any) -> None:
    """dx = dy · derivative(kept, *constants); ``dx`` may be ``dy``."""
    k, a, b = kept.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    if a.ctypes.data == b.ctypes.data:
        for i in range(b.size):
            b[i] = b[i] * derivative(k[i], *constants)
    else:
        for i in range(b.size):
            b[i] = a[i] * derivative(k[i], *constants)


@kernel
def copy(source: Any, target: Any) -> None:
    """target = source for two-dimensional arrays of one shape, perhaps of different element types."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, j]


@kernel
def add_into(source: Any, target: Any) -> None:
    """target += source for two-dimensional arrays of one shape."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] += source[i, j]


@kernel
def gather_rows(source: Any, index: Any, target: Any) -> None:
    """target[i] = source[index[i]], converted to the target's element type.

    ``index`` must lie within the source; the data pipeline makes it so.
    """
    for i in range(target.shape[0]):
        row = index[i]
        for j in range(target.shape[1]):
            target[i, j] = source[row, j]
