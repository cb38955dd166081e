"""What Maximum and Minimum share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.merging import Merging, flat, in_places, masks_before
from engine.kernels.masks import copy_mask, or_none
from engine.kernels.merging import hand_over, hand_over_where, keep_extreme, keep_extreme_where


class Extreme(Merging):
    """The largest (``sign`` 1) or smallest (-1) of the branches' numbers.

    A step that a branch's mask hides does not compete; where none is left, the first branch gives its number.
    """

    sign: ClassVar[int] = 1
    reads_mask: ClassVar[bool] = True

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        lane.copy(xs[0], y)
        masks, sign = masks_before(lane), lane.number_of(self.sign)
        if not any(mask is not None for mask in masks):
            for x in xs[1:]:
                lane.call(keep_extreme, x, sign, y)
            return
        taken = self._taken(lane)
        lane.call(copy_mask, self._counting(lane, masks[0]), taken)
        for x, mask in zip(xs[1:], masks[1:], strict=True):
            counts = self._counting(lane, mask)
            lane.call(keep_extreme_where, in_places(lane, x), counts, sign, taken, in_places(lane, y))

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        masks = masks_before(lane)
        masked = any(mask is not None for mask in masks)
        for place, (x, dx) in enumerate(zip(xs, dxs, strict=True)):
            # A branch that nobody asks about still claims what it won.
            target = lane.scratch("unread", dy.shape) if dx is None else dx
            if not masked:
                lane.call(hand_over, x, flat(lane.y[0]), dy, target)
                continue
            counts = self._counting(lane, masks[place])
            if place == 0:
                claims = lane.scratch("claims", counts.shape, np.uint8)
                lane.call(or_none, counts, self._taken(lane), claims)
                counts = claims
            arrays = in_places(lane, flat(lane.y[0])), in_places(lane, dy), in_places(lane, target)
            lane.call(hand_over_where, in_places(lane, x), counts, *arrays)

    def _taken(self, lane: Lane) -> Array:
        """Where a branch counts, step by step."""
        return lane.buffer("taken", lane.y[0].shape[1:-1], np.uint8).reshape(-1)

    def _counting(self, lane: Lane, mask: Array | None) -> Array:
        """A branch's mask; one without counts everywhere."""
        if mask is not None:
            return mask.reshape(-1)
        ones = lane.shared("all", (int(np.prod(lane.y[0].shape[:-1])),), np.uint8)
        ones.fill(1)
        return ones
