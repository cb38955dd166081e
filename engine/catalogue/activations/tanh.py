"""tanh: squeezes numbers into -1 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like, tanh


@component
class Tanh(Activation):
    """f(x) = (e^x - e^-x) / (e^x + e^-x).

    Source: Keras 3, ``keras.activations.tanh``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.tanh", "torch.nn.Tanh", "onnx.Tanh")
    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    aliases: ClassVar[tuple[str, ...]] = ("Tanh",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.tanh(x)


@scalar
def _derivative(y: Any) -> Any:
    return like(y, 1) - y * y


@kernel
def forward(x: Any, y: Any) -> None:
    """y = tanh(x)."""
    apply(tanh, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · tanh'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
