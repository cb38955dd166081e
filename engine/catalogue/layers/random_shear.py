"""RandomShear: pictures are slanted by chance."""

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
from engine.kernels.warp import shear_maps


@component
class RandomShear(Warped):
    """y[r, q] = x[r + v·q, q + u·r] while training, y = x when predicting.

    u and v are drawn evenly from the factors' ranges for every picture; for half of them both change their sign.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomShear``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomShear",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.skew-more"
    maps = shear_maps
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"x_factor": 0.3}, ((4, 5, 2),)),
        Example({"x_factor": (0.1, 0.4), "y_factor": 0.2, "fill_mode": "nearest", "seed": 3}, ((5, 4, 1),)),
    )

    x_factor: Annotated[tuple[float, ...], Factor(0.0, high=1.0)] = setting(
        0.0, "How far rows slide along the width, for each row further down: one number, or lowest and highest."
    )
    y_factor: Annotated[tuple[float, ...], Factor(0.0, high=1.0)] = setting(
        0.0, "How far columns slide along the height, for each column further right: one number, or two."
    )
    interpolation: Interpolation = interpolation()
    fill_mode: FillMode = fill_mode()
    fill_value: FillValue = fill_value()
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    @property
    def badge(self) -> str:
        return f"{factor_text(self.x_factor)} · {factor_text(self.y_factor)}"

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return (
            (self.x_factor[0], self.x_factor[1]),
            (self.y_factor[0], self.y_factor[1]),
            (0.0, 1.0),
        )
