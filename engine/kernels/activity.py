"""What penalties on layers' outputs need beside the penalties themselves. All arrays are flat."""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def clear(x: Any) -> None:
    """x = 0."""
    zero = like(x[0], 0)
    for i in range(x.size):
        x[i] = zero


@kernel
def add_scaled(source: Any, scale: Any, target: Any) -> None:
    """target += scale · source."""
    for i in range(target.size):
        target[i] += scale * source[i]
