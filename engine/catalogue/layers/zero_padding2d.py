"""ZeroPadding2D: a border of zeros around images."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting
from engine.tensor_spec import TensorSpec


@component
class ZeroPadding2D(Moving):
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
    def badge(self) -> str:
        return _text(self.padding)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_image("ZeroPadding2D", x)
        height, width, channels = x.sizes
        return (x.with_shape((height + sum(self.padding[0]), width + sum(self.padding[1]), channels)),)

    def moved(self, places: Places) -> Places:
        return np.pad(places, (*self.padding, (0, 0)), constant_values=-1)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.pad(x[0], (*self.padding, (0, 0))),)


def _text(sides: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """One number where all sides are equal, else all of them."""
    widths = {width for pair in sides for width in pair}
    return str(*widths) if len(widths) == 1 else " ".join(f"{a}+{b}" for a, b in sides)
