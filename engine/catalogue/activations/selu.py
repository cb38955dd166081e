"""selu: elu with scales that keep signals at mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import expm1, like

SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772


@component
class SELU(Activation):
    """f(x) = s·x for x > 0, s·a(e^x - 1) otherwise, with s = 1.0507 and a = 1.6733.

    Source: Klambauer et al. 2017, "Self-normalizing neural networks".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.selu", "torch.nn.SELU", "onnx.Selu")
    key: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    aliases: ClassVar[tuple[str, ...]] = ("SELU", "Selu")

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return SCALE * np.where(x > 0, x, ALPHA * np.expm1(np.minimum(x, 0)))


@scalar
def _value(x: Any) -> Any:
    return select(x > 0, like(x, SCALE) * x, like(x, SCALE * ALPHA) * expm1(x))


@scalar
def _derivative(y: Any) -> Any:
    return select(y > 0, like(y, SCALE), y + like(y, SCALE * ALPHA))


@kernel
def forward(x: Any, y: Any) -> None:
    """y = selu(x)."""
    apply(_value, x, y, ())


@kernel
def backward(y: Any, dy: Any, dx: Any) -> None:
    """dx = dy · selu'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, ())
