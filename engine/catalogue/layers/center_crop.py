"""CenterCrop: the middle of each picture."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.resampling import Line, Resampling, fitted
from engine.component import component, setting
from engine.constraints import Whole
from engine.tensor_spec import TensorSpec


@component
class CenterCrop(Layer):
    """y[i, j] = x[i + (height' - height) // 2, j + (width' - width) // 2].

    A picture that is too small either way is cut to the new proportions and enlarged, linear between pixels.

    Shapes:
        x: (batch, height', width', channels); output: (batch, height, width, channels).
    Source: Keras 3, ``keras.layers.CenterCrop``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.CenterCrop",)
    category: ClassVar[str] = "Preprocessing"
    icon: ClassVar[str] = "mdi6.image-filter-center-focus"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"height": 2, "width": 3}, ((5, 4, 2),)),
        Example({"height": 3, "width": 5}, ((4, 3, 1),)),
    )

    height: Annotated[int, Whole(1, 100_000)] = setting(help="Rows that are kept.")
    width: Annotated[int, Whole(1, 100_000)] = setting(help="Columns that are kept.")

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
        height, width, _ = x.sizes
        if height < self.height or width < self.width:
            return fitted(x, self.height, self.width)
        return Resampling(
            Line(height, (height - self.height) // 2, self.height, self.height),
            Line(width, (width - self.width) // 2, self.width, self.width),
        )
