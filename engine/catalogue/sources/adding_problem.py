"""AddingProblem: two numbers of a sequence are marked, their sum is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import MADE_UP, Seed, count_setting, generator, seed_setting
from engine.component import component, setting
from engine.constraints import Whole


@component
class AddingProblem(Source):
    """sum = v_i + v_j, where i and j are the two steps that are marked.

    Every step is a number from 0 to 1 and a mark: 1 at one step of the first half and one of the second,
    else 0. To answer always 1 gives a mean squared error of 1/6 = 0.167; less shows that something was learnt.

    Shapes:
        sequence: (samples, steps, 2), number and mark; sum: (samples, 1).
    Source: Hochreiter, Schmidhuber 1997, "Long short-term memory", the adding problem.
    """

    title: ClassVar[str] = "Sequences: add the two marked numbers"
    icon: ClassVar[str] = "mdi6.sigma"

    steps: Annotated[int, Whole(2, 500)] = setting(
        20, "Length of a sequence. The longer it is, the longer the first number must be remembered."
    )
    samples: Annotated[int, Whole(10, 20_000)] = count_setting(2000)
    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        random = generator(self.seed)
        rows, half = np.arange(self.samples), self.steps // 2
        values = np.zeros((self.samples, self.steps, 2), np.float32)
        values[..., 0] = random.random((self.samples, self.steps))
        marked = (random.integers(0, half, self.samples), random.integers(half, self.steps, self.samples))
        total = np.zeros(self.samples, np.float32)
        for places in marked:
            values[rows, places, 1] = 1
            total += values[rows, places, 0]
        return Dataset({"sequence": Field(values)}, {"sum": Field(total[:, None])}, notes=(MADE_UP,))

    def summary(self) -> str:
        return f"{self.samples:,} sequences of {self.steps} numbers, two of them marked, made up"
