"""sigmoid: squeezes numbers into 0 to 1."""

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
class Sigmoid(Activation):
    """f(x) = 1 / (1 + e^-x).

    Source: Keras 3, ``keras.activations.sigmoid``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.sigmoid", "torch.nn.Sigmoid", "onnx.Sigmoid")
    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    aliases: ClassVar[tuple[str, ...]] = ("Sigmoid",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return 1 / (1 + np.exp(-x))


@scalar
def _derivative(y: Any) -> Any:
    return y * (like(y, 1) - y)


@kernel
def forward(x: Any, y: Any) -> None:
    """y = sigmoid(x)."""
    apply(sigmoid, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · y(1 - y)."""
    apply_chain(_derivative, y, dy, dx, ())
