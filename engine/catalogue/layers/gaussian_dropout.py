"""GaussianDropout: multiplies by normally distributed noise while training."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.noise import SEED_HELP, RatedChance, Seed
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.normal import multiply_noise


@component
class GaussianDropout(RatedChance):
    """y = x · (1 + √(rate / (1 - rate)) · n) while training, y = x when predicting; n is standard normal.

    Mean and variance are those of Dropout at this rate, but nothing is lost altogether. The noise is
    hashed from seed, step, layer and the sample's place in the batch, and drawn again backward.

    Shapes:
        output: as the input.
    Source: Srivastava et al. 2014, section 10; Keras 3, ``keras.layers.GaussianDropout``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.GaussianDropout",)
    differences: ClassVar[str] = "The noise is drawn by another generator."
    icon: ClassVar[str] = "mdi6.water-percent"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((9,),)),
        Example({"rate": 0.2, "seed": 3}, ((3, 4),)),
        Example({"rate": 0.0}, ((3,),)),
    )

    rate: Annotated[float, Number(0, 1, open_high=True)] = setting(
        help="As Dropout's rate: the noise has deviation √(rate / (1 - rate)), which is 1 at 0.5."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        self.draw(lane, multiply_noise, x, y, lane.number_of(sqrt(self.rate / (1 - self.rate))))

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        self.change(lane, dy, dx)
