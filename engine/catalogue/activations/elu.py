"""elu: relu with a soft floor at -alpha."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import expm1, like


@component
class ELU(Activation):
    """f(x) = x for x > 0, alpha(e^x - 1) otherwise.

    Source: Clevert et al. 2016, "Fast and accurate deep network learning by exponential linear units".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.elu", "torch.nn.ELU", "onnx.Elu")
    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    aliases: ClassVar[tuple[str, ...]] = ("ELU", "Elu")

    alpha: Annotated[float, Number(0, 1000)] = setting(1.0, "The floor lies at -alpha.")

    def constants(self) -> tuple[float, ...]:
        return (self.alpha,)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))


@scalar
def _value(x: Any, alpha: Any) -> Any:
    return select(x > 0, x, alpha * expm1(x))


@scalar
def _derivative(y: Any, alpha: Any) -> Any:
    return select(y > 0, like(y, 1), y + alpha)


@kernel
def forward(x: Any, y: Any, alpha: Any) -> None:
    """y = elu(x)."""
    apply(_value, x, y, (alpha,))


@kernel
def backward(y: Any, dy: Any, dx: Any, alpha: Any) -> None:
    """dx = dy · elu'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, (alpha,))
