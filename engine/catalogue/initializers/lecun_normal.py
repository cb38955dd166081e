"""lecun_normal: keeps the size of signals forward; suits selu."""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import CUT_WIDTH, SEED_HELP, Initializer, Seed, fans, truncated
from engine.component import component, setting


@component
class LecunNormal(Initializer):
    """w truncated normal with standard deviation sqrt(1 / fan_in).

    Source: LeCun et al. 1998, "Efficient backprop".
    """

    key: ClassVar[str] = "lecun_normal"
    title: ClassVar[str] = "LeCun normal"
    aliases: ClassVar[tuple[str, ...]] = ("LecunNormal",)

    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, _ = fans(shape, fan_in, fan_out)
        return sqrt(1 / n_in) / CUT_WIDTH * truncated(random, shape)
