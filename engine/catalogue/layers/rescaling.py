"""Rescaling: the numbers in another unit, such as pixels from 0 to 1."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.merging import scale_shift
from engine.tensor_spec import TensorSpec


@component
class Rescaling(Layer):
    """y = x · scale + offset.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.Rescaling`` (there scale and offset may also be lists, one number per channel).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Rescaling", "onnx.Mul", "onnx.Add")
    differences: ClassVar[str] = (
        "scale and offset are one number each; in Keras they may be lists, one number per channel."
    )
    category: ClassVar[str] = "Preprocessing"
    icon: ClassVar[str] = "mdi6.ruler"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"scale": 0.5}, ((5,),)),
        Example({"scale": 2.0, "offset": -1.0}, ((3, 4),)),
    )

    scale: Annotated[float, Number()] = setting(help="Factor; 1/255 = 0.00392157 turns bytes into 0 to 1.")
    offset: Annotated[float, Number()] = setting(0.0, "Added afterwards; -1 with a scale of 1/127.5 gives -1 to 1.")

    @property
    def badge(self) -> str:
        return f"× {self.scale:.4g}" + (f" {self.offset:+.4g}" if self.offset else "")

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axes("Rescaling", inputs[0])
        return inputs

    def forward(self, lane: Lane) -> None:
        self._line(lane, lane.x[0], lane.y[0], self.offset)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            self._line(lane, lane.dy[0], lane.dx[0], 0.0)

    def value(self, x: Any) -> Any:
        """The same in plain numpy, which emitters write down."""
        return x * self.scale + self.offset

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.activation(self, x[0]),)

    def _line(self, lane: Lane, source: Array, target: Array, offset: float) -> None:
        flat = source.reshape(lane.rows, -1), target.reshape(lane.rows, -1)
        lane.call(scale_shift, flat[0], lane.number_of(self.scale), lane.number_of(offset), flat[1])
