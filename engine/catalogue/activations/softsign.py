"""softsign: squeezes numbers into -1 to 1, more slowly than tanh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like


@component
class Softsign(Activation):
    """f(x) = x / (1 + abs(x)).

    Source: Keras 3, ``keras.activations.softsign``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.softsign", "torch.nn.Softsign", "onnx.Softsign")
    key: ClassVar[str] = "softsign"
    title: ClassVar[str] = "Softsign"
    aliases: ClassVar[tuple[str, ...]] = ("Softsign",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return x / (1 + np.abs(x))


@scalar
def _value(x: Any) -> Any:
    return x / (like(x, 1) + abs(x))


@scalar
def _derivative(y: Any) -> Any:
    slope = like(y, 1) - abs(y)
    return slope * slope


@kernel
def forward(x: Any, y: Any) -> None:
    """y = softsign(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · softsign'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
