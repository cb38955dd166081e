"""Random numbers of the normal distribution, hashed like those of :mod:`engine.kernels.random`.

32 mixed bits give a number u between -1 and 1, in 2²⁴ steps; √2 · erf⁻¹(u) then follows the standard normal
distribution, out to 5.4 deviations. The inverse is Giles's polynomial for single precision (M. Giles 2010,
"Approximating the erfinv function"). Its error of 4e-7, in float32 up to 1e-4 far out in the tails, is nothing that
anybody could tell from chance.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from engine.kernels.bits import mixed, select
from engine.kernels.jit import inline, kernel
from engine.kernels.math import like, log
from engine.kernels.random import sample_key

ROOT_2 = sqrt(2.0)


@inline
def _near(w: Any) -> Any:
    """erf⁻¹(u) / u for w = -log(1 - u²) below 5."""
    v = w - like(w, 2.5)
    p = like(w, 2.81022636e-08)
    p = like(w, 3.43273939e-07) + p * v
    p = like(w, -3.5233877e-06) + p * v
    p = like(w, -4.39150654e-06) + p * v
    p = like(w, 0.00021858087) + p * v
    p = like(w, -0.00125372503) + p * v
    p = like(w, -0.00417768164) + p * v
    p = like(w, 0.246640727) + p * v
    return like(w, 1.50140941) + p * v


@inline
def _far(w: Any) -> Any:
    """erf⁻¹(u) / u for w from 5."""
    v = np.sqrt(w) - like(w, 3)
    p = like(w, -0.000200214257)
    p = like(w, 0.000100950558) + p * v
    p = like(w, 0.00134934322) + p * v
    p = like(w, -0.00367342844) + p * v
    p = like(w, 0.00573950773) + p * v
    p = like(w, -0.0076224613) + p * v
    p = like(w, 0.00943887047) + p * v
    p = like(w, 1.00167406) + p * v
    return like(w, 2.83297682) + p * v


@inline
def normal_of(bits: Any, kind: Any) -> Any:
    """A number of the standard normal distribution from 32 mixed bits, in the element type of ``kind``."""
    # 24 bits: half a step more than a whole number, so neither end is reached, exactly in both types.
    u = (like(kind, bits >> 8) + like(kind, 0.5)) * like(kind, 2.0**-23)
    w = -log((like(kind, 1) - u) * (like(kind, 1) + u))
    return like(kind, ROOT_2) * u * select(w < like(kind, 5), _near(w), _far(w))


@kernel
def add_noise(x: Any, y: Any, clock: Any, seed: int, number: int, first: int, deviation: Any) -> None:
    """y = x + deviation · n; arguments as in :func:`engine.kernels.random.drop`."""
    start = clock[0] if seed < 0 else seed
    for i in range(y.shape[0]):
        key = sample_key(start, clock[1], number, first + i)
        low, high = np.int32(key & np.uint64(0xFFFFFFFF)), np.int32(key >> np.uint64(32))
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] + deviation * normal_of(mixed(j, low, high), deviation)


@kernel
def multiply_noise(x: Any, y: Any, clock: Any, seed: int, number: int, first: int, deviation: Any) -> None:
    """y = x · (1 + deviation · n); arguments as in :func:`engine.kernels.random.drop`."""
    start = clock[0] if seed < 0 else seed
    one = like(deviation, 1)
    for i in range(y.shape[0]):
        key = sample_key(start, clock[1], number, first + i)
        low, high = np.int32(key & np.uint64(0xFFFFFFFF)), np.int32(key >> np.uint64(32))
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] * (one + deviation * normal_of(mixed(j, low, high), deviation))


@kernel
def replace(
    x: Any, y: Any, clock: Any, seed: int, number: int, first: int, edge: int, scale: Any, shift: Any, instead: Any
) -> None:
    """y = x·scale + shift where the element's number is at least ``edge``, else ``instead``."""
    start = clock[0] if seed < 0 else seed
    limit = np.int32(edge)
    for i in range(y.shape[0]):
        key = sample_key(start, clock[1], number, first + i)
        low, high = np.int32(key & np.uint64(0xFFFFFFFF)), np.int32(key >> np.uint64(32))
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] * scale + shift if mixed(j, low, high) >= limit else instead


@kernel
def choose(x: Any, kept: Any, scale: Any, shift: Any, instead: Any, y: Any) -> None:
    """y = x·scale + shift where ``kept`` is not 0, else ``instead``."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] * scale + shift if kept[i, j] != 0 else instead


@kernel
def scale_channels(x: Any, factor: Any, y: Any) -> None:
    """y[i, p, c] = x[i, p, c] · factor[i, c]."""
    for i in range(y.shape[0]):
        for p in range(y.shape[1]):
            for c in range(y.shape[2]):
                y[i, p, c] = x[i, p, c] * factor[i, c]
