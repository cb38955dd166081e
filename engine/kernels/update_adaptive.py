"""Optimizer steps that give every weight a length of its own: each one fused pass, in place.

``hyper`` holds the step's scalars in the element type of the weights.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.bits import select
from engine.kernels.jit import kernel
from engine.kernels.math import like, sign


@kernel
def adagrad_step(weight: Any, gradient: Any, square: Any, hyper: Any) -> None:
    """s += g²; w -= lr·g / sqrt(s + epsilon), with hyper (lr, epsilon)."""
    rate, epsilon = hyper[0], hyper[1]
    for i in range(weight.size):
        g = gradient[i]
        s = square[i] + g * g
        square[i] = s
        weight[i] -= rate * g / sqrt(s + epsilon)


@kernel
def adadelta_step(weight: Any, gradient: Any, square: Any, steps: Any, hyper: Any) -> None:
    """w -= lr·d with d = g·sqrt(steps + epsilon)/sqrt(square + epsilon), with hyper (lr, rho, 1-rho, epsilon).

    ``square`` and ``steps`` are moving means of g² and d².
    """
    rate, rho, rest, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    for i in range(weight.size):
        g = gradient[i]
        s = rho * square[i] + rest * (g * g)
        square[i] = s
        d = g * sqrt(steps[i] + epsilon) / sqrt(s + epsilon)
        steps[i] = rho * steps[i] + rest * (d * d)
        weight[i] -= rate * d


@kernel
def adamax_step(weight: Any, gradient: Any, m: Any, largest: Any, hyper: Any) -> None:
    """w -= alpha·m / (u + epsilon) with u = max(beta_2·u, |g|), with hyper (alpha, 1-beta_1, beta_2, epsilon)."""
    alpha, gain, keep, epsilon = hyper[0], hyper[1], hyper[2], hyper[3]
    for i in range(weight.size):
        g = gradient[i]
        first = m[i] + gain * (g - m[i])
        faded, size = keep * largest[i], abs(g)
        u = select(faded > size, faded, size)
        m[i] = first
        largest[i] = u
        weight[i] -= alpha * first / (u + epsilon)


@kernel
def nadam_step(weight: Any, gradient: Any, m: Any, v: Any, hyper: Any) -> None:
    """w -= (a·m + b·g) / (sqrt(c·v) + epsilon), with hyper (a, b, c, 1-beta_1, 1-beta_2, epsilon)."""
    a, b, c, gain_1, gain_2, epsilon = hyper[0], hyper[1], hyper[2], hyper[3], hyper[4], hyper[5]
    for i in range(weight.size):
        g = gradient[i]
        first = m[i] + gain_1 * (g - m[i])
        second = v[i] + gain_2 * (g * g - v[i])
        m[i] = first
        v[i] = second
        weight[i] -= (a * first + b * g) / (sqrt(c * second) + epsilon)


@kernel
def lion_step(weight: Any, gradient: Any, m: Any, hyper: Any) -> None:
    """w -= lr·sign(beta_1·m + (1-beta_1)·g); m = beta_2·m + (1-beta_2)·g, with hyper (lr, four weights of m and g)."""
    rate = hyper[0]
    for i in range(weight.size):
        g = gradient[i]
        weight[i] -= rate * sign(hyper[1] * m[i] + hyper[2] * g)
        m[i] = hyper[3] * m[i] + hyper[4] * g


@kernel
def ftrl_step(weight: Any, gradient: Any, square: Any, linear: Any, hyper: Any) -> None:
    """One step of FTRL-proximal, with hyper (lr, -learning_rate_power, l1, 2·l2, 2·l2_shrinkage, beta).

    Where nothing was learnt yet (no gradient so far, no l2) the weight stays; with lr = 0 all of them stay.
    """
    rate, power, l1, l2, shrinkage, beta = hyper[0], hyper[1], hyper[2], hyper[3], hyper[4], hyper[5]
    zero = like(rate, 0)
    if rate == zero:
        return
    for i in range(weight.size):
        g, w, before = gradient[i], weight[i], square[i]
        after = before + g * g
        grown = after**power
        gathered = linear[i] + g + shrinkage * w - (grown - before**power) / rate * w
        square[i] = after
        linear[i] = gathered
        steep = (grown + beta) / rate + l2
        if steep > zero:
            weight[i] = (min(max(gathered, -l1), l1) - gathered) / steep
