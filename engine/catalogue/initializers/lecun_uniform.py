"""lecun_uniform: keeps the size of signals forward; suits selu."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed, fans
from engine.component import component, setting


@component
class LecunUniform(Initializer):
    """w uniform in ±sqrt(3 / fan_in).

    Source: LeCun et al. 1998, "Efficient backprop".
    """

    key: ClassVar[str] = "lecun_uniform"
    title: ClassVar[str] = "LeCun uniform"
    aliases: ClassVar[tuple[str, ...]] = ("LecunUniform",)

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, _ = fans(shape, fan_in, fan_out)
        limit = sqrt(3 / n_in)
        return random.uniform(-limit, limit, shape)
