"""Multiply: the product of several branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.merging import Merging
from engine.component import component
from engine.kernels.merging import multiply_into


@component
class Multiply(Merging):
    """y = x_1 · x_2 · ..., number by number.

    Steps that the mask of a branch hides are multiplied as they are, where Keras takes 1.

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Multiply``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Multiply", "torch.mul", "onnx.Mul")
    icon: ClassVar[str] = "mdi6.close"
    operation: ClassVar[str] = "multiply"

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.copy(xs[0], y)
        for x in xs[1:]:
            lane.call(multiply_into, x, y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        for place, dx in enumerate(dxs):
            if dx is None:
                continue
            lane.copy(dy, dx)
            for other, x in enumerate(xs):
                if other != place:
                    lane.call(multiply_into, x, dx)
