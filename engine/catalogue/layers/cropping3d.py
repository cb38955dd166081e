"""Cropping3D: takes a shell off volumes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Cropping, Frame
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting


@component
class Cropping3D(Cropping):
    """y[h, i, j] = x[h + front, i + top, j + left].

    Shapes:
        x: (batch, depth, height, width, channels);
        output: (batch, depth - front - back, height - top - bottom, width - left - right, channels).
    Source: Keras 3, ``keras.layers.Cropping3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Cropping3D", "torch.narrow", "onnx.Slice")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.cube-scan"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 4, 3, 2),)),
        Example({"cropping": ((1, 0), (2, 1), (0, 1))}, ((3, 5, 2, 3),)),
    )
    places: ClassVar[int] = 3

    cropping: Annotated[tuple[tuple[int, int], tuple[int, int], tuple[int, int]], Sides(length=6)] = setting(
        ((1, 1), (1, 1), (1, 1)),
        "Places taken off in front and behind, above and below, left and right; one number for all sides.",
    )

    @property
    def frame(self) -> Frame:
        return self.cropping
