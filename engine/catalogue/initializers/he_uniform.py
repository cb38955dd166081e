"""he_uniform: keeps the size of signals through relu."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed, fans
from engine.component import component, setting


@component
class HeUniform(Initializer):
    """w uniform in ±sqrt(6 / fan_in).

    Source: He et al. 2015, "Delving deep into rectifiers".
    """

    key: ClassVar[str] = "he_uniform"
    title: ClassVar[str] = "He uniform"
    aliases: ClassVar[tuple[str, ...]] = ("HeUniform",)

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, _ = fans(shape, fan_in, fan_out)
        limit = sqrt(6 / n_in)
        return random.uniform(-limit, limit, shape)
