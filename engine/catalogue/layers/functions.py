"""What layers share that are an activation function with settings of their own."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component
from engine.errors import Remedy, ShapeError
from engine.tensor_spec import TensorSpec


class Function(Layer):
    """y = function(x), element by element."""

    category: ClassVar[str] = "Activation"
    supports_masking: ClassVar[bool] = True

    @property
    def function(self) -> Component:
        """The activation function that it computes."""
        raise TypeError(f"{type(self).__name__} names no function")

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axes(self.key, inputs[0])
        return inputs

    def forward(self, lane: Lane) -> None:
        lane.activate(self.function, rows(lane.x[0]), rows(lane.y[0]))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            x, y, dy, dx = rows(lane.x[0]), rows(lane.y[0]), rows(lane.dy[0]), rows(lane.dx[0])
            lane.activate_backward(self.function, x, y, dy, dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.activation(self.function, x[0]),)


def check_axes(layer: str, x: TensorSpec) -> None:
    """Refuse a single number per sample.

    Raises:
        ShapeError: with a Reshape as remedy.
    """
    if not x.shape:
        raise ShapeError(
            f"{layer} needs at least one axis after the batch. Reshape the single number to (1) first.",
            Remedy("Insert Reshape to (1)", "Reshape", (("target_shape", (1,)),)),
        )


def rows(array: Array) -> Array:
    """The array as rows along its last axis."""
    return array.reshape(-1, array.shape[-1])
