"""What layers share that make one number of all places of a channel."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.pooling import average, average_back, whole, winners
from engine.catalogue.layers.volumes import check_places
from engine.kernels.pool import max_pool, max_pool_backward
from engine.tensor_spec import TensorSpec


class GlobalPooling(Layer):
    """One number per channel; ``keepdims`` leaves axes of size 1.

    Class attributes:
        places: how many axes of places there are: 1 for sequences, 2 for images, 3 for volumes.
        operation: ``mean`` or ``max``.
    """

    places: ClassVar[int] = 2
    operation: ClassVar[str] = "mean"
    keepdims: bool

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        return (x.with_shape((*((1,) * self.places if self.keepdims else ()), x.shape[-1])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(inputs[0].size)

    def forward(self, lane: Lane) -> None:
        if self.operation == "mean":
            average(lane, (whole(_count(lane)),), lane.x[0], lane.y[0])
        else:
            lane.call(max_pool, _image(lane, lane.x[0]), _dot(lane.y[0]), self._winners(lane), *_window(lane))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        if self.operation == "mean":
            average_back(lane, (whole(_count(lane)),), lane.dy[0], lane.dx[0])
        else:
            arrays = _dot(lane.dy[0]), self._winners(lane), _image(lane, lane.dx[0])
            lane.call(max_pool_backward, *arrays, *_window(lane))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.pool_all(x[0], self.operation, self.keepdims),)

    def _winners(self, lane: Lane) -> Array:
        return winners(lane, (1, 1, lane.y[0].shape[-1]), _count(lane))


def _count(lane: Lane) -> int:
    """Places of a channel."""
    return prod(lane.specs[0].sizes[:-1])


def _image(lane: Lane, x: Array) -> Array:
    """All places in one row."""
    return x.reshape(x.shape[0], 1, _count(lane), -1)


def _dot(y: Array) -> Array:
    """One place."""
    return y.reshape(y.shape[0], 1, 1, -1)


def _window(lane: Lane) -> tuple[int, ...]:
    return (1, _count(lane), 1, 1, 0, 0)
