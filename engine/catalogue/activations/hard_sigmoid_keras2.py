"""hard_sigmoid_keras2: the hard sigmoid of Keras 1 and 2, for models from then."""

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
class HardSigmoidKeras2(Activation):
    """f(x) = min(max(x/5 + 1/2, 0), 1).

    Source: Keras 2, ``keras.activations.hard_sigmoid``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("onnx.HardSigmoid",)
    differences: ClassVar[str] = "Keras 1 and 2 had it as hard_sigmoid; Keras 3 has another slope under that name."
    key: ClassVar[str] = "hard_sigmoid_keras2"
    title: ClassVar[str] = "Hard sigmoid (Keras 2)"
    aliases: ClassVar[tuple[str, ...]] = ("HardSigmoidKeras2",)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.clip(x / 5 + 0.5, 0, 1)


@scalar
def _value(x: Any) -> Any:
    y = x * like(x, 0.2) + like(x, 0.5)
    y = select(y < 0, like(x, 0), y)
    return select(y > 1, like(x, 1), y)


@scalar
def _derivative(y: Any) -> Any:
    return select((y <= 0) | (y >= 1), like(y, 0), like(y, 0.2))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = hard_sigmoid_keras2(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · hard_sigmoid_keras2'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
