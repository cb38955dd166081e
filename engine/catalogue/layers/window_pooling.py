"""What layers share that make one number of each window of a channel."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.catalogue.layers.convolving import sizes_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.pooling import average, average_back, cell_type, winners
from engine.catalogue.layers.volumes import check_places, check_windows
from engine.kernels.conv_tables import Axis, window_axis
from engine.kernels.pool import max_pool, max_pool_backward
from engine.tensor_spec import TensorSpec


class WindowPooling(Layer):
    """One number per window and channel.

    Class attributes:
        places: along how many axes windows slide: 1 for sequences, 2 for images, 3 for volumes.
        operation: ``mean`` or ``max``.
    """

    places: ClassVar[int] = 2
    operation: ClassVar[str] = "max"
    pool_size: int | tuple[int, ...]
    strides: int | tuple[int, ...] | None
    padding: str

    @property
    def badge(self) -> str:
        return sizes_text(_along(self.pool_size))

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        axes = self.axes(x)
        check_windows(self.key, "window", axes)
        return (x.with_shape((*(axis.out for axis in axes), x.shape[-1])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(self.infer(inputs)[0].size * prod(_along(self.pool_size)))

    def forward(self, lane: Lane) -> None:
        axes = self.axes(lane.specs[0])
        if self.operation == "mean":
            average(lane, axes, lane.x[0], lane.y[0])
        elif len(axes) < 3:
            line, axis = (*ONE_LINE, *axes)[-2:]
            lane.call(max_pool, _image(lane.x[0]), _image(lane.y[0]), self._winners(lane), *_window(line, axis))
        else:
            depth, *image = axes
            slices, (planes, behind) = self._slices(lane), self._volume_winners(lane)
            shape = -1, *lane.specs[0].sizes[1:]
            lane.call(max_pool, lane.x[0].reshape(shape), _stacked(slices), planes, *_window(*image))
            lane.call(max_pool, _deep(slices), _deep(lane.y[0]), behind, *_window(depth, SINGLE))

    def backward(self, lane: Lane) -> None:
        axes, dx = self.axes(lane.specs[0]), lane.dx[0]
        if dx is None:
            return
        if self.operation == "mean":
            average_back(lane, axes, lane.dy[0], dx)
        elif len(axes) < 3:
            line, axis = (*ONE_LINE, *axes)[-2:]
            lane.call(max_pool_backward, _image(lane.dy[0]), self._winners(lane), _image(dx), *_window(line, axis))
        else:
            depth, *image = axes
            planes, behind = self._volume_winners(lane)
            slope = lane.scratch("slope", self._slices(lane).shape)
            lane.call(max_pool_backward, _deep(lane.dy[0]), behind, _deep(slope), *_window(depth, SINGLE))
            shape = -1, *lane.specs[0].sizes[1:]
            lane.call(max_pool_backward, _stacked(slope), planes, dx.reshape(shape), *_window(*image))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        axes = self.axes(out.specs[0])
        return ((out.average_pool if self.operation == "mean" else out.max_pool)(x[0], axes),)

    def axes(self, x: TensorSpec) -> tuple[Axis, ...]:
        """How windows lie over each axis."""
        window = _along(self.pool_size)
        strides = window if self.strides is None else _along(self.strides)
        each = zip(x.sizes[:-1], window, strides, strict=True)
        return tuple(window_axis(size, k, s, 1, self.padding) for size, k, s in each)

    def _winners(self, lane: Lane) -> Array:
        """Which cell of its window each output is."""
        shape = lane.y[0].shape[1:]
        return winners(lane, shape if len(shape) == 3 else (1, *shape), prod(_along(self.pool_size)))

    def _slices(self, lane: Lane) -> Array:
        """Maxima within each slice of a volume: windows are first looked at plane by plane, then through the planes."""
        sizes = lane.specs[0].sizes
        return lane.buffer("slices", (sizes[0], *lane.y[0].shape[2:]))

    def _volume_winners(self, lane: Lane) -> tuple[Array, Array]:
        """Which cell of a slice won, and which slice of a window."""
        depth, height, width = _along(self.pool_size)
        planes = lane.buffer("planes", self._slices(lane).shape[1:], cell_type(height * width))
        return _stacked(planes), _deep(lane.buffer("behind", lane.y[0].shape[1:], cell_type(depth)))


#: An axis of one place, and a window that is as wide.
SINGLE = Axis(1, 1, 0, 0, 1)
ONE_LINE = (SINGLE,)


def _along(sizes: int | tuple[int, ...]) -> tuple[int, ...]:
    """Sizes by axis; those of sequences are plain numbers."""
    return (sizes,) if isinstance(sizes, int) else sizes


def _image(x: Array) -> Array:
    """A sequence as an image of one line; an image as it is."""
    return x.reshape(x.shape[0], 1, *x.shape[1:]) if x.ndim == 3 else x


def _stacked(x: Array) -> Array:
    """The slices of volumes as images of their own."""
    return x.reshape(x.shape[0] * x.shape[1], *x.shape[2:])


def _deep(x: Array) -> Array:
    """Volumes as images whose lines are slices."""
    return x.reshape(x.shape[0], x.shape[1], x.shape[2] * x.shape[3], x.shape[4])


def _window(down: Axis, across: Axis) -> tuple[int, ...]:
    return down.kernel, across.kernel, down.stride, across.stride, down.before, across.before
