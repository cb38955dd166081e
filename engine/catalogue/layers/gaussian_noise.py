"""GaussianNoise: adds normally distributed noise while training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.noise import SEED_HELP, Chance, Seed
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.normal import add_noise


@component
class GaussianNoise(Chance):
    """y = x + stddev · n while training, y = x when predicting; n follows the standard normal distribution.

    The noise is hashed from seed, step, layer and the sample's place in the batch.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.GaussianNoise``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.GaussianNoise",)
    differences: ClassVar[str] = "The noise is drawn by another generator."
    icon: ClassVar[str] = "mdi6.grain"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"stddev": 0.5}, ((9,),)),
        Example({"stddev": 0.1, "seed": 3}, ((3, 4),)),
        Example({"stddev": 0.0}, ((3,),)),
    )

    stddev: Annotated[float, Number(0, 1)] = setting(
        help="Standard deviation of the noise: a network that must answer alike through it learns no single pixel."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    @property
    def badge(self) -> str:
        return f"± {self.stddev:g}"

    @property
    def acts(self) -> bool:
        return self.stddev > 0

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        self.draw(lane, add_noise, x, y, lane.number_of(self.stddev))

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        lane.copy(dy, dx)
