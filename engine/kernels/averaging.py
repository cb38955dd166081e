"""Moving averages of weights."""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def average_step(weight: Any, average: Any, rule: Any) -> None:
    """average = m·average + (1 - m)·w with m = rule[0]; then w = average where rule[1] is not 0."""
    momentum = rule[0]
    rest = like(momentum, 1) - momentum
    for i in range(weight.size):
        average[i] = momentum * average[i] + rest * weight[i]
    if rule[1] != 0:
        for i in range(weight.size):
            weight[i] = average[i]
