"""exponential: e to the power of x, for outputs that must be positive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import exp


@component
class Exponential(Activation):
    """f(x) = e^x.

    Source: Keras 3, ``keras.activations.exponential``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.exponential", "torch.exp", "onnx.Exp")
    key: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"
    aliases: ClassVar[tuple[str, ...]] = ("Exponential",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.exp(x)


@scalar
def _derivative(y: Any) -> Any:
    return y


@kernel
def forward(x: Any, y: Any) -> None:
    """y = exponential(x)."""
    apply(exp, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · exponential'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
