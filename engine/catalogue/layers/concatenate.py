"""Concatenate: branches side by side."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component, setting
from engine.constraints import Whole
from engine.errors import Remedy, ShapeError
from engine.kernels.elementwise import copy
from engine.kernels.masks import copy_mask, union
from engine.tensor_spec import TensorSpec


@component
class Concatenate(Layer):
    """y = x_1, x_2, ... one after the other along an axis.

    Shapes:
        inputs: equal except along the axis; output: that axis is the sum of theirs.
    Source: Keras 3, ``keras.layers.Concatenate``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Concatenate", "torch.cat", "onnx.Concat")
    category: ClassVar[str] = "Merge"
    icon: ClassVar[str] = "mdi6.view-parallel-outline"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", many=True, help="Two or more branches, in the order of their wires."),
    )
    makes_mask: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3,), (2,))),
        Example({"axis": 1}, ((2, 3), (1, 3), (4, 3))),
        Example({"axis": -2}, ((2, 2, 3), (2, 1, 3))),
    )

    axis: Annotated[int, Whole(-8, 8)] = setting(
        -1, "The axis along which the inputs are joined; -1 is the last one, 1 the first after the batch."
    )

    @property
    def badge(self) -> str:
        return f"axis {self.axis}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) < 2:
            raise ShapeError(
                f"Concatenate needs at least two inputs, but {axis_text(inputs)} alone arrives. Wire another one."
            )
        first = inputs[0]
        if not (1 <= self.axis < first.rank or -first.rank < self.axis < 0):
            raise ShapeError(
                f"Concatenate's axis must lie from 1 to {first.rank - 1} (or be -1, the last one) for inputs like "
                f"{first}; received {self.axis}.",
                Remedy("Set axis to -1", parameters=(("axis", -1),)) if first.shape and self.axis != -1 else None,
            )
        place = self._place(first)
        others = {spec.shape[:place] + spec.shape[place + 1 :] for spec in inputs}
        if len(others) > 1 or len({spec.rank for spec in inputs}) > 1:
            raise ShapeError(
                f"Concatenate joins along axis {self.axis}, so all other axes must be equal; "
                f"received {axis_text(inputs)}. Change the axis, or bring the branches to matching shapes first."
            )
        sizes = [spec.shape[place] for spec in inputs]
        total = None if None in sizes else sum(n for n in sizes if n is not None)
        return (first.with_shape((*first.shape[:place], total, *first.shape[place + 1 :])),)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (any(spec.masked for spec in inputs),)

    def _place(self, x: TensorSpec) -> int:
        """The joined axis among those after the batch."""
        return self.axis - 1 if self.axis > 0 else len(x.shape) + self.axis

    def forward(self, lane: Lane) -> None:
        for x, part in zip(lane.x, self._parts(lane, lane.y[0]), strict=True):
            lane.call(copy, x.reshape(part.shape), part)
        self._join_masks(lane)

    def backward(self, lane: Lane) -> None:
        for dx, part in zip(lane.dx, self._parts(lane, lane.dy[0]), strict=True):
            if dx is not None:
                lane.call(copy, part, dx.reshape(part.shape))

    def _join_masks(self, lane: Lane) -> None:
        """Masks one after the other as their branches are; along the last axis a step counts where it does anywhere."""
        total = lane.mask_out[0]
        if total is None:
            return
        masks = [self._all(lane, x) if mask is None else mask for x, mask in zip(lane.x, lane.masks, strict=True)]
        place = self._place(lane.specs[0]) + 1
        if place == total.ndim:
            lane.call(copy_mask, masks[0].reshape(-1), total.reshape(-1))
            for mask in masks[1:]:
                lane.call(union, mask.reshape(-1), total.reshape(-1))
            return
        table = total.reshape(prod(total.shape[:place]), -1)
        start = 0
        for mask in masks:
            width = prod(mask.shape[place:])
            lane.call(copy, mask.reshape(len(table), -1), table[:, start : start + width])
            start += width

    def _all(self, lane: Lane, x: Array) -> Array:
        """The mask of a branch that comes without one: everything counts."""
        ones = lane.shared("all", x.shape[:-1], np.uint8)
        ones.fill(1)
        return ones

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.concatenate(x, self._place(out.specs[0]) + 1),)

    def _parts(self, lane: Lane, whole: Array) -> Iterator[Array]:
        """Each input's columns of the joined array, seen as (everything before the axis, from the axis on)."""
        place = self._place(lane.specs[0]) + 1
        table = whole.reshape(prod(whole.shape[:place]), -1)
        start = 0
        for x in lane.x:
            width = prod(x.shape[place:])
            yield table[:, start : start + width]
            start += width
