"""Optimizer steps: each one fused pass over flat slices of parameters, in place.

``hyper`` holds the step's scalars in the element type of the weights.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import kernel


@kernel
def plain_step(weight: Any, gradient: Any, hyper: Any) -> None:
    """w -= lr·g, with hyper (lr, momentum)."""
    rate = hyper[0]
    for i in range(weight.size):
        weight[i] -= rate * gradient[i]


@kernel
def momentum_step(weight: Any, gradient: Any, velocity: Any, hyper: Any) -> None:
    """v = momentum·v - lr·g; w += v, with hyper (lr, momentum)."""
    rate, momentum = hyper[0], hyper[1]
    for i in range(weight.size):
        v = momentum * velocity[i] - rate * gradient[i]
        velocity[i] = v
        weight[i] += v


@kernel
def nesterov_step(weight: Any, gradient: Any, velocity: Any, hyper: Any) -> None:
    """v = momentum·v - lr·g; w += momentum·v - lr·g, with hyper (lr, momentum)."""
    rate, momentum = hyper[0], hyper[1]
    for i in range(weight.size):
        step = rate * gradient[i]
        v = momentum * velocity[i] - step
        velocity[i] = v
        weight[i] += momentum * v - step


@kernel
def adam_step(weight: Any, gradient: Any, m: Any, v: Any, hyper: Any) -> None:
    """w -= alpha·m / (sqrt(v) + epsilon), with hyper (alpha, 1-beta_1, 1-beta_2, epsilon)."""
    alpha, gain_1, gain_2, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    for i in range(weight.size):
        g = gradient[i]
        first = m[i] + gain_1 * (g - m[i])
        second = v[i] + gain_2 * (g * g - v[i])
        m[i] = first
        v[i] = second
        weight[i] -= alpha * first / (sqrt(second) + epsilon)


@kernel
def amsgrad_step(weight: Any, gradient: Any, m: Any, v: Any, v_max: Any, hyper: Any) -> None:
    """w -= alpha·m / (sqrt(largest v) + epsilon), with hyper (alpha, 1-beta_1, 1-beta_2, epsilon)."""
    alpha, gain_1, gain_2, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    for i in range(weight.size):
        g = gradient[i]
        first = m[i] + gain_1 * (g - m[i])
        second = v[i] + gain_2 * (g * g - v[i])
        m[i] = first
        v[i] = second
        largest = v_max[i] if v_max[i] > second else second
        v_max[i] = largest
        weight[i] -= alpha * first / (sqrt(largest) + epsilon)
