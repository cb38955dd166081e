"""DigitAndNumber: a picture of a digit beside a number."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import Random, Seed, generator, seed_setting
from engine.catalogue.sources.mnist import ATTRIBUTION, digits
from engine.component import component

CLASSES = ("the number", "the digit")


@component
class DigitAndNumber(Source):
    """Two inputs, a handwritten digit and another number from 0 to 9; the right answer is the larger one of both.

    Neither input alone answers: both must come together in the network.

    Shapes:
        picture: (samples, 28, 28, 1); number: (samples, 1), divided by 10; larger: (samples,).
    Source: the digits are MNIST's (LeCun, Cortes, Burges; CC BY-SA 3.0).
    """

    title: ClassVar[str] = "Two inputs: digit and number"
    icon: ClassVar[str] = "mdi6.call-merge"

    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        random = generator(self.seed)
        inputs, targets = _asked("train", random)
        return Dataset(
            inputs, targets, *_asked("t10k", random), (ATTRIBUTION, "The numbers beside them are drawn from a seed.")
        )

    def summary(self) -> str:
        return "10,000 handwritten digits, each beside a number to compare it with, built in"


def _asked(part: str, random: Random) -> tuple[dict[str, Field], dict[str, Field]]:
    """Inputs and targets of ``train`` or ``t10k``."""
    pictures, labels = digits(part)
    # One to nine further on, round the ten digits: never the digit itself.
    number = (labels.values + random.integers(1, 10, len(labels))) % 10
    beside = Field((number[:, None] / 10).astype(np.float32))
    larger = Field((labels.values > number).astype(np.int64), CLASSES)
    return {"picture": pictures, "number": beside}, {"larger": larger}
