"""relu6: relu that stops at 6, for small number formats."""

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
class ReLU6(Activation):
    """f(x) = min(max(x, 0), 6).

    Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.relu6", "torch.nn.ReLU6", "onnx.Clip")
    key: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    aliases: ClassVar[tuple[str, ...]] = ("ReLU6", "Relu6")

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.clip(x, 0, 6)


@scalar
def _value(x: Any) -> Any:
    x = select(x < 0, like(x, 0), x)
    return select(x > 6, like(x, 6), x)


@scalar
def _derivative(y: Any) -> Any:
    return select((y <= 0) | (y >= 6), like(y, 0), like(y, 1))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = relu6(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · relu6'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
