"""Optimizer steps: each one fused pass over flat slices of parameters, in place.

``hyper`` holds the step's scalars in the element type of the weights.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import kernel
from engine.kernels.math import like


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
        largest = select(v_max[i] > second, v_max[i], second)
        v_max[i] = largest
        weight[i] -= alpha * first / (sqrt(largest) + epsilon)


@kernel
def rms_step(weight: Any, gradient: Any, square: Any, hyper: Any) -> None:
    """v = rho·v + (1-rho)·g²; w -= lr·g / sqrt(v + epsilon), with hyper (lr, rho, momentum, epsilon)."""
    rate, rho, epsilon = hyper[0], hyper[1], hyper[3]
    rest = like(rho, 1) - rho
    for i in range(weight.size):
        g = gradient[i]
        v = rho * square[i] + rest * (g * g)
        square[i] = v
        weight[i] -= rate * g / sqrt(v + epsilon)


@kernel
def rms_momentum_step(weight: Any, gradient: Any, square: Any, velocity: Any, hyper: Any) -> None:
    """As ``rms_step``, but the step is gathered: u = momentum·u + step; w -= u."""
    rate, rho, momentum, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    rest = like(rho, 1) - rho
    for i in range(weight.size):
        g = gradient[i]
        v = rho * square[i] + rest * (g * g)
        square[i] = v
        u = momentum * velocity[i] + rate * g / sqrt(v + epsilon)
        velocity[i] = u
        weight[i] -= u


@kernel
def centered_step(weight: Any, gradient: Any, square: Any, average: Any, hyper: Any) -> None:
    """As ``rms_step`` with v - a² in place of v, where a = rho·a + (1-rho)·g."""
    rate, rho, epsilon = hyper[0], hyper[1], hyper[3]
    rest, zero = like(rho, 1) - rho, like(rho, 0)  # rounding must not make the variance negative
    for i in range(weight.size):
        g = gradient[i]
        v = rho * square[i] + rest * (g * g)
        a = rho * average[i] + rest * g
        square[i] = v
        average[i] = a
        weight[i] -= rate * g / sqrt(max(v - a * a, zero) + epsilon)


@kernel
def centered_momentum_step(weight: Any, gradient: Any, square: Any, average: Any, velocity: Any, hyper: Any) -> None:
    """As ``centered_step`` with the gathered step of ``rms_momentum_step``."""
    rate, rho, momentum, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    rest, zero = like(rho, 1) - rho, like(rho, 0)  # rounding must not make the variance negative
    for i in range(weight.size):
        g = gradient[i]
        v = rho * square[i] + rest * (g * g)
        a = rho * average[i] + rest * g
        square[i] = v
        average[i] = a
        u = momentum * velocity[i] + rate * g / sqrt(max(v - a * a, zero) + epsilon)
        velocity[i] = u
        weight[i] -= u
