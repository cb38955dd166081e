"""UpSampling2D: larger images."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.enlarging import Enlarging
from engine.catalogue.layers.moving import TABLES, Places
from engine.catalogue.layers.pooling import Weights
from engine.component import component, setting
from engine.constraints import Choice, Wholes
from engine.kernels.moving import weigh_back, weigh_runs

INTERPOLATIONS = (
    ("nearest", "Every pixel becomes a block of equal ones."),
    ("bilinear", "Between the middles of pixels the values run in straight lines."),
)


@component
class UpSampling2D(Enlarging):
    """y[i, j] = x[i // size_1, j // size_2], or linear between pixels (bilinear).

    Bilinear places the middles of pixels at (i + 1/2) / size - 1/2 and holds the outermost ones beyond them.

    Shapes:
        x: (batch, height, width, channels); output: (batch, height · size_1, width · size_2, channels).
    Source: Keras 3, ``keras.layers.UpSampling2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.UpSampling2D", "torch.nn.Upsample", "onnx.Resize")
    differences: ClassVar[str] = "nearest and bilinear; Keras has three more kinds of interpolation."
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-expand-all"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 2, 3),)),
        Example({"size": (1, 3)}, ((2, 2, 1),)),
        Example({"size": (2, 3), "interpolation": "bilinear"}, ((3, 2, 4),)),
    )

    size: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (2, 2), "How many times higher and wider the image becomes."
    )
    interpolation: Annotated[str, Choice(INTERPOLATIONS)] = setting("nearest", "What stands between the old pixels.")

    def forward(self, lane: Lane) -> None:
        if self.interpolation == "nearest":
            super().forward(lane)
        else:
            lane.call(weigh_runs, *self._arguments(lane, lane.x[0], lane.y[0]))

    def backward(self, lane: Lane) -> None:
        if self.interpolation == "nearest":
            super().backward(lane)
        elif lane.dx[0] is not None:
            lane.call(weigh_back, *self._arguments(lane, lane.dy[0], lane.dx[0]))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        if self.interpolation != "nearest":
            return (out.enlarge(x[0], (self.size[0], self.size[1])),)
        return super().export(out, x)

    def _arguments(self, lane: Lane, source: Array, target: Array) -> tuple[Any, ...]:
        starts, table, weights = _blends(lane.specs[0].sizes, (self.size[0], self.size[1]))
        rows, channels = source.shape[0], lane.specs[0].sizes[-1]
        return source.reshape(rows, -1), starts, table, weights.astype(lane.dtype), channels, target.reshape(rows, -1)


@lru_cache(TABLES)
def _blends(sizes: tuple[int, ...], factors: tuple[int, int]) -> tuple[Places, Places, Weights]:
    """Four neighbours of each new pixel, and their weights."""
    height, width, channels = sizes
    rows, by_row = _neighbours(height, factors[0])
    columns, by_column = _neighbours(width, factors[1])
    places = rows[:, None, :, None] * width + columns[None, :, None, :]
    weights = by_row[:, None, :, None] * by_column[None, :, None, :]
    starts = np.arange(height * factors[0] * width * factors[1] + 1) * 4
    return starts, places.reshape(-1) * channels, weights.reshape(-1)


def _neighbours(size: int, factor: int) -> tuple[Places, Weights]:
    """The old places before and behind each new one, (new, 2), and their weights."""
    place = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
    before = place.astype(np.int64)
    behind = np.minimum(before + 1, size - 1)
    share = place - before
    return np.stack([before, behind], axis=1), np.stack([1 - share, share], axis=1)
