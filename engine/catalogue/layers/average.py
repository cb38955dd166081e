"""Average: the mean of several branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Lane
from engine.catalogue.layers.merging import Merging, flat, unite
from engine.component import component
from engine.kernels.elementwise import add_into
from engine.kernels.merging import scale_shift


@component
class Average(Merging):
    """y = (x_1 + x_2 + ... + x_n) / n.

    Shapes:
        all inputs: the same; output: as the inputs.
    Source: Keras 3, ``keras.layers.Average``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Average", "onnx.Mean")
    icon: ClassVar[str] = "mdi6.approximately-equal"
    operation: ClassVar[str] = "average"

    def forward(self, lane: Lane) -> None:
        first, *rest = lane.x
        y = flat(lane.y[0])
        lane.copy(first, lane.y[0])
        for x in rest:
            lane.call(add_into, flat(x), y)
        lane.call(scale_shift, y, lane.number_of(1 / len(lane.x)), lane.number_of(0), y)
        unite(lane)

    def backward(self, lane: Lane) -> None:
        for dx in lane.dx:
            if dx is not None:
                share = lane.number_of(1 / len(lane.x))
                lane.call(scale_shift, flat(lane.dy[0]), share, lane.number_of(0), flat(dx))
