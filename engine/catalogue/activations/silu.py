"""silu: x times its sigmoid: a smooth relu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like, sigmoid


@component
class SiLU(Activation):
    """f(x) = x / (1 + e^-x).

    Source: Ramachandran et al. 2017, "Searching for activation functions".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.silu", "torch.nn.SiLU")
    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU (swish)"
    aliases: ClassVar[tuple[str, ...]] = ("SiLU", "Silu", "swish", "Swish")
    keeps: ClassVar[str] = "x"

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return x / (1 + np.exp(-x))


@scalar
def _value(x: Any) -> Any:
    return x * sigmoid(x)


@scalar
def _derivative(x: Any) -> Any:
    s = sigmoid(x)
    return s * (like(x, 1) + x * (like(x, 1) - s))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = silu(x)."""
    apply(_value, x, y, ())


@kernel
def backward(x: Any, dy: Any, dx: Any) -> None:
    """dx = dy · silu'(x), from its input x."""
    apply_chain(_derivative, x, dy, dx, ())
