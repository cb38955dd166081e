"""hard_sigmoid: a sigmoid of three straight lines, cheap on small devices."""

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
class HardSigmoid(Activation):
    """f(x) = min(max(x/6 + 1/2, 0), 1).

    Source: Keras 3, ``keras.activations.hard_sigmoid``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.activations.hard_sigmoid",
        "torch.nn.Hardsigmoid",
        "onnx.HardSigmoid",
    )
    differences: ClassVar[str] = "ONNX's slope is 0.2 by default."
    key: ClassVar[str] = "hard_sigmoid"
    title: ClassVar[str] = "Hard sigmoid"
    aliases: ClassVar[tuple[str, ...]] = ("HardSigmoid",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.clip(x / 6 + 0.5, 0, 1)


@scalar
def _value(x: Any) -> Any:
    y = x * like(x, 1 / 6) + like(x, 0.5)
    y = select(y < 0, like(x, 0), y)
    return select(y > 1, like(x, 1), y)


@scalar
def _derivative(y: Any) -> Any:
    return select((y <= 0) | (y >= 1), like(y, 0), like(y, 1 / 6))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = hard_sigmoid(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · hard_sigmoid'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
