"""ZeroPadding3D: a shell of zeros around volumes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Frame, Padding
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting


@component
class ZeroPadding3D(Padding):
    """y[h, i, j] = x[h - front, i - top, j - left] inside the volume, 0 around it.

    Shapes:
        x: (batch, depth, height, width, channels);
        output: (batch, front + depth + back, top + height + bottom, left + width + right, channels).
    Source: Keras 3, ``keras.layers.ZeroPadding3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ZeroPadding3D", "torch.nn.ZeroPad3d", "onnx.Pad")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.cube-unfolded"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((2, 3, 2, 2),)),
        Example({"padding": (0, 2, 1)}, ((2, 3, 2, 1),)),
        Example({"padding": ((1, 0), (2, 3), (0, 1))}, ((2, 2, 3, 5),)),
    )
    places: ClassVar[int] = 3

    padding: Annotated[tuple[tuple[int, int], tuple[int, int], tuple[int, int]], Sides(length=6)] = setting(
        ((1, 1), (1, 1), (1, 1)),
        "Zeros in front and behind, above and below, left and right; one number for all sides.",
    )

    @property
    def frame(self) -> Frame:
        return self.padding
