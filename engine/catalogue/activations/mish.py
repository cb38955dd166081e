"""mish: a smooth relu that dips a little below 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import exp, like


@component
class Mish(Activation):
    """f(x) = x · tanh(log(1 + e^x)).

    Source: Misra 2020, "Mish: a self regularized non-monotonic activation function".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.mish", "torch.nn.Mish", "onnx.Mish")
    key: ClassVar[str] = "mish"
    title: ClassVar[str] = "Mish"
    aliases: ClassVar[tuple[str, ...]] = ("Mish",)
    keeps: ClassVar[str] = "x"

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return x * np.tanh(np.logaddexp(x, 0))


@scalar
def _value(x: Any) -> Any:
    # tanh(log(1 + u)) = n / (n + 2) with n = u(u + 2); from 20 on it is 1 and u must not overflow.
    u = exp(select(x > 20, like(x, 20), x))
    n = u * (u + like(x, 2))
    return x * (n / (n + like(x, 2)))


@scalar
def _derivative(x: Any) -> Any:
    one, two = like(x, 1), like(x, 2)
    u = exp(select(x > 20, like(x, 20), x))
    rest = two / (u * (u + two) + two)
    return (one - rest) + x * rest * (two - rest) * (u / (one + u))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = mish(x)."""
    apply(_value, x, y, ())


@kernel
def backward(x: Any, dy: Any, dx: Any) -> None:
    """dx = dy · mish'(x), from its input x."""
    apply_chain(_derivative, x, dy, dx, ())
