"""What the spatial dropouts share: whole channels are dropped."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.noise import RatedChance, edge_of
from engine.catalogue.layers.volumes import check_places
from engine.kernels.normal import scale_channels
from engine.kernels.random import drop
from engine.tensor_spec import TensorSpec


class SpatialDropout(RatedChance):
    """Dropout whose mask is one number per sample and channel.

    Class attributes:
        places: how many axes of places there are: 1 for sequences, 2 for images, 3 for volumes.
    """

    places: ClassVar[int] = 2

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_places(self.key, self.places, inputs[0])
        return inputs

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        channels = x.shape[-1]
        ones = lane.shared("ones", (lane.rows, channels))
        ones.fill(1)
        factors = lane.scratch("factors", (lane.rows, channels))
        scale = lane.number_of(1 / (1 - self.rate) if self.rate < 1 else 0.0)
        self.draw(lane, drop, ones, factors, edge_of(self.rate), scale)
        table = (lane.rows, -1, channels)
        lane.call(scale_channels, x.reshape(table), factors, y.reshape(table))

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        self.change(lane, dy, dx)
