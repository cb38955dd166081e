"""What layers share that repeat every place, along any number of axes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.volumes import check_places
from engine.tensor_spec import TensorSpec


class Enlarging(Moving):
    """Every place several times, along each axis of places.

    Class attributes:
        places: how many axes of places there are: 1 for sequences, 2 for images, 3 for volumes.
    """

    places: ClassVar[int] = 2
    size: int | tuple[int, ...]

    @property
    def factors(self) -> tuple[int, ...]:
        """How often a place is repeated, by axis; those of sequences are plain numbers."""
        return (self.size,) if isinstance(self.size, int) else self.size

    @property
    def badge(self) -> str:
        return f"{self.size}×" if isinstance(self.size, int) else "×".join(map(str, self.size))

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        sizes = [size * factor for size, factor in zip(x.sizes[:-1], self.factors, strict=True)]
        return (x.with_shape((*sizes, x.sizes[-1])),)

    def moved(self, places: Places) -> Places:
        for axis, factor in enumerate(self.factors):
            places = np.repeat(places, factor, axis=axis)
        return places

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        y = x[0]
        for axis, factor in enumerate(self.factors, 1):
            y = out.repeat(y, axis, factor)
        return (y,)
