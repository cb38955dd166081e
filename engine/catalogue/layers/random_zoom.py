"""RandomZoom: pictures come nearer or go away by chance."""

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
from engine.kernels.warp import zoom_maps


@component
class RandomZoom(Warped):
    """y = x made smaller by 1 + u (larger where u is negative) around its middle while training, else y = x.

    u is drawn evenly from the factor's range for every picture; with a width factor, the width has its own.

    Shapes:
        x: (batch, height, width, channels); output: as the input.
    Source: Keras 3, ``keras.layers.RandomZoom``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RandomZoom",)
    differences: ClassVar[str] = "The random numbers are others than those of Keras."
    icon: ClassVar[str] = "mdi6.magnify"
    maps = zoom_maps
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"height_factor": 0.4}, ((4, 5, 2),)),
        Example({"height_factor": (-0.5, -0.2), "width_factor": 0.3, "fill_mode": "constant"}, ((5, 4, 1),)),
        Example({"height_factor": 1.0, "interpolation": "nearest", "seed": 3}, ((3, 4, 1),)),
    )

    height_factor: Annotated[tuple[float, ...], Factor(-1.0, high=1.0, open_low=True)] = setting(
        help="Largest change of the size either way; 0.2 is 20 %. Two numbers: negative ones enlarge, positive shrink."
    )
    width_factor: Annotated[
        tuple[float, ...] | None, Factor(-1.0, high=1.0, open_low=True, none="as the height, so shapes stay")
    ] = setting(None, "The same for the width alone.")
    fill_mode: FillMode = fill_mode()
    interpolation: Interpolation = interpolation()
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    fill_value: FillValue = fill_value()

    @property
    def badge(self) -> str:
        return factor_text(self.height_factor)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        return tuple((1 + factor[0], 1 + factor[1]) for factor in (self.height_factor, self.width_factor) if factor)
