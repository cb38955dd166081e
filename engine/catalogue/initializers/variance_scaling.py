"""variance_scaling: random numbers whose spread follows from the number of connections; Glorot, He and LeCun are it."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import CUT_WIDTH, SEED_HELP, Initializer, Seed, fans, truncated
from engine.component import component, setting
from engine.constraints import Choice, Number

MODES = (
    ("fan_in", "By the inputs of a unit: signals keep their size forward."),
    ("fan_out", "By the outputs of a unit: gradients keep their size backward."),
    ("fan_avg", "By the mean of both."),
)
DISTRIBUTIONS = (
    ("truncated_normal", "A bell without what lies beyond two standard deviations."),
    ("untruncated_normal", "A whole bell."),
    ("uniform", "All numbers between two limits equally often."),
)


@component
class VarianceScaling(Initializer):
    """w random with mean 0 and variance scale / n, where n is the mode's number of connections.

    Source: Keras 3, ``keras.initializers.VarianceScaling``.
    """

    key: ClassVar[str] = "variance_scaling"
    title: ClassVar[str] = "Variance scaling"
    aliases: ClassVar[tuple[str, ...]] = ("VarianceScaling",)

    scale: Annotated[float, Number(0, open_low=True)] = setting(1.0, "Factor on the variance; 2 suits relu.")
    mode: Annotated[str, Choice(MODES)] = setting("fan_in", "Which connections count.")
    distribution: Annotated[str, Choice(DISTRIBUTIONS)] = setting(
        "truncated_normal", "How the numbers are spread around 0."
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        n_in, n_out = fans(shape, fan_in, fan_out)
        count = {"fan_in": n_in, "fan_out": n_out, "fan_avg": (n_in + n_out) / 2}[self.mode]
        variance = self.scale / max(1.0, count)
        if self.distribution == "uniform":
            limit = sqrt(3 * variance)
            return random.uniform(-limit, limit, shape)
        if self.distribution == "untruncated_normal":
            return random.normal(0.0, sqrt(variance), shape)
        return sqrt(variance) / CUT_WIDTH * truncated(random, shape)
