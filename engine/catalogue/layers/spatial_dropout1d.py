"""SpatialDropout1D: hides whole features while training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.noise import SEED_HELP, Seed
from engine.catalogue.layers.spatial_dropout import SpatialDropout
from engine.component import component, setting
from engine.constraints import Number


@component
class SpatialDropout1D(SpatialDropout):
    """y = x · mask / (1 - rate) while training, y = x when predicting; the mask is one number for a whole feature.

    It is the same for every step of a sample's feature: neighbours are so alike that dropping single
    numbers would hide nothing.

    Shapes:
        x: (batch, steps, features); output: the same.
    Source: Tompson et al. 2015, "Efficient object localization"; Keras 3, ``keras.layers.SpatialDropout1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.SpatialDropout1D", "torch.nn.Dropout1d")
    differences: ClassVar[str] = "Which features are dropped is drawn by another generator."
    icon: ClassVar[str] = "mdi6.layers-off-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((5, 9),)),
        Example({"rate": 0.2, "seed": 3}, ((2, 4),)),
    )
    places: ClassVar[int] = 1

    rate: Annotated[float, Number(0, 1)] = setting(
        help="Share of the features set to 0 in each training step, against overfitting; 0.1 to 0.3 is usual."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)
