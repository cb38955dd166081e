"""he_normal: keeps the size of signals through relu."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import CUT_WIDTH, SEED_HELP, Initializer, Seed, fans, truncated
from engine.component import component, setting


@component
class HeNormal(Initializer):
    """w truncated normal with standard deviation sqrt(2 / fan_in).

    Source: He et al. 2015, "Delving deep into rectifiers".
    """

    key: ClassVar[str] = "he_normal"
    title: ClassVar[str] = "He normal"
    aliases: ClassVar[tuple[str, ...]] = ("HeNormal",)

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, _ = fans(shape, fan_in, fan_out)
        return sqrt(2 / n_in) / CUT_WIDTH * truncated(random, shape)
