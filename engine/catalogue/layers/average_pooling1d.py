"""AveragePooling1D: the mean of each window of steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.pooling import PADDINGS, average, average_back
from engine.catalogue.layers.sequences import check_sequence, check_steps
from engine.component import component, setting
from engine.constraints import Choice, Whole
from engine.kernels.conv_tables import Axis, window_axis
from engine.tensor_spec import TensorSpec


@component
class AveragePooling1D(Layer):
    """y[i] = mean over the window of x[i·s + u], each feature for itself.

    What lies in the padding does not count.

    Shapes:
        x: (batch, steps, features); output: (batch, steps', features).
    Source: Keras 3, ``keras.layers.AveragePooling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.AveragePooling1D",
        "torch.nn.AvgPool1d",
        "onnx.AveragePool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.blur-linear"
    aliases: ClassVar[tuple[str, ...]] = ("AvgPool1D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 3),)),
        Example({"pool_size": 3, "strides": 1, "padding": "same"}, ((4, 2),)),
    )

    pool_size: Annotated[int, Whole(1, 100_000)] = setting(2, "Steps in the window; 2 halves the sequence.")
    strides: Annotated[int | None, Whole(1, 100_000, none="as pool_size")] = setting(
        None, "How many steps the window moves on."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the ends of the sequence.")

    @property
    def badge(self) -> str:
        return str(self.pool_size)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_sequence("AveragePooling1D", x)
        axis = self._axis(x)
        check_steps("AveragePooling1D", axis)
        return (x.with_shape((axis.out, x.shape[1])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(self.infer(inputs)[0].size * self.pool_size)

    def forward(self, lane: Lane) -> None:
        average(lane, (self._axis(lane.specs[0]),), lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            average_back(lane, (self._axis(lane.specs[0]),), lane.dy[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.average_pool(x[0], (self._axis(out.specs[0]),)),)

    def _axis(self, x: TensorSpec) -> Axis:
        return window_axis(x.sizes[0], self.pool_size, self.strides or self.pool_size, 1, self.padding)
