"""exp, log, tanh and their relatives for kernels: fast polynomials in float32, libm in float64.

The machine's own functions cost about 5 ns an element in a loop, because they are called one at
a time. The float32 versions here are plain arithmetic without branches, so LLVM works on 8 or 16
elements at once. Errors are relative, over all float32 arguments, and held by the tests. NaN and
infinities pass as in libm; results below the smallest normal number may become 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types

from engine.kernels.bits import exponent, mantissa, nearest, power_of_two, select
from engine.kernels.jit import exact, meaning, scalar

F = np.float32
ZERO, HALF, ONE, TWO = F(0), F(0.5), F(1), F(2)
INF, NAN = F(np.inf), F(np.nan)
LOG2_E = F(1.4426950408889634)
# log(2) in two parts: the first has so few bits that n times it is exact.
LN2_HIGH, LN2_LOW = F(0.693359375), F(-2.12194440054690583e-4)
SMALLEST, LIFT, LIFT_BITS = F(1.17549435e-38), F(8388608), F(23)

# (e^r - 1 - r) / r² for |r| <= log(2)/2
E0, E1, E2, E3, E4, E5 = (
    F(c)
    for c in (
        0.5000000047291,
        0.1666666681496,
        0.04166635092881,
        0.008333273459735,
        0.001394131337579,
        1.991398379954e-4,
    )
)
# (log(1+f) - f + f²/2) / f³ for sqrt(1/2) - 1 <= f <= sqrt(2) - 1
L0, L1, L2, L3, L4, L5, L6, L7 = (
    F(c)
    for c in (
        0.333333167269, -0.250008104398, 0.200022861433, -0.166245527393, 0.141811945051, -0.131287702932,
        0.128816351336, -0.078595542113,
    )
)  # fmt: skip
# (tanh(x) - x) / x³ as a function of x², |x| <= 5/8
T0, T1, T2, T3, T4 = (F(c) for c in (-0.333332839232, 0.133314912373, -0.053743494263, 0.020650575563, -0.005717032529))
T_EDGE = F(0.625)
# erf(x) / x as a function of x², |x| <= 1
R0, R1, R2, R3, R4, R5, R6 = (
    F(c)
    for c in (
        1.128379165914, -0.3761262713631, 0.1128360017849, -0.02685444465093, 0.005189535408509, -8.020841597692e-4,
        7.889119781565e-5,
    )
)  # fmt: skip
# -log(1 - erf(x)) for 1 <= x <= 4, where erf reaches 1
C0, C1, C2, C3, C4, C5, C6 = (
    F(c)
    for c in (
        2.564321720282e-4, 1.127426143110, 0.6375999405885, 0.1035669805357, -0.02205204137921, 0.002999552086543,
        -1.915053386179e-4,
    )
)  # fmt: skip
FOUR = F(4)
EXP_LOW, EXP_HIGH, EXPM1_LOW = F(-104), F(89), F(-18)


@exact
def _exp_tail(r: Any) -> Any:
    """e^r - 1 for |r| <= log(2)/2."""
    return r + r * r * (E0 + r * (E1 + r * (E2 + r * (E3 + r * (E4 + r * E5)))))


@exact
def exp32(x: Any) -> Any:
    """e^x; relative error 1.2e-7. Above 88.72 infinity, below -104 zero."""
    x = select(x > EXP_HIGH, EXP_HIGH, x)
    x = select(x < EXP_LOW, EXP_LOW, x)
    n = nearest(x * LOG2_E)
    r = x - n * LN2_HIGH - n * LN2_LOW
    # Two factors, because 2ⁿ alone leaves the range of float32 before e^x does.
    half = nearest(n * HALF)
    return (ONE + _exp_tail(r)) * power_of_two(half) * power_of_two(n - half)


@exact
def expm1_32(x: Any) -> Any:
    """e^x - 1; relative error 2.4e-7, also near 0."""
    x = select(x > EXP_HIGH, EXP_HIGH, x)
    x = select(x < EXPM1_LOW, EXPM1_LOW, x)
    n = nearest(x * LOG2_E)
    r = x - n * LN2_HIGH - n * LN2_LOW
    scale = power_of_two(n - ONE)
    return (scale * _exp_tail(r) + (scale - HALF)) * TWO


@exact
def log32(x: Any) -> Any:
    """log(x); relative error 1.2e-7. 0 gives -infinity, negative numbers NaN."""
    tiny = x < SMALLEST
    lifted = select(tiny, x * LIFT, x)
    n = exponent(lifted) - select(tiny, LIFT_BITS, ZERO)
    f = mantissa(lifted) - ONE
    q = L0 + f * (L1 + f * (L2 + f * (L3 + f * (L4 + f * (L5 + f * (L6 + f * L7))))))
    y = n * LN2_HIGH + (f + (n * LN2_LOW + f * f * (f * q - HALF)))
    y = select(x < INF, y, x)  # infinity and NaN stay
    y = select(x == ZERO, -INF, y)
    return select(x < ZERO, NAN, y)


@exact
def log1p_32(x: Any) -> Any:
    """log(1 + x); relative error 2.4e-7 for x >= 0, also near 0."""
    sum_ = ONE + x
    lost = x - (sum_ - ONE)
    y = log32(sum_) + lost / sum_
    return select(x < INF, y, x)


@exact
def sigmoid32(x: Any) -> Any:
    """1 / (1 + e^-x); relative error 2.4e-7 above -87, below it 0."""
    return ONE / (ONE + exp32(-x))


@exact
def tanh32(x: Any) -> Any:
    """tanh(x); relative error 2.4e-7."""
    a = abs(x)
    z = x * x
    near = x + x * z * (T0 + z * (T1 + z * (T2 + z * (T3 + z * T4))))
    far = ONE - TWO / (ONE + exp32(a + a))
    far = select(x < ZERO, -far, far)
    return select(a < T_EDGE, near, far)


@exact
def erf32(x: Any) -> Any:
    """erf(x); relative error 2.4e-7."""
    z = x * x
    near = x * (R0 + z * (R1 + z * (R2 + z * (R3 + z * (R4 + z * (R5 + z * R6))))))
    a = abs(x)
    a = select(a > FOUR, FOUR, a)
    far = ONE - exp32(-(C0 + a * (C1 + a * (C2 + a * (C3 + a * (C4 + a * (C5 + a * C6)))))))
    far = select(x < ZERO, -far, far)
    return select(a < ONE, near, far)


@exact
def exp64(x: Any) -> Any:
    """e^x by libm."""
    return math.exp(x)


@exact
def expm1_64(x: Any) -> Any:
    """e^x - 1 by libm."""
    return math.expm1(x)


@exact
def log64(x: Any) -> Any:
    """log(x) by libm."""
    return math.log(x)


@exact
def log1p_64(x: Any) -> Any:
    """log(1 + x) by libm."""
    return math.log1p(x)


@exact
def sigmoid64(x: Any) -> Any:
    """1 / (1 + e^-x) by libm."""
    return 1.0 / (1.0 + math.exp(-x))


@exact
def tanh64(x: Any) -> Any:
    """tanh(x) by libm."""
    return math.tanh(x)


@exact
def erf64(x: Any) -> Any:
    """erf(x) by libm."""
    return math.erf(x)


def exp(x: Any) -> Any:
    """e^x in the type of x."""
    return math.exp(x)


def expm1(x: Any) -> Any:
    """e^x - 1 in the type of x, exact near 0."""
    return math.expm1(x)


def log(x: Any) -> Any:
    """log(x) in the type of x."""
    return math.log(x)


def log1p(x: Any) -> Any:
    """log(1 + x) in the type of x, exact near 0."""
    return math.log1p(x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x) in the type of x."""
    return 1.0 / (1.0 + math.exp(-x))


