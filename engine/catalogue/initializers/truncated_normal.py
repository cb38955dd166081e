"""truncated_normal: bell-shaped random numbers without outliers."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed, truncated
from engine.component import component, setting
from engine.constraints import Number


@component
class TruncatedNormal(Initializer):
    """w normal, drawn again when further than two standard deviations from the mean.

    Source: Keras 3, ``keras.initializers.TruncatedNormal``. As there, stddev is that of
    the whole bell; what is left of it has 0.88 of that.
    """

    key: ClassVar[str] = "truncated_normal"
    title: ClassVar[str] = "Truncated normal"
    aliases: ClassVar[tuple[str, ...]] = ("TruncatedNormal",)

    mean: Annotated[float, Number()] = setting(0.0, "Centre of the bell.")
    stddev: Annotated[float, Number(0)] = setting(0.05, "Width of the bell before its ends are cut off.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return self.mean + self.stddev * truncated(random, shape)
