"""MaxPooling1D: keeps the strongest answer of each window of steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.pooling import PADDINGS, winners
from engine.catalogue.layers.sequences import check_sequence, check_steps
from engine.component import component, setting
from engine.constraints import Choice, Whole
from engine.kernels.conv_tables import Axis, window_axis
from engine.kernels.pool import max_pool, max_pool_backward
from engine.tensor_spec import TensorSpec


@component
class MaxPooling1D(Layer):
    """y[i] = max over the window of x[i·s + u], each feature for itself.

    Shapes:
        x: (batch, steps, features); output: (batch, steps', features).
    Source: Keras 3, ``keras.layers.MaxPooling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.MaxPooling1D", "torch.nn.MaxPool1d", "onnx.MaxPool")
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.arrow-collapse-horizontal"
    aliases: ClassVar[tuple[str, ...]] = ("MaxPool1D",)
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
        check_sequence("MaxPooling1D", x)
        axis = self._axis(x)
        check_steps("MaxPooling1D", axis)
        return (x.with_shape((axis.out, x.shape[1])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(self.infer(inputs)[0].size * self.pool_size)

    def forward(self, lane: Lane) -> None:
        lane.call(max_pool, _line(lane.x[0]), _line(lane.y[0]), self._winners(lane), *self._windows(lane))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            calls = _line(lane.dy[0]), self._winners(lane), _line(lane.dx[0])
            lane.call(max_pool_backward, *calls, *self._windows(lane))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.max_pool(x[0], (self._axis(out.specs[0]),)),)

    def _winners(self, lane: Lane) -> Array:
        return winners(lane, (1, *lane.y[0].shape[1:]), self.pool_size)

    def _windows(self, lane: Lane) -> tuple[int, ...]:
        axis = self._axis(lane.specs[0])
        return (1, axis.kernel, 1, axis.stride, 0, axis.before)

    def _axis(self, x: TensorSpec) -> Axis:
        return window_axis(x.sizes[0], self.pool_size, self.strides or self.pool_size, 1, self.padding)


def _line(x: Array) -> Array:
    """A sequence as an image of one row."""
    return x.reshape(x.shape[0], 1, *x.shape[1:])
