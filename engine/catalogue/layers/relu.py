"""ReLU: relu with a ceiling, a slope for negative numbers and a threshold, as a layer."""

from __future__ import annotations

from math import inf
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes, rows
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.leaky import bent, bent_back
from engine.tensor_spec import TensorSpec


@component
class ReLU(Layer):
    """y = x for x > threshold, negative_slope · (x - threshold) otherwise; at most max_value.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.ReLU``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ReLU", "torch.nn.ReLU", "onnx.Relu")
    category: ClassVar[str] = "Activation"
    icon: ClassVar[str] = "mdi6.trending-up"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"max_value": 6.0}, ((3, 4),)),
        Example({"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.5}, ((3, 4),)),
    )

    max_value: Annotated[float | None, Number(0, 1e30, none="no ceiling")] = setting(
        None, "Numbers above it become it; 6 is what small networks for phones use."
    )
    negative_slope: Annotated[float, Number(0, 1000)] = setting(0.0, "Slope below the threshold; 0 is plain relu.")
    threshold: Annotated[float, Number(0, 1e30)] = setting(
        0.0, "Only what lies above it passes through unchanged.", advanced=True
    )

    @property
    def badge(self) -> str:
        return "" if self.max_value is None else f"≤ {self.max_value:g}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axes("ReLU", inputs[0])
        return inputs

    def forward(self, lane: Lane) -> None:
        lane.call(bent, rows(lane.x[0]), rows(lane.y[0]), *self._numbers(lane))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            lane.call(bent_back, rows(lane.x[0]), rows(lane.dy[0]), rows(lane.dx[0]), *self._numbers(lane))

    def value(self, x: Any) -> Any:
        """The same function in plain numpy, which emitters write down."""
        y = np.where(x > self.threshold, x, self.negative_slope * (x - self.threshold))
        return y if self.max_value is None else np.minimum(y, self.max_value)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.activation(self, x[0]),)

    def _numbers(self, lane: Lane) -> tuple[Any, ...]:
        top = inf if self.max_value is None else self.max_value
        return tuple(map(lane.number_of, (top, self.negative_slope, self.threshold)))
