"""What layers share that add or take away a border, along any number of axes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.volumes import check_places
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec

Frame = tuple[tuple[int, int], ...]


class Framing(Moving):
    """A layer that changes how far tensors reach, before and after each axis of places.

    Class attributes:
        places: how many axes of places there are: 1 for sequences, 2 for images, 3 for volumes.
    """

    places: ClassVar[int] = 2

    @property
    def frame(self) -> Frame:
        """Widths before and after each axis of places."""
        raise TypeError(f"{type(self).__name__} has no frame")

    @property
    def badge(self) -> str:
        if self.places > 1 and len({width for pair in self.frame for width in pair}) == 1:
            return str(self.frame[0][0])
        return " ".join(f"{before}+{after}" for before, after in self.frame)


class Padding(Framing):
    """Zeros before and after each axis of places."""

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        sizes = [size + sum(pair) for size, pair in zip(x.sizes[:-1], self.frame, strict=True)]
        return (x.with_shape((*sizes, x.sizes[-1])),)

    def moved(self, places: Places) -> Places:
        return np.pad(places, (*self.frame, (0, 0)), constant_values=-1)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.pad(x[0], (*self.frame, (0, 0))),)


class Cropping(Framing):
    """The inner part along each axis of places."""

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        sizes = [size - sum(pair) for size, pair in zip(x.sizes[:-1], self.frame, strict=True)]
        if min(sizes) < 1:
            taken = " × ".join(str(sum(pair)) for pair in self.frame)
            whole = " × ".join(map(str, x.sizes[:-1]))
            raise ShapeError(f"{self.key} takes {taken} places off {whole}, so nothing is left. Crop less.")
        return (x.with_shape((*sizes, x.sizes[-1])),)

    def moved(self, places: Places) -> Places:
        each = zip(places.shape[:-1], self.frame, strict=True)
        return places[tuple(slice(before, size - after) for size, (before, after) in each)]

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.crop(x[0], (*self.frame, (0, 0))),)
