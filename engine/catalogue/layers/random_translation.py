"""RandomTranslation: pictures are moved by chance."""

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
from engine.kernels.warp import shift_maps


@component
class RandomTranslation(Warped):
    """y = x moved down by u heights and right by v widths while training, y = x when predicting.

    u and v are drawn evenly from the factors' ranges for every picture.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomTranslation``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomTranslation",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.arrow-all"
    maps = shift_maps
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"height_factor": 0.3, "width_factor": 0.2}, ((4, 5, 2),)),
        Example({"height_factor": (-0.4, -0.1), "width_factor": 0.0, "fill_mode": "nearest"}, ((3, 4, 1),)),
        Example({"height_factor": 0.5, "width_factor": 1.0, "fill_mode": "wrap", "seed": 3}, ((3, 4, 1),)),
    )

    height_factor: Annotated[tuple[float, ...], Factor(-1.0, high=1.0)] = setting(
        help="Largest way up or down as a share of the height, or two: the lowest and the highest (positive is down)."
    )
    width_factor: Annotated[tuple[float, ...], Factor(-1.0, high=1.0)] = setting(
        help="Largest way left or right as a share of the width, or two (positive is right)."
    )
    fill_mode: FillMode = fill_mode()
    interpolation: Interpolation = interpolation()
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    fill_value: FillValue = fill_value()

    @property
    def badge(self) -> str:
        return f"{factor_text(self.height_factor)} · {factor_text(self.width_factor)}"

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return (
            (self.height_factor[0], self.height_factor[1]),
            (self.width_factor[0], self.width_factor[1]),
        )
