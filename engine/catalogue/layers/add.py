"""Add: the sum of several branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.merging import Merging
from engine.component import component
from engine.kernels.elementwise import add_into


@component
class Add(Merging):
    """y = x_1 + x_2 + ...

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Add``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Add", "torch.add", "onnx.Add")
    icon: ClassVar[str] = "mdi6.plus"

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.copy(xs[0], y)
        for x in xs[1:]:
            lane.call(add_into, x, y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        for dx in dxs:
            if dx is not None:
                lane.copy(dy, dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.add(x),)
