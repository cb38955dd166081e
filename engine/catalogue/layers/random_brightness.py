"""RandomBrightness: pictures become lighter or darker by chance."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.augmentation import Augmentation, pixels
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.factors import Factor, factor_text
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.component import component, setting
from engine.constraints import Numbers
from engine.kernels.augment import brighten, brighten_back


@component
class RandomBrightness(Augmentation):
    """y = x + u · (highest - lowest value), kept within the range, while training; y = x when predicting.

    u is drawn evenly from the factor's range for every picture.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomBrightness``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomBrightness",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.brightness-6"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"factor": 0.2, "value_range": (-2.0, 2.0)}, ((3, 4, 2),)),
        Example({"factor": (0.1, 0.4), "value_range": (-3.0, 3.0), "seed": 3}, ((2, 2, 1),)),
        Example({"factor": 0.1}, ((2, 3, 1),)),
    )

    factor: Annotated[tuple[float, ...], Factor(-1.0, high=1.0)] = setting(
        help="Largest change either way as a share of the value range, or the lowest and the highest one."
    )
    value_range: Annotated[tuple[float, ...], Numbers(least=2, most=2)] = setting(
        (0.0, 255.0), "The lowest and the highest value that pictures have; 0 and 1 where they were rescaled before."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    @property
    def badge(self) -> str:
        return factor_text(self.factor)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        low, high = sorted(self.value_range)
        return ((self.factor[0] * (high - low), self.factor[1] * (high - low)),)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        lane.call(brighten, pixels(x), self.draw_numbers(lane), *self._words(lane), pixels(y))

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        words = pixels(lane.x[0]), self.drawn(lane), *self._words(lane)
        lane.call(brighten_back, *words, pixels(dy), pixels(dx))

    def _words(self, lane: Lane) -> tuple[Any, ...]:
        low, high = sorted(self.value_range)
        return lane.number_of(low), lane.number_of(high)
