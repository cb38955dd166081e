"""Add: the sum of several branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.merging import unite
from engine.component import component
from engine.errors import Remedy, ShapeError
from engine.kernels.elementwise import add_into
from engine.tensor_spec import TensorSpec


@component
class Add(Layer):
    """y = x_1 + x_2 + ...

    Shapes:
        all inputs: the same; output: as the inputs.
    Source: Keras 3, ``keras.layers.Add``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Add", "torch.add", "onnx.Add")
    category: ClassVar[str] = "Merge"
    icon: ClassVar[str] = "mdi6.plus"
    inputs: ClassVar[tuple[Port, ...]] = (Port("x", many=True, help="Two or more branches of one shape."),)
    makes_mask: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4,), (4,))),
        Example({}, ((2, 3), (2, 3), (2, 3))),
    )

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) < 2:
            raise ShapeError(f"Add needs at least two inputs, but {axis_text(inputs)} alone arrives. Wire another one.")
        if len({spec.shape for spec in inputs}) > 1:
            raise ShapeError(
                f"Add needs inputs of one shape, because it adds number to number; received {axis_text(inputs)}. "
                "Bring the branches to one shape, for example with a Dense or convolution layer, "
                "or join them with Concatenate.",
                _remedy(inputs),
            )
        return (inputs[0],)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (all(spec.masked for spec in inputs),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float((len(inputs) - 1) * inputs[0].size)

    def forward(self, lane: Lane) -> None:
        first, *rest = lane.x
        lane.copy(first, lane.y[0])
        for x in rest:
            lane.call(add_into, _flat(x), _flat(lane.y[0]))
        unite(lane)

    def backward(self, lane: Lane) -> None:
        for dx in lane.dx:
            if dx is not None:
                lane.copy(lane.dy[0], dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.add(x),)


def _remedy(inputs: tuple[TensorSpec, ...]) -> Remedy | None:
    """A Dense into each wire whose last axis differs; where other axes differ too, first a Flatten into all."""
    first = inputs[0]
    if len({spec.shape[:-1] for spec in inputs}) > 1 or len({spec.rank for spec in inputs}) > 1:
        return Remedy("Insert Flatten", "Flatten") if max(spec.rank for spec in inputs) > 2 else None
    if not first.shape or any(spec.shape[-1] is None for spec in inputs):
        return None
    odd = tuple(place for place, spec in enumerate(inputs) if spec.shape != first.shape)
    return Remedy(f"Insert Dense with {first.shape[-1]} units", "Dense", (("units", first.shape[-1]),), odd)


def _flat(x: Array) -> Array:
    return x.reshape(x.shape[0], -1)
