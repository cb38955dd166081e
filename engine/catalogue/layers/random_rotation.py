"""RandomRotation: pictures are turned by chance."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.augmentation import (
    FillMode,
    FillValue,
    Interpolation,
    Warped,
    fill_mode,
    fill_value,
    interpolation,
)
from engine.catalogue.layers.base import Example
from engine.catalogue.layers.factors import Factor, factor_text
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.component import component, setting
from engine.kernels.warp import turn_maps


@component
class RandomRotation(Warped):
    """y = x turned around its middle by u full circles while training, y = x when predicting.

    u is drawn evenly from the factor's range for every picture; positive turns go against the clock.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomRotation``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomRotation",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.rotate-right"
    maps = turn_maps
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"factor": 0.2}, ((4, 5, 2),)),
        Example({"factor": (0.1, 0.3), "fill_mode": "constant", "fill_value": 0.5, "seed": 3}, ((3, 3, 1),)),
        Example({"factor": 0.5, "fill_mode": "wrap", "interpolation": "nearest"}, ((4, 3, 1),)),
    )

    factor: Annotated[tuple[float, ...], Factor(-1.0, high=1.0)] = setting(
        help="Largest turn either way in full circles (0.1 is 36 degrees), or the lowest and the highest one."
    )
    fill_mode: FillMode = fill_mode()
    interpolation: Interpolation = interpolation()
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    fill_value: FillValue = fill_value()

    @property
    def badge(self) -> str:
        return factor_text(self.factor)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return ((self.factor[0], self.factor[1]),)
