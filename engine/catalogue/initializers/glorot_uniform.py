"""glorot_uniform: keeps the size of signals in both directions; suits sigmoid and tanh."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed, fans
from engine.component import component, setting


@component
class GlorotUniform(Initializer):
    """w uniform in ±sqrt(6 / (fan_in + fan_out)).

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
    """

    key: ClassVar[str] = "glorot_uniform"
    title: ClassVar[str] = "Glorot uniform"
    aliases: ClassVar[tuple[str, ...]] = ("GlorotUniform", "xavier_uniform")

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, n_out = fans(shape, fan_in, fan_out)
        limit = sqrt(6 / (n_in + n_out))
        return random.uniform(-limit, limit, shape)
