"""ToyPoints: points in the plane, each of one of two or three classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import (
    MADE_UP,
    Array,
    Count,
    Random,
    Seed,
    count_setting,
    dealt,
    generator,
    seed_setting,
)
from engine.component import component, setting
from engine.constraints import Choice, Number

Maker = Callable[[Array, Random], Array]
#: Standard deviation of a blob, before noise.
WIDTH = 0.4


def _moons(kind: Array, random: Random) -> Array:
    turn, side = np.pi * random.random(len(kind)), 1 - 2 * kind
    return np.stack([side * (np.cos(turn) - 0.5), side * (np.sin(turn) - 0.25)], axis=1)


def _spirals(kind: Array, random: Random) -> Array:
    way = np.sqrt(random.random(len(kind)))  # so that the points lie equally close all along
    turn = 3 * np.pi * way + np.pi * kind
    return 2 * way[:, None] * _on_circle(turn)


def _circles(kind: Array, random: Random) -> Array:
    return (1.0 + kind)[:, None] * _on_circle(2 * np.pi * random.random(len(kind)))


def _blobs(kind: Array, random: Random) -> Array:
    return 2 * _on_circle(2 * np.pi / 3 * kind + np.pi / 2) + WIDTH * random.standard_normal((len(kind), 2))


def _xor(kind: Array, random: Random) -> Array:
    sign = random.choice([-1.0, 1.0], len(kind))
    return np.stack([sign, sign * (1 - 2 * kind)], axis=1) * (0.1 + 0.9 * random.random((len(kind), 2)))


def _on_circle(turn: Array) -> Array:
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


#: By shape: how its points are made, and the names of the classes.
SHAPES: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "moons": (_moons, ("upper moon", "lower moon")),
    "spirals": (_spirals, ("first arm", "second arm")),
    "circles": (_circles, ("inner circle", "outer circle")),
    "blobs": (_blobs, ("top", "left", "right")),
    "xor": (_xor, ("equal signs", "different signs")),
}


@component
class ToyPoints(Source):
    """Points (x, y) around a figure in the plane, plus noise; the right answer says which part of it they belong to.

    Shapes:
        point: (samples, 2); class: (samples,), equally many of each.
    """

    title: ClassVar[str] = "Points in the plane"
    icon: ClassVar[str] = "mdi6.chart-scatter-plot"

    shape: Annotated[
        str,
        Choice(
            (
                ("moons", "Two half moons that reach into each other: a line gets most of them right."),
                ("spirals", "Two spirals wound into each other: hard without hidden layers."),
                ("circles", "A circle inside another one: no line parts them."),
                ("blobs", "Three round heaps that lines can part."),
                ("xor", "Four squares; those across from each other belong together (exclusive or)."),
            )
        ),
    ] = setting("moons", "The figure that the points make.")
    samples: Count = count_setting(1000)
    noise: Annotated[float, Number(0, 2)] = setting(
        0.1, "How far points stray (standard deviation; the figures are 2 to 4 wide). From 0.3 on classes overlap."
    )
    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        make, classes = SHAPES[self.shape]
        random = generator(self.seed)
        kind = dealt(self.samples, len(classes), random)
        points = make(kind, random) + self.noise * random.standard_normal((self.samples, 2))
        return Dataset(
            {"point": Field(points.astype(np.float32))}, {"class": Field(kind, classes)}, notes=(MADE_UP,)
        )  # fmt: skip

    def summary(self) -> str:
        return f"{self.samples:,} points in the plane ({self.shape}), made up"
