"""glorot_normal: keeps the size of signals in both directions; suits sigmoid and tanh."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import CUT_WIDTH, SEED_HELP, Initializer, Seed, fans, truncated
from engine.component import component, setting


@component
class GlorotNormal(Initializer):
    """w truncated normal with standard deviation sqrt(2 / (fan_in + fan_out)).

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
    """

    key: ClassVar[str] = "glorot_normal"
    title: ClassVar[str] = "Glorot normal"
    aliases: ClassVar[tuple[str, ...]] = ("GlorotNormal", "xavier_normal")

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, n_out = fans(shape, fan_in, fan_out)
        return sqrt(2 / (n_in + n_out)) / CUT_WIDTH * truncated(random, shape)
