"""What layers share that change pictures by chance while training, so that a network learns from more of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Kernel, Lane
from engine.catalogue.layers.images import check_image
from engine.catalogue.layers.noise import Chance
from engine.component import setting
from engine.constraints import Choice, Number
from engine.kernels.augment import draw_uniform
from engine.kernels.warp import CONSTANT, NEAREST, REFLECT, WRAP, warp, warp_back
from engine.tensor_spec import TensorSpec

FILLS = {"constant": CONSTANT, "nearest": NEAREST, "reflect": REFLECT, "wrap": WRAP}
FILL_MODES = (
    ("reflect", "The picture goes on as if mirrored at its borders: d c b a | a b c d | d c b a."),
    ("constant", "One value, given by fill value."),
    ("nearest", "The pixels at the border go on: a a a a | a b c d | d d d d."),
    ("wrap", "The picture begins anew: a b c d | a b c d | a b c d."),
)
INTERPOLATIONS = (
    ("bilinear", "Between the middles of pixels the values run in straight lines."),
    ("nearest", "Every pixel is one of the old ones."),
)
FillMode = Annotated[str, Choice(FILL_MODES)]
Interpolation = Annotated[str, Choice(INTERPOLATIONS)]
FillValue = Annotated[float, Number()]


def fill_mode() -> Any:
    """The parameter ``fill_mode``."""
    return setting("reflect", "What is seen beyond the borders of the picture.", advanced=True)


def interpolation() -> Any:
    """The parameter ``interpolation``."""
    return setting("bilinear", "What is seen between the pixels.", advanced=True)


def fill_value() -> Any:
    """The parameter ``fill_value``."""
    return setting(0.0, "The value beyond the borders with the fill mode constant.", advanced=True)


class Augmentation(Chance):
    """y = x when predicting; while training every picture of a batch is changed by numbers of its own.

    The numbers are hashed from seed, step, layer and the picture's place in the batch.
    """

    category: ClassVar[str] = "Augmentation"
    icon: ClassVar[str] = "mdi6.auto-fix"
    shared: ClassVar[bool] = False  # all pictures of a batch get the same numbers

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """From where to where each of a picture's numbers is drawn."""
        raise TypeError(f"{type(self).__name__} draws nothing")

    @property
    def acts(self) -> bool:
        return True

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_image(self.key, inputs[0])
        return inputs

    def drawn(self, lane: Lane) -> Array:
        """Where a shard's numbers are kept: (rows, numbers)."""
        return lane.buffer("drawn", (len(self.bounds),), np.float64)

    def draw_numbers(self, lane: Lane) -> Array:
        """List the drawing of a shard's numbers."""
        drawn, bounds = self.drawn(lane), np.array(self.bounds, np.float64)
        seed = -1 if self.seed is None else self.seed
        first, step = (0, 0) if self.shared else (lane.first, 1)
        lane.call(draw_uniform, lane.clock, seed, lane.number, first, step, bounds, drawn)
        return drawn


class Warped(Augmentation):
    """Pictures seen through an affine map that is drawn for each of them."""

    fill_mode: str = "nearest"
    interpolation: str = "nearest"
    fill_value: float = 0.0
    maps: ClassVar[Kernel]

    def list_maps(self, lane: Lane, drawn: Array, maps: Array) -> None:
        """List what turns numbers into maps."""
        height, width, _ = lane.specs[0].sizes
        lane.call(type(self).maps, drawn, height, width, maps)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        maps = self._maps(lane)
        self.list_maps(lane, self.draw_numbers(lane), maps)
        lane.call(warp, x, maps, *self._words(lane), y)

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        lane.call(warp_back, dy, self._maps(lane), *self._words(lane), dx)

    def _maps(self, lane: Lane) -> Array:
        return lane.buffer("maps", (6,), np.float64)

    def _words(self, lane: Lane) -> tuple[Any, ...]:
        return self.interpolation == "bilinear", FILLS[self.fill_mode], lane.number_of(self.fill_value)


def pixels(pictures: Array) -> Array:
    """Pictures as (rows, pixels, channels)."""
    return pictures.reshape(pictures.shape[0], -1, pictures.shape[-1])
