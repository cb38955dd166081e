"""Multiply: the product of several branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Lane
from engine.catalogue.layers.merging import Merging, flat, unite
from engine.component import component
from engine.kernels.merging import multiply_into


@component
class Multiply(Merging):
    """y = x_1 · x_2 · ..., number by number.

    Shapes:
        all inputs: the same; output: as the inputs.
    Source: Keras 3, ``keras.layers.Multiply``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Multiply", "torch.mul", "onnx.Mul")
    icon: ClassVar[str] = "mdi6.close"
    operation: ClassVar[str] = "multiply"

    def forward(self, lane: Lane) -> None:
        first, *rest = lane.x
        lane.copy(first, lane.y[0])
        for x in rest:
            lane.call(multiply_into, flat(x), flat(lane.y[0]))
        unite(lane)

    def backward(self, lane: Lane) -> None:
        for place, dx in enumerate(lane.dx):
            if dx is None:
                continue
            lane.copy(lane.dy[0], dx)
            for other, x in enumerate(lane.x):
                if other != place:
                    lane.call(multiply_into, flat(x), flat(dx))
