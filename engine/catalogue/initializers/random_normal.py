"""random_normal: bell-shaped random numbers of a fixed width."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed
from engine.component import component, setting
from engine.constraints import Number


@component
class RandomNormal(Initializer):
    """w normal with the given mean and standard deviation.

    Source: Keras 3, ``keras.initializers.RandomNormal``.
    """

    key: ClassVar[str] = "random_normal"
    title: ClassVar[str] = "Random normal"
    aliases: ClassVar[tuple[str, ...]] = ("RandomNormal", "normal")

    mean: Annotated[float, Number()] = setting(0.0, "Centre of the bell.")
    stddev: Annotated[float, Number(0)] = setting(0.05, "Width of the bell: its standard deviation.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return random.normal(self.mean, self.stddev, shape)
