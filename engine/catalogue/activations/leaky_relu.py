"""leaky_relu: relu that lets a little of negative numbers through, so that no neuron dies."""

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
from engine.kernels.math import like


@component
class LeakyReLU(Activation):
    """f(x) = x for x > 0, negative_slope · x otherwise.

    Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models"; default of Keras 3.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.leaky_relu", "torch.nn.LeakyReLU", "onnx.LeakyRelu")
    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    aliases: ClassVar[tuple[str, ...]] = ("LeakyReLU", "LeakyRelu")

    negative_slope: Annotated[float, Number(0, 1000)] = setting(0.2, "Slope for negative numbers; 0 is plain relu.")

    def constants(self) -> tuple[float, ...]:
        return (self.negative_slope,)

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return np.where(x > 0, x, self.negative_slope * x)


@scalar
def _value(x: Any, negative_slope: Any) -> Any:
    return select(x > 0, x, negative_slope * x)


@scalar
def _derivative(y: Any, negative_slope: Any) -> Any:
    return select(y > 0, like(y, 1), negative_slope)


@kernel
def forward(x: Any, y: Any, negative_slope: Any) -> None:
    """y = leaky_relu(x)."""
    apply(_value, x, y, (negative_slope,))


@kernel
def backward(y: Any, dy: Any, dx: Any, negative_slope: Any) -> None:
    """dx = dy · leaky_relu'(x), from its output y."""
    apply_chain(_derivative, y, dy, dx, (negative_slope,))
