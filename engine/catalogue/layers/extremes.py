"""What Maximum and Minimum share."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Lane
from engine.catalogue.layers.merging import Merging, flat, unite
from engine.kernels.merging import hand_over, keep_extreme


class Extreme(Merging):
    """The largest (``sign`` 1) or smallest (-1) of the branches' numbers."""

    sign: ClassVar[int] = 1

    def forward(self, lane: Lane) -> None:
        first, *rest = lane.x
        lane.copy(first, lane.y[0])
        for x in rest:
            lane.call(keep_extreme, flat(x), lane.number_of(self.sign), flat(lane.y[0]))
        unite(lane)

    def backward(self, lane: Lane) -> None:
        y, dy = flat(lane.y[0]), flat(lane.dy[0])
        for x, dx in zip(lane.x, lane.dx, strict=True):
            # A branch that nobody asks about still claims what it won.
            lane.call(hand_over, flat(x), y, dy, lane.scratch("unread", dy.shape) if dx is None else flat(dx))
