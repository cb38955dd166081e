"""Softmax: scores become probabilities along an axis, as a layer."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes
from engine.catalogue.layers.trailing import axis_list, check_axis, put_back, room, table, trailing
from engine.component import Component, component, resolved, setting
from engine.constraints import Wholes
from engine.tensor_spec import TensorSpec


@component
class Softmax(Layer):
    """y = e^x / sum of e^x along an axis, or along several together.

    Masks go through; what they hide keeps its share.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.Softmax``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Softmax", "torch.nn.Softmax", "onnx.Softmax")
    category: ClassVar[str] = "Activation"
    icon: ClassVar[str] = "mdi6.percent-outline"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"axis": 1}, ((3, 4),)),
        Example({"axis": (1, 2)}, ((2, 3, 2),)),
    )

    axis: Annotated[tuple[int, ...], Wholes(-8, 8)] = setting(
        (-1,), "The axis whose numbers sum to 1; -1 is the last one, 1 the first after the batch."
    )

    @property
    def badge(self) -> str:
        return "" if self.axis == (-1,) else f"axis {axis_list(self.axis)}"

    @property
    def activation(self) -> Component | None:
        """The function, where a loss may be computed together with it."""
        return resolved("activation", "softmax") if self.axis == (-1,) else None

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axes("Softmax", inputs[0])
        check_axis("Softmax", self.axis, inputs[0])
        return inputs

    def forward(self, lane: Lane) -> None:
        x, y = table(lane, "x", lane.x[0], self.axis), room(lane, "y", lane.y[0], self.axis)
        lane.activate(resolved("activation", "softmax"), x, y)
        put_back(lane, y, lane.y[0], self.axis)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        if lane.paired:
            lane.copy(lane.dy[0], lane.dx[0])
            return
        y, dy = (table(lane, name, array, self.axis) for name, array in (("y", lane.y[0]), ("dy", lane.dy[0])))
        dx = room(lane, "dx", lane.dx[0], self.axis)
        lane.activate_backward(resolved("activation", "softmax"), y, y, dy, dx)
        put_back(lane, dx, lane.dx[0], self.axis)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        softmax = resolved("activation", "softmax")
        return (trailing(out, x[0], self.axis, lambda y: out.activation(softmax, y)),)
