"""What pooling layers share: where windows lie, and means over them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.moving import TABLES, Places
from engine.kernels.conv_tables import Axis
from engine.kernels.moving import weigh_back, weigh_runs

PADDINGS = (
    ("valid", "Only whole windows count; a rest at the border is dropped."),
    ("same", "Windows at the border may be cut off; nothing is dropped."),
)
Weights = npt.NDArray[np.float64]


def whole(size: int) -> Axis:
    """One window over all of an axis."""
    return Axis(size, 1, 0, 0, size, size)


def average(lane: Lane, axes: Sequence[Axis], x: Array, y: Array) -> None:
    """List y = mean of each window of x, each channel for itself; padding does not count."""
    lane.call(weigh_runs, *_arguments(lane, axes, x, y))


def average_back(lane: Lane, axes: Sequence[Axis], dy: Array, dx: Array) -> None:
    """List the way back of :func:`average`."""
    lane.call(weigh_back, *_arguments(lane, axes, dy, dx))


def _arguments(lane: Lane, axes: Sequence[Axis], source: Array, target: Array) -> tuple[Any, ...]:
    channels = lane.specs[0].sizes[-1]
    starts, table, weights = _means(tuple(axes), channels)
    rows = source.shape[0]
    return source.reshape(rows, -1), starts, table, weights.astype(lane.dtype), channels, target.reshape(rows, -1)


@lru_cache(TABLES)
def _means(axes: tuple[Axis, ...], channels: int) -> tuple[Places, Places, Weights]:
    """Where each window's terms begin, where their pixels lie, and their weights."""
    count = len(axes)
    places = np.zeros((1,) * (2 * count), np.int64)
    inside = np.ones((1,) * (2 * count), bool)
    for at, axis in enumerate(axes):
        cells = np.arange(axis.out)[:, None] * axis.stride - axis.before + np.arange(axis.kernel) * axis.dilation
        shape = [1] * (2 * count)
        shape[at], shape[count + at] = cells.shape
        places = places * axis.size + cells.reshape(shape)
        inside = inside & ((cells >= 0) & (cells < axis.size)).reshape(shape)
    windows = int(np.prod([axis.out for axis in axes]))
    inside = inside.reshape(windows, -1)
    counts = inside.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(counts)])
    return starts, places.reshape(windows, -1)[inside] * channels, np.repeat(1 / counts, counts)


def winners(lane: Lane, shape: tuple[int, ...], cells: int) -> Array:
    """Which cell of its window each output is."""
    return lane.buffer("winners", shape, cell_type(cells))


def cell_type(cells: int) -> str:
    """What counts the cells of a window: a byte, unless windows are huge."""
    return "uint8" if cells <= 256 else "int32"
