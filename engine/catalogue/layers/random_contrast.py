"""RandomContrast: pictures become stronger or paler by chance."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.augmentation import Augmentation, pixels
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.factors import Factor, factor_text
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.component import component, setting
from engine.constraints import Numbers
from engine.kernels.augment import contrast, contrast_back


@component
class RandomContrast(Augmentation):
    """y = (x - m) · u + m, kept within the range, while training, y = x when predicting; m is a channel's mean.

    u is drawn evenly between 1 - lower and 1 + upper for every picture.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomContrast``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomContrast",)
    differences: ClassVar[str] = (
        "One number f means 1 - f to 1 + f, as the page of Keras 3.15 says; "
        "its program draws from 1 to 1 + f. The random numbers are others."
    )
    icon: ClassVar[str] = "mdi6.contrast-box"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"factor": 0.4, "value_range": (-2.0, 2.0)}, ((3, 4, 2),)),
        Example({"factor": (0.1, 0.6), "value_range": (-3.0, 3.0), "seed": 3}, ((2, 2, 1),)),
        Example({"factor": 0.1}, ((2, 3, 1),)),
    )

    factor: Annotated[tuple[float, ...], Factor(0.0, high=1.0, alike=True)] = setting(
        help="Largest change: u lies between 1 - factor and 1 + factor; two numbers say lower and upper apart."
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
        return ((1 - self.factor[0], 1 + self.factor[1]),)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        lane.call(contrast, pixels(x), self.draw_numbers(lane), *self._words(lane), pixels(y))

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        words = pixels(lane.x[0]), self.drawn(lane), *self._words(lane)
        lane.call(contrast_back, *words, pixels(dy), pixels(dx))

    def _words(self, lane: Lane) -> tuple[Any, ...]:
        low, high = sorted(self.value_range)
        return lane.number_of(low), lane.number_of(high), lane.scratch("means", (lane.specs[0].sizes[-1],))
