"""ToyShapes: discs and squares in noisy pictures, and where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import MADE_UP, Array, Random, Seed, count_setting, dealt, generator, seed_setting
from engine.component import component, setting
from engine.constraints import Number, Whole


@component
class ToyShapes(Source):
    """Pictures of one disc or square each; the right answer is a picture, too: 1 where the shape is, else 0.

    Such answers, one for every pixel, are called segmentation.

    Shapes:
        picture: (samples, side, side, 1); mask: the same.
    """

    title: ClassVar[str] = "Shapes in noisy pictures"
    icon: ClassVar[str] = "mdi6.shape-outline"

    side: Annotated[int, Whole(8, 64)] = setting(32, "Height and width of the pictures (pixels).")
    samples: Annotated[int, Whole(10, 3000)] = count_setting(600)
    noise: Annotated[float, Number(0, 1)] = setting(
        0.2, "Grain of the pictures (standard deviation; shapes are 0.3 to 0.8 lighter than the ground)."
    )
    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        random = generator(self.seed)
        inside = self._inside(random)[..., None]
        light = random.uniform(0.3, 0.8, (self.samples, 1, 1, 1))
        pictures = 0.1 + light * inside + self.noise * random.standard_normal(inside.shape)
        return Dataset(
            {"picture": Field(np.clip(pictures, 0, 1).astype(np.float32))},
            {"mask": Field(inside.astype(np.float32))},
            notes=(MADE_UP,),
        )

    def _inside(self, random: Random) -> Array:
        """Which pixels belong to the shape, (samples, side, side)."""
        square = dealt(self.samples, 2, random)[:, None, None] == 1
        reach = random.uniform(0.12, 0.3, (self.samples, 1, 1)) * self.side
        middle = random.uniform(reach, self.side - reach, (2, self.samples, 1, 1))
        places = np.arange(self.side) + 0.5
        down, across = np.abs(places[:, None] - middle[0]), np.abs(places - middle[1])
        inside: Array = np.where(square, np.maximum(down, across), np.hypot(down, across)) < reach
        return inside

    def summary(self) -> str:
        return f"{self.samples:,} noisy pictures of discs and squares with their outlines, made up"
