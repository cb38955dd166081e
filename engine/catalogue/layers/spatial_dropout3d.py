"""SpatialDropout3D: hides whole channels of volumes while training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.catalogue.layers.spatial_dropout import SpatialDropout
from engine.component import component, setting
from engine.constraints import Number


@component
class SpatialDropout3D(SpatialDropout):
    """y = x · mask / (1 - rate) while training, y = x when predicting; the mask is one number for a whole channel.

    It is the same for every place of a sample's volume: neighbours are so alike that dropping single
    numbers would hide nothing.

    Shapes:
        x: (batch, depth, height, width, channels); output: the same.
    Source: Tompson et al. 2015, "Efficient object localization"; Keras 3, ``keras.layers.SpatialDropout3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.SpatialDropout3D", "torch.nn.Dropout3d")
    differences: ClassVar[str] = "Which channels are dropped is drawn by another generator."
    icon: ClassVar[str] = "mdi6.layers-off-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((2, 3, 2, 9),)),
        Example({"rate": 0.2, "seed": 3}, ((2, 1, 2, 4),)),
    )
    places: ClassVar[int] = 3

    rate: Annotated[float, Number(0, 1)] = setting(
        help="Share of the channels set to 0 in each training step, against overfitting; 0.1 to 0.3 is usual."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)
