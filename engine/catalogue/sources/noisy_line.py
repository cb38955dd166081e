"""NoisyLine: points near a straight line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import MADE_UP, Count, Seed, count_setting, generator, seed_setting
from engine.component import component, setting
from engine.constraints import Number

SLANT = Number(-100, 100)


@component
class NoisyLine(Source):
    """y = slope · x + intercept + noise, for x from -1 to 1: the simplest thing to learn, by one neuron.

    Shapes:
        x: (samples, 1); y: (samples, 1).
    """

    title: ClassVar[str] = "Line with noise"
    icon: ClassVar[str] = "mdi6.chart-line-variant"

    slope: Annotated[float, SLANT] = setting(2.0, "How steep the line is: the weight that should be found.")
    intercept: Annotated[float, SLANT] = setting(1.0, "Height of the line at x = 0: the bias that should be found.")
    samples: Count = count_setting(500)
    noise: Annotated[float, Number(0, 100)] = setting(
        0.2, "How far points stray from the line (standard deviation). Its square is the loss that remains."
    )
    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        random = generator(self.seed)
        x = random.uniform(-1, 1, (self.samples, 1))
        y = self.slope * x + self.intercept + self.noise * random.standard_normal(x.shape)
        return Dataset(
            {"x": Field(x.astype(np.float32))}, {"y": Field(y.astype(np.float32))}, notes=(MADE_UP,)
        )  # fmt: skip

    def summary(self) -> str:
        return f"{self.samples:,} points near y = {self.slope:g} · x + {self.intercept:g}, made up"
