"""RandomFlip: pictures are mirrored by chance."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.augmentation import Warped
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.component import component, setting
from engine.constraints import Choice
from engine.kernels.warp import flip_maps

MODES = (
    ("horizontal", "Left and right change places: right for animals and landscapes, wrong for digits and letters."),
    ("vertical", "Top and bottom change places."),
    ("horizontal_and_vertical", "Both at once: half a turn."),
)


@component
class RandomFlip(Warped):
    """y = x mirrored with probability 1/2 while training, y = x when predicting.

    With both directions a picture is mirrored in both or in none, as Keras 3 does it.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomFlip``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomFlip",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.flip-horizontal"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 4, 2),)),
        Example({"mode": "horizontal", "seed": 3}, ((2, 5, 1),)),
        Example({"mode": "vertical"}, ((5, 3, 3),)),
    )

    mode: Annotated[str, Choice(MODES)] = setting("horizontal_and_vertical", "Which sides change places.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    @property
    def badge(self) -> str:
        return self.mode.replace("_", " ").replace(" and ", " + ")

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return ((0.0, 1.0),)

    def list_maps(self, lane: Lane, drawn: Array, maps: Array) -> None:
        height, width, _ = lane.specs[0].sizes
        lane.call(flip_maps, drawn, height, width, "vertical" in self.mode, "horizontal" in self.mode, maps)
