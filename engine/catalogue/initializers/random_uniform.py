"""random_uniform: random numbers spread evenly between two bounds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed
from engine.component import component, setting
from engine.constraints import Number


@component
class RandomUniform(Initializer):
    """w uniform from minval to maxval.

    Source: Keras 3, ``keras.initializers.RandomUniform``.
    """

    key: ClassVar[str] = "random_uniform"
    title: ClassVar[str] = "Random uniform"
    aliases: ClassVar[tuple[str, ...]] = ("RandomUniform", "uniform")

    minval: Annotated[float, Number()] = setting(-0.05, "Lower bound.")
    maxval: Annotated[float, Number()] = setting(0.05, "Upper bound.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return self.minval + (self.maxval - self.minval) * random.random(shape)
