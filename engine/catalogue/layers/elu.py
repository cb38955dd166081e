"""ELU: bends smoothly into a floor for negative numbers, as a layer."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.functions import Function
from engine.component import Component, component, resolved, setting
from engine.constraints import Number


@component
class ELU(Function):
    """y = x for x > 0, alpha · (e^x - 1) otherwise.

    Shapes:
        output: as the input.
    Source: Clevert et al. 2015, "Fast and accurate deep network learning by exponential linear units"; Keras 3,
        ``keras.layers.ELU``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ELU", "torch.nn.ELU", "onnx.Elu")
    icon: ClassVar[str] = "mdi6.chart-bell-curve-cumulative"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((5,),)), Example({"alpha": 0.5}, ((3, 4),)))

    alpha: Annotated[float, Number(0, 1000)] = setting(1.0, "How deep the floor lies below 0.")

    @property
    def badge(self) -> str:
        return f"{self.alpha:g}"

    @property
    def function(self) -> Component:
        return resolved("activation", {"type": "elu", "alpha": self.alpha})