def tanh(x: Any) -> Any:
    """tanh(x) in the type of x."""
    return math.tanh(x)


def erf(x: Any) -> Any:
    """erf(x) in the type of x."""
    return math.erf(x)


def like(x: Any, value: Any) -> Any:
    """A constant in the type of ``x``, so that it does not widen what it meets."""
    return type(x)(value)


@meaning(like)
def _like(x: Any, value: Any) -> Any:
    target = x

    def convert(x: Any, value: Any) -> Any:
        return target(value)

    return convert


@scalar
def sign(x: Any) -> Any:
    """-1, 0 or 1 in the type of x; NaN stays."""
    return select(x > 0, like(x, 1), select(x < 0, like(x, -1), x))


def _chosen_by_type(function: Callable[..., Any], single: Any, double: Any) -> None:
    """Inside kernels, ``function`` means ``single`` for float32 and ``double`` for float64."""

    def choose(x: Any) -> Any:
        serving = single if x == types.float32 else double

        # Numba wants the very signature of the function that asks.
        def serve(x: Any) -> Any:
            return serving(x)

        return serve

    meaning(function, forceinline=True)(choose)


for _function, _single, _double in (
    (exp, exp32, exp64),
    (expm1, expm1_32, expm1_64),
    (log, log32, log64),
    (log1p, log1p_32, log1p_64),
    (sigmoid, sigmoid32, sigmoid64),
    (tanh, tanh32, tanh64),
    (erf, erf32, erf64),
):
    _chosen_by_type(_function, _single, _double)
