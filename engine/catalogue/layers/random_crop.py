"""RandomCrop: a part of each picture, taken where chance wants it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.augmentation import Warped
from engine.catalogue.layers.base import Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.catalogue.layers.resampling import Resampling, fitted
from engine.component import component, setting
from engine.constraints import Whole
from engine.kernels.warp import cut_maps
from engine.tensor_spec import TensorSpec


@component
class RandomCrop(Warped):
    """y = a window of x at a place that chance chooses for the batch; when predicting, x cut and resized to the size.

    What is not larger than the window both ways, and everything when predicting, is cut in the middle to the
    window's proportions and resized, linear between pixels.

    Shapes:
        x: (batch, height', width', channels); output: (batch, height, width, channels).
    Source: Keras 3, ``keras.layers.RandomCrop``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomCrop",)
    differences: ClassVar[str] = (
        "When predicting, Keras 3.15 hands on whole pictures; "
        "here they are cut and resized, as its page says, and exports to Keras write that as Resizing. "
        "The random numbers are others."
    )
    icon: ClassVar[str] = "mdi6.crop"
    shared: ClassVar[bool] = True
    maps = cut_maps
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"height": 2, "width": 3}, ((4, 5, 2),)),
        Example({"height": 3, "width": 2, "seed": 3}, ((3, 6, 1),)),
        Example({"height": 4, "width": 4}, ((3, 5, 1),)),
    )

    height: Annotated[int, Whole(1, 100_000)] = setting(help="Rows of the window.")
    width: Annotated[int, Whole(1, 100_000)] = setting(help="Columns of the window.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    @property
    def badge(self) -> str:
        return f"{self.height}×{self.width}"

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return ((0.0, 1.0), (0.0, 1.0))

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_image(self.key, inputs[0])
        return (inputs[0].with_shape((self.height, self.width, inputs[0].shape[-1])),)

    def forward(self, lane: Lane) -> None:
        if self._cuts(lane):
            self.change(lane, lane.x[0], lane.y[0])
        else:
            self._resampling(lane.specs[0]).forward(lane)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        if self._cuts(lane):
            self.change_back(lane, lane.dy[0], lane.dx[0])
        else:
            self._resampling(lane.specs[0]).backward(lane)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (self._resampling(out.specs[0]).export(out, x[0]),)

    def _cuts(self, lane: Lane) -> bool:
        height, width, _ = lane.specs[0].sizes
        return lane.training and height > self.height and width > self.width

    def _resampling(self, x: TensorSpec) -> Resampling:
        return fitted(x, self.height, self.width)
