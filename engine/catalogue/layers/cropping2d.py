"""Cropping2D: takes a border off images."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.sides import Sides
from engine.component import component, setting
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec


@component
class Cropping2D(Moving):
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

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_image("Cropping2D", x)
        height, width, channels = x.sizes
        rows, columns = height - sum(self.cropping[0]), width - sum(self.cropping[1])
        if rows < 1 or columns < 1:
            raise ShapeError(
                f"Cropping2D takes {sum(self.cropping[0])} rows and {sum(self.cropping[1])} columns off an image of "
                f"{height} × {width}, so nothing is left. Crop less."
            )
        return (x.with_shape((rows, columns, channels)),)

    def moved(self, places: Places) -> Places:
        (top, bottom), (left, right) = self.cropping
        return places[top : places.shape[0] - bottom, left : places.shape[1] - right]

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.crop(x[0], (*self.cropping, (0, 0))),)
