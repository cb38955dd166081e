"""Resizing: pictures of another size."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.augmentation import INTERPOLATIONS
from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.resampling import Line, Resampling, fitted, padded
from engine.component import component, setting
from engine.constraints import Choice, Flag, Number, Whole
from engine.errors import ParameterError
from engine.tensor_spec import TensorSpec


@component
class Resizing(Layer):
    """y[i, j] = x at row (i + 1/2) · height' / height - 1/2 and column (j + 1/2) · width' / width - 1/2.

    Between pixels it is linear, or the nearest; the outermost go on beyond the border. With ``antialias`` a shrinking
    picture's new pixels are weighted means of all that they cover.

    Shapes:
        x: (batch, height', width', channels); output: (batch, height, width, channels).
    Source: Keras 3, ``keras.layers.Resizing`` (there bicubic and Lanczos interpolation exist too).
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.Resizing",
        "torch.nn.functional.interpolate",
        "onnx.Resize",
    )
    differences: ClassVar[str] = "Bicubic and Lanczos interpolation of Keras are left out."
    category: ClassVar[str] = "Preprocessing"
    icon: ClassVar[str] = "mdi6.resize"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"height": 5, "width": 3}, ((3, 4, 2),)),
        Example({"height": 2, "width": 7, "interpolation": "nearest"}, ((5, 3, 1),)),
        Example({"height": 4, "width": 4, "crop_to_aspect_ratio": True}, ((3, 6, 2),)),
        Example({"height": 3, "width": 4, "pad_to_aspect_ratio": True, "fill_value": 0.5}, ((5, 2, 2),)),
        Example({"height": 2, "width": 3, "antialias": True}, ((7, 8, 1),)),
    )

    height: Annotated[int, Whole(1, 100_000)] = setting(help="Rows of the new pictures.")
    width: Annotated[int, Whole(1, 100_000)] = setting(help="Columns of the new pictures.")
    interpolation: Annotated[str, Choice(INTERPOLATIONS)] = setting("bilinear", "What stands between the old pixels.")
    crop_to_aspect_ratio: Annotated[bool, Flag()] = setting(
        False, "Cut the sides that are too long, so that nothing is stretched."
    )
    pad_to_aspect_ratio: Annotated[bool, Flag()] = setting(
        False, "Add borders to the sides that are too short, so that nothing is stretched or cut.", advanced=True
    )
    fill_value: Annotated[float, Number()] = setting(0.0, "The value of such borders.", advanced=True)
    antialias: Annotated[bool, Flag()] = setting(
        False, "Where pictures shrink, look at every old pixel; fine patterns then do not flicker.", advanced=True
    )

    def __post_init__(self) -> None:
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ParameterError(
                self.key, None, "only one of crop_to_aspect_ratio and pad_to_aspect_ratio may be True; received both"
            )

    @property
    def badge(self) -> str:
        return f"{self.height}×{self.width}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_image(self.key, inputs[0])
        return (inputs[0].with_shape((self.height, self.width, inputs[0].shape[-1])),)

    def forward(self, lane: Lane) -> None:
        self.resampling(lane.specs[0]).forward(lane)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            self.resampling(lane.specs[0]).backward(lane)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (self.resampling(out.specs[0]).export(out, x[0]),)

    def resampling(self, x: TensorSpec) -> Resampling:
        """What it does to pictures of this shape."""
        blend = self.interpolation == "bilinear"
        if self.crop_to_aspect_ratio:
            return fitted(x, self.height, self.width, blend, self.antialias)
        if self.pad_to_aspect_ratio:
            return padded(x, self.height, self.width, blend, self.antialias, self.fill_value)
        height, width, _ = x.sizes
        return Resampling(
            Line(height, 0, height, self.height, blend, self.antialias),
            Line(width, 0, width, self.width, blend, self.antialias),
        )
