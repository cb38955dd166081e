"""Subtract: the difference of two branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Port
from engine.catalogue.layers.merging import Merging
from engine.component import component
from engine.kernels.merging import scale_shift, subtract


@component
class Subtract(Merging):
    """y = x_1 - x_2.

    Shapes:
        both inputs: the same, or 1 along axes that repeat; output: the larger of them.
    Source: Keras 3, ``keras.layers.Subtract``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Subtract", "torch.sub", "onnx.Sub")
    icon: ClassVar[str] = "mdi6.minus"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", many=True, help="Two branches of one shape; the second is taken from the first."),
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4,), (4,))),
        Example({}, ((2, 3), (2, 3))),
        Example({}, ((3, 1), (2, 1, 4))),
    )
    operation: ClassVar[str] = "subtract"
    most: ClassVar[int] = 2

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.call(subtract, xs[0], xs[1], y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        first, second = dxs
        if first is not None:
            lane.copy(dy, first)
        if second is not None:
            lane.call(scale_shift, dy, lane.number_of(-1), lane.number_of(0), second)
