"""What layers share that only put numbers into other places."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.kernels.moving import gather_runs, scatter_runs

Places = npt.NDArray[np.int64]
#: Tables that are kept at hand: several per network at most, and made again in a moment.
TABLES = 64


class Moving(Layer):
    """A layer each of whose outputs is one of its inputs, or 0."""

    def moved(self, places: Places) -> Places:
        """The inputs' places (an array of the input's shape) where the outputs take them from; -1 is a zero."""
        raise TypeError(f"{type(self).__name__} moves nothing")

    def forward(self, lane: Lane) -> None:
        gather(lane, lane.x[0], *self._table(lane), lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            scatter(lane, lane.dy[0], *self._table(lane), lane.dx[0])

    def _table(self, lane: Lane) -> tuple[Places, int]:
        return _table_of(self, lane.specs[0].sizes)


@lru_cache(TABLES)
def _table_of(layer: Moving, sizes: tuple[int, ...]) -> tuple[Places, int]:
    return runs_of(layer.moved(np.arange(int(np.prod(sizes)), dtype=np.int64).reshape(sizes)))


def runs_of(places: Places) -> tuple[Places, int]:
    """Where runs begin, and how long they are: as long as the last axis where it stays together, else 1."""
    if places.ndim and places.shape[-1] > 1:
        steps = np.diff(places, axis=-1)
        first = places[..., :1]
        if bool(np.all((steps == 1) & (first >= 0) | (steps == 0) & (first < 0))):
            return np.ascontiguousarray(places[..., 0]).reshape(-1), places.shape[-1]
    return np.ascontiguousarray(places).reshape(-1), 1


def gather(lane: Lane, x: Array, table: Places, run: int, y: Array) -> None:
    """List y = x at the table's places, sample by sample."""
    lane.call(gather_runs, x.reshape(x.shape[0], -1), table, run, y.reshape(x.shape[0], -1))


def scatter(lane: Lane, dy: Array, table: Places, run: int, dx: Array) -> None:
    """List the way back of :func:`gather`: dx = sums of dy over the places that were taken from it."""
    lane.call(scatter_runs, dy.reshape(dy.shape[0], -1), table, run, dx.reshape(dx.shape[0], -1))
