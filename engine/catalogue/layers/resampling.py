"""What layers share that make pictures of another size: weighted sums of rows, then of columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import TABLES
from engine.kernels.dense import add_bias
from engine.kernels.moving import weigh_back, weigh_runs
from engine.tensor_spec import TensorSpec

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """How one axis is resampled.

    Attributes:
        size: places of the old axis.
        start, span: the part of it that is looked at; it may begin before the axis and end behind it.
        out: places of the new axis.
        blend: linear between the middles of places; else the nearest place.
        smooth: where the axis shrinks, weigh all places that a new one covers (antialiasing).
    """

    size: int
    start: int
    span: int
    out: int
    blend: bool = True
    smooth: bool = False


@lru_cache(TABLES)
def matrix(line: Line) -> Matrix:
    """The shares of the old places in every new one, (out, size); what lies beside the axis has none."""
    scale = line.span / line.out
    places = np.arange(line.span)
    middles = (np.arange(line.out) + 0.5) * scale
    if not line.blend:
        shares = np.equal(places, np.minimum(middles.astype(np.int64), line.span - 1)[:, None]).astype(np.float64)
    elif line.smooth and scale > 1:
        shares = np.maximum(1 - np.abs(places + 0.5 - middles[:, None]) / scale, 0)
        shares /= shares.sum(axis=1, keepdims=True)
    else:
        nearest = np.clip(middles - 0.5, 0, line.span - 1)
        shares = np.maximum(1 - np.abs(places - nearest[:, None]), 0)
    whole = np.zeros((line.out, line.size))
    inner = slice(max(0, line.start), min(line.size, line.start + line.span))
    whole[:, inner] = shares[:, inner.start - line.start : inner.stop - line.start]
    return whole


@lru_cache(TABLES)
def _table(line: Line) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Matrix]:
    """The matrix as sums: where each begins, the places of its terms, their shares."""
    shares = matrix(line)
    new, old = np.nonzero(shares)
    starts = np.searchsorted(new, np.arange(line.out + 1)).astype(np.int64)
    return starts, old.astype(np.int64), shares[new, old]


@dataclass(frozen=True)
class Resampling:
    """y = rows · x · columnsᵀ for each channel, plus ``fill`` times the shares that lie beside the picture."""

    rows: Line
    columns: Line
    fill: float = 0.0

    def forward(self, lane: Lane) -> None:
        """List y from x."""
        x, y, between = lane.x[0], lane.y[0], self._between(lane)
        channels = x.shape[-1]
        lane.call(weigh_runs, _flat(x), *self._terms(lane, self.rows, self.columns.size * channels), _flat(between))
        lines = between.reshape(-1, self.columns.size * channels), y.reshape(-1, self.columns.out * channels)
        lane.call(weigh_runs, lines[0], *self._terms(lane, self.columns, channels), lines[1])
        beside = self.beside
        if beside is not None:
            lane.call(add_bias, _flat(y), np.repeat(beside.reshape(-1), channels).astype(lane.dtype))

    def backward(self, lane: Lane) -> None:
        """List dx from dy."""
        dx, between = lane.dx[0], self._between(lane)
        assert dx is not None
        channels = dx.shape[-1]
        lines = lane.dy[0].reshape(-1, self.columns.out * channels), between.reshape(-1, self.columns.size * channels)
        lane.call(weigh_back, lines[0], *self._terms(lane, self.columns, channels), lines[1])
        lane.call(weigh_back, _flat(between), *self._terms(lane, self.rows, self.columns.size * channels), _flat(dx))

    def value(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The same in plain numpy."""
        y = np.einsum("bhwc,ih,jw->bijc", x, matrix(self.rows), matrix(self.columns), optimize=True)
        return np.asarray(y if self.beside is None else y + self.beside[:, :, None])

    def export(self, out: Emitter, x: Value) -> Value:
        """Write it with an emitter."""
        y, beside = out.resample(x, matrix(self.rows), matrix(self.columns)), self.beside
        return y if beside is None else out.line(y, np.ones_like(beside)[:, :, None], beside[:, :, None])

    @property
    def beside(self) -> Matrix | None:
        """What is added for places beside the picture, (rows, columns); ``None`` where that is nothing."""
        inside = np.outer(matrix(self.rows).sum(axis=1), matrix(self.columns).sum(axis=1))
        return None if self.fill == 0 or np.allclose(inside, 1) else self.fill * (1 - inside)

    def _between(self, lane: Lane) -> Array:
        """Room for pictures whose rows are new and whose columns are old."""
        sizes = (lane.rows, self.rows.out, self.columns.size, lane.specs[0].sizes[-1])
        return lane.scratch("between", sizes)

    def _terms(self, lane: Lane, line: Line, run: int) -> tuple[Any, ...]:
        starts, places, shares = _table(line)
        return starts, places * run, shares.astype(lane.dtype), run


def _flat(pictures: Array) -> Array:
    return pictures.reshape(pictures.shape[0], -1)


def fitted(x: TensorSpec, height: int, width: int, blend: bool = True, smooth: bool = False) -> Resampling:
    """The largest part in the middle that has the new proportions, resized."""
    rows, columns, _ = x.sizes
    tall = max(min(rows, int(float(columns * height) / width)), 1)
    wide = max(min(columns, int(float(rows * width) / height)), 1)
    return Resampling(
        Line(rows, int((rows - tall) / 2), tall, height, blend, smooth),
        Line(columns, int((columns - wide) / 2), wide, width, blend, smooth),
    )


def padded(x: TensorSpec, height: int, width: int, blend: bool, smooth: bool, fill: float) -> Resampling:
    """The whole picture, with borders that give it the new proportions, resized."""
    rows, columns, _ = x.sizes
    above = int((max(rows, int(float(columns * height) / width)) - rows) / 2)
    beside = int((max(columns, int(float(rows * width) / height)) - columns) / 2)
    return Resampling(
        Line(rows, -above, rows + 2 * above, height, blend, smooth),
        Line(columns, -beside, columns + 2 * beside, width, blend, smooth),
        fill,
    )
