"""ZeroPadding2D: a border of zeros around images."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Frame, Padding
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting


@component
class ZeroPadding2D(Padding):
    """y[i, j] = x[i - top, j - left] inside the image, 0 around it.

    Shapes:
        x: (batch, height, width, channels); output: (batch, top + height + bottom, left + width + right, channels).
    Source: Keras 3, ``keras.layers.ZeroPadding2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ZeroPadding2D", "torch.nn.ZeroPad2d", "onnx.Pad")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.border-outside"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 2, 2),)),
        Example({"padding": (0, 2)}, ((2, 3, 1),)),
        Example({"padding": ((1, 0), (2, 3))}, ((3, 2, 5),)),
    )

    padding: Annotated[tuple[tuple[int, int], tuple[int, int]], Sides()] = setting(
        ((1, 1), (1, 1)), "Rows of zeros above and below, columns of zeros left and right; one number for all sides."
    )

    @property
    def frame(self) -> Frame:
        return self.padding
