"""relu: cuts negative numbers to 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like


@component
class ReLU(Activation):
    """f(x) = max(x, 0).

    Source: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.relu", "torch.nn.ReLU", "onnx.Relu")
    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    aliases: ClassVar[tuple[str, ...]] = ("ReLU", "Relu")

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.maximum(x, 0)


@scalar
def _value(x: Any) -> Any:
    # The comparison is written so that NaN passes.
    return select(x < 0, like(x, 0), x)


@scalar
def _derivative(y: Any) -> Any:
    return select(y <= 0, like(y, 0), like(y, 1))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = max(x, 0)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy where y > 0, else 0."""
    apply_chain(_derivative, y, dy, dx, ())
