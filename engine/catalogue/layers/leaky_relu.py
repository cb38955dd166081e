"""LeakyReLU: relu that lets a little of negative numbers through, as a layer."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.functions import Function
from engine.component import Component, component, resolved, setting
from engine.constraints import Number


@component
class LeakyReLU(Function):
    """y = x for x > 0, negative_slope · x otherwise.

    Shapes:
        output: as the input.
    Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models"; Keras 3,
        ``keras.layers.LeakyReLU`` (whose default slope differs from the activation function's 0.2).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.LeakyReLU", "torch.nn.LeakyReLU", "onnx.LeakyRelu")
    differences: ClassVar[str] = "PyTorch's and ONNX's slope is 0.01 by default."
    icon: ClassVar[str] = "mdi6.chart-line-variant"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"negative_slope": 0.1}, ((3, 4),)),
    )

    negative_slope: Annotated[float, Number(0, 1000)] = setting(
        0.3, "Slope for negative numbers; 0 is plain relu. It keeps neurons from dying."
    )

    @property
    def badge(self) -> str:
        return f"{self.negative_slope:g}"

    @property
    def function(self) -> Component:
        return resolved("activation", {"type": "leaky_relu", "negative_slope": self.negative_slope})
