"""The fast functions of kernels against libm, over all of single precision."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

from engine.kernels import math as fast
from engine.kernels.elementwise import apply
from engine.kernels.jit import kernel


@kernel
def exp_all(x: Any, y: Any) -> None:
    apply(fast.exp, x, y, ())


@kernel
def expm1_all(x: Any, y: Any) -> None:
    apply(fast.expm1, x, y, ())


@kernel
def log_all(x: Any, y: Any) -> None:
    apply(fast.log, x, y, ())


@kernel
def log1p_all(x: Any, y: Any) -> None:
    apply(fast.log1p, x, y, ())


@kernel
def sigmoid_all(x: Any, y: Any) -> None:
    apply(fast.sigmoid, x, y, ())


@kernel
def tanh_all(x: Any, y: Any) -> None:
    apply(fast.tanh, x, y, ())


@kernel
def erf_all(x: Any, y: Any) -> None:
    apply(fast.erf, x, y, ())


#: Kernel, reference, and the relative error that the docstring states.
FUNCTIONS: dict[str, tuple[Callable[..., None], Callable[[Any], Any], float]] = {
    "exp": (exp_all, np.exp, 1.2e-7),
    "expm1": (expm1_all, np.expm1, 2.4e-7),
    "log": (log_all, np.log, 1.2e-7),
    "log1p": (log1p_all, np.log1p, 2.4e-7),
    "sigmoid": (sigmoid_all, special.expit, 2.4e-7),
    "tanh": (tanh_all, np.tanh, 2.4e-7),
    "erf": (erf_all, special.erf, 2.4e-7),
}
NAMES = sorted(FUNCTIONS)
NORMAL = 1.1754944e-38


def every(stride: int, name: str) -> Any:
    """Single-precision numbers of every size and sign, NaN and infinities among them."""
    bits = np.arange(0, 2**32, stride, dtype=np.uint64).astype(np.uint32)
    special_bits = np.array([0, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 1, 0x007FFFFF, 0x00800000], np.uint32)
    x = np.concatenate([bits, special_bits]).view(np.float32)
    return x[~(x < 0)] if name == "log1p" else x


def evaluated(name: str, x: Any) -> tuple[Any, Any]:
    run, reference, _ = FUNCTIONS[name]
    y = np.empty_like(x)
    run(x, y)
    with np.errstate(all="ignore"):
        return y, reference(x.astype(np.float64))


@pytest.mark.parametrize("name", NAMES)
def test_relative_error_is_as_stated(name: str) -> None:
    x = every(20011, name)
    y, expected = evaluated(name, x)
    with np.errstate(all="ignore"):
        usual = np.isfinite(expected.astype(np.float32)) & (np.abs(expected) > NORMAL) & np.isfinite(y)
    usual &= y != 0

    error = np.abs(y[usual] - expected[usual]) / np.abs(expected[usual])

    assert usual.sum() > 50_000
    assert error.max() <= FUNCTIONS[name][2]


@pytest.mark.parametrize("name", NAMES)
def test_edges_are_those_of_libm(name: str) -> None:
    x = every(20011, name)
    y, expected = evaluated(name, x)
    with np.errstate(all="ignore"):
        narrow = expected.astype(np.float32)

    assert np.array_equal(np.isnan(y), np.isnan(narrow))
    assert np.array_equal(np.isposinf(y), np.isposinf(narrow))
    assert np.array_equal(np.isneginf(y), np.isneginf(narrow))
    small = np.abs(expected) <= NORMAL
    assert (np.abs(y[small] - expected[small]) <= NORMAL).all()
    assert not (y[~small] == 0).any()


@pytest.mark.parametrize("name", NAMES)
def test_double_precision_is_libm(name: str) -> None:
    x = np.random.default_rng(1).uniform(0.01, 20, 1001)
    if not name.startswith("log"):
        x[::2] *= -1
    y, expected = evaluated(name, x)

    np.testing.assert_allclose(y, expected, rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_works_outside_kernels(name: str) -> None:
    function: Any = getattr(fast, name)

    assert function(0.75) == pytest.approx(float(FUNCTIONS[name][1](np.float64(0.75))), rel=1e-14)
    assert math.isnan(function(math.nan))


@pytest.mark.parametrize("size", [1, 7, 31, 1000])
@pytest.mark.parametrize("name", NAMES)
def test_place_in_the_loop_does_not_matter(name: str, size: int) -> None:
    x = np.random.default_rng(2).uniform(0.1, 5, 1000).astype(np.float32)
    whole, _ = evaluated(name, x)

    part, _ = evaluated(name, x[1000 - size :].copy())

    assert np.array_equal(part, whole[1000 - size :])
