"""Multiply: the product of several branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.merging import Merging, in_places, masks_before
from engine.component import component
from engine.kernels.masks import fill_rows, keep_rows
from engine.kernels.merging import multiply_into


@component
class Multiply(Merging):
    """y = x_1 · x_2 · ..., number by number.

    Steps that the mask of a branch hides count as 1 in it; where all branches have masks and none counts, y is 0.

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Multiply``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Multiply", "torch.mul", "onnx.Mul")
    icon: ClassVar[str] = "mdi6.close"
    operation: ClassVar[str] = "multiply"
    reads_mask: ClassVar[bool] = True

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        factors = self._factors(lane, xs)
        for x, mask, factor in zip(xs, masks_before(lane), factors, strict=True):
            if mask is not None:
                arrays = in_places(lane, x), mask.reshape(-1), lane.number_of(1), in_places(lane, factor)
                lane.call(fill_rows, *arrays)
        lane.copy(factors[0], y)
        for factor in factors[1:]:
            lane.call(multiply_into, factor, y)
        _hide(lane, lane.mask_out[0], y)

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        factors = self._factors(lane, xs)
        _hide(lane, lane.mask_out[0], dy)
        for place, (dx, mask) in enumerate(zip(dxs, masks_before(lane), strict=True)):
            if dx is None:
                continue
            lane.copy(dy, dx)
            for other, factor in enumerate(factors):
                if other != place:
                    lane.call(multiply_into, factor, dx)
            _hide(lane, mask, dx)

    def _factors(self, lane: Lane, xs: Sequence[Array]) -> list[Array]:
        """Branches, those with masks in memory of their own that has 1 where they hide a step."""
        full = lane.y[0].shape[1:]
        masks = masks_before(lane)
        return [
            x if mask is None else lane.buffer(f"factor {n}", full).reshape(x.shape)
            for n, (x, mask) in enumerate(zip(xs, masks, strict=True))
        ]


def _hide(lane: Lane, mask: Array | None, y: Array) -> None:
    """List zeros for the steps of one row per sample that a mask hides."""
    if mask is not None:
        table = in_places(lane, y)
        lane.call(keep_rows, table, mask.reshape(-1), table)
