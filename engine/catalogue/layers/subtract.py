"""Subtract: the difference of two branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Example, Lane, Port
from engine.catalogue.layers.merging import Merging, flat, unite
from engine.component import component
from engine.kernels.merging import scale_shift, subtract


@component
class Subtract(Merging):
    """y = x_1 - x_2.

    Shapes:
        both inputs: the same; output: as the inputs.
    Source: Keras 3, ``keras.layers.Subtract``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Subtract", "torch.sub", "onnx.Sub")
    icon: ClassVar[str] = "mdi6.minus"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", many=True, help="Two branches of one shape; the second is taken from the first."),
    )
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((4,), (4,))), Example({}, ((2, 3), (2, 3))))
    operation: ClassVar[str] = "subtract"
    most: ClassVar[int] = 2

    def forward(self, lane: Lane) -> None:
        lane.call(subtract, flat(lane.x[0]), flat(lane.x[1]), flat(lane.y[0]))
        unite(lane)

    def backward(self, lane: Lane) -> None:
        first, second = lane.dx
        if first is not None:
            lane.copy(lane.dy[0], first)
        if second is not None:
            lane.call(scale_shift, flat(lane.dy[0]), lane.number_of(-1), lane.number_of(0), flat(second))
