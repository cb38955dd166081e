"""Activation: an activation function as a layer of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component, Slot, component, setting
from engine.errors import Remedy, ShapeError
from engine.tensor_spec import TensorSpec


@component
class Activation(Layer):
    """y = activation(x), element by element (softmax: along the last axis).

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.Activation``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.Activation",
        "torch.nn.ReLU",
        "torch.nn.Sigmoid",
        "torch.nn.Softmax",
        "onnx.Relu",
        "onnx.Sigmoid",
        "onnx.Softmax",
    )
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.sine-wave"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"activation": "relu"}, ((5,),)),
        Example({"activation": "gelu"}, ((3, 4),)),
        Example({"activation": "softmax"}, ((2, 5),)),
    )

    activation: Annotated[Component, Slot("activation")] = setting(
        "relu", "The function. relu is a good first choice; softmax turns scores into probabilities."
    )

    @property
    def badge(self) -> str:
        return self.activation.key

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if not inputs[0].shape:
            raise ShapeError(
                "Activation needs at least one axis after the batch. Reshape the single number to (1) first.",
                Remedy("Insert Reshape to (1)", "Reshape", (("target_shape", (1,)),)),
            )
        return inputs

    def forward(self, lane: Lane) -> None:
        lane.activate(self.activation, _rows(lane.x[0]), _rows(lane.y[0]))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        dx, dy = _rows(lane.dx[0]), _rows(lane.dy[0])
        if lane.paired:
            lane.copy(dy, dx)
        else:
            lane.activate_backward(self.activation, _rows(lane.x[0]), _rows(lane.y[0]), dy, dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.activation(self.activation, x[0]),)


def _rows(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])
