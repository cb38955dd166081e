"""Average: the mean of several branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.merging import Merging
from engine.component import component
from engine.kernels.elementwise import add_into
from engine.kernels.merging import scale_shift


@component
class Average(Merging):
    """y = (x_1 + x_2 + ... + x_n) / n.

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Average``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Average", "onnx.Mean")
    icon: ClassVar[str] = "mdi6.approximately-equal"
    operation: ClassVar[str] = "average"

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.copy(xs[0], y)
        for x in xs[1:]:
            lane.call(add_into, x, y)
        lane.call(scale_shift, y, lane.number_of(1 / len(xs)), lane.number_of(0), y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        for dx in dxs:
            if dx is not None:
                lane.call(scale_shift, dy, lane.number_of(1 / len(xs)), lane.number_of(0), dx)
