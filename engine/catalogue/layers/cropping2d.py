"""Cropping2D: takes a border off images."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Cropping, Frame
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting


@component
class Cropping2D(Cropping):
    """y[i, j] = x[i + top, j + left].

    Shapes:
        x: (batch, height, width, channels); output: (batch, height - top - bottom, width - left - right, channels).
    Source: Keras 3, ``keras.layers.Cropping2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Cropping2D", "torch.narrow", "onnx.Slice")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.crop"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"cropping": 1}, ((4, 3, 2),)),
        Example({"cropping": ((1, 0), (2, 1))}, ((3, 5, 3),)),
    )

    cropping: Annotated[tuple[tuple[int, int], tuple[int, int]], Sides()] = setting(
        ((0, 0), (0, 0)), "Rows taken off above and below, columns left and right; one number for all sides."
    )

    @property
    def frame(self) -> Frame:
        return self.cropping
