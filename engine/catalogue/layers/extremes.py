"""What Maximum and Minimum share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.merging import Merging, flat
from engine.kernels.merging import hand_over, keep_extreme


class Extreme(Merging):
    """The largest (``sign`` 1) or smallest (-1) of the branches' numbers."""

    sign: ClassVar[int] = 1

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.copy(xs[0], y)
        for x in xs[1:]:
            lane.call(keep_extreme, x, lane.number_of(self.sign), y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        for x, dx in zip(xs, dxs, strict=True):
            # A branch that nobody asks about still claims what it won.
            lane.call(hand_over, x, flat(lane.y[0]), dy, lane.scratch("unread", dy.shape) if dx is None else dx)
