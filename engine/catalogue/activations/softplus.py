"""softplus: a smooth relu that is never quite 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import exp, expm1, like, log1p


@component
class Softplus(Activation):
    """f(x) = log(1 + e^x).

    Source: Dugas et al. 2001, "Incorporating second-order functional knowledge for better option pricing".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.softplus", "torch.nn.Softplus", "onnx.Softplus")
    key: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    aliases: ClassVar[tuple[str, ...]] = ("Softplus",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.logaddexp(x, 0)


@scalar
def _value(x: Any) -> Any:
    # max(x, 0) + log(1 + e^-|x|) does not overflow.
    return select(x < 0, like(x, 0), x) + log1p(exp(-abs(x)))


@scalar
def _derivative(y: Any) -> Any:
    return -expm1(-y)


@kernel
def forward(x: Any, y: Any) -> None:
    """y = softplus(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · softplus'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
