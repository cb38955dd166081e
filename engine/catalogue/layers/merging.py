"""What layers share that put branches together number by number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import TABLES, Places, gather, runs_of, scatter
from engine.errors import Remedy, ShapeError
from engine.kernels.masks import copy_mask, union
from engine.tensor_spec import Shape, TensorSpec


class Merging(Layer):
    """A layer over branches of one shape; as in Keras, axes of size 1 and missing first axes repeat.

    Class attributes:
        operation: its name for emitters.
        most: how many branches it takes.
    """

    category: ClassVar[str] = "Merge"
    makes_mask: ClassVar[bool] = True
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", many=True, help="Two or more branches of one shape; axes of size 1 repeat."),
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4,), (4,))),
        Example({}, ((2, 3), (2, 3), (2, 3))),
        Example({}, ((2, 1, 3), (4, 1), (2, 4, 3))),
    )
    operation: ClassVar[str] = ""
    most: ClassVar[int] = 1000

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) < 2:
            raise ShapeError(
                f"{self.key} needs at least two inputs, but {axis_text(inputs)} alone arrives. Wire another one."
            )
        if len(inputs) > self.most:
            raise ShapeError(f"{self.key} takes {self.most} inputs; received {len(inputs)}. Take the others off.")
        shape = _common([spec.shape for spec in inputs])
        if shape is None:
            raise ShapeError(
                f"{self.key} needs inputs of one shape, because it works number by number (only axes of size 1 "
                f"repeat); received {axis_text(inputs)}. Bring the branches to one shape, for example with a Dense "
                "or convolution layer, or join them with Concatenate.",
                _remedy(inputs),
            )
        return (inputs[0].with_shape(shape),)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (all(spec.masked for spec in inputs) and len({spec.rank for spec in inputs}) == 1,)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float((len(inputs) - 1) * self.infer(inputs)[0].size)

    def forward(self, lane: Lane) -> None:
        _spread_masks(lane)
        _unite(lane)
        self.combine(lane, _branches(lane), flat(lane.y[0]))

    def backward(self, lane: Lane) -> None:
        dy = flat(lane.dy[0])
        slopes = [
            None if dx is None else flat(dx) if dx.shape == lane.dy[0].shape else lane.scratch(f"slope {n}", dy.shape)
            for n, dx in enumerate(lane.dx)
        ]
        self.hand_back(lane, dy, _spread_before(lane), slopes)
        for dx, slope in zip(lane.dx, slopes, strict=True):
            if dx is not None and slope is not None and dx.shape != lane.dy[0].shape:
                scatter(lane, slope, *_table(dx.shape[1:], lane.dy[0].shape[1:]), dx)

    def combine(self, lane: Lane, xs: Sequence[Array], y: Array) -> None:
        """List the calls that fill ``y`` from branches of its size; all have one row per sample."""
        raise TypeError(f"{type(self).__name__} combines nothing")

    def hand_back(self, lane: Lane, dy: Array, xs: Sequence[Array], dxs: Sequence[Array | None]) -> None:
        """List the calls that fill the branches' gradients (where not None), all of the size of ``dy``."""
        raise TypeError(f"{type(self).__name__} combines nothing")

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.merge(self.operation, x),)


def _common(shapes: Sequence[Shape]) -> Shape | None:
    """The shape to which axes of size 1 and missing first axes repeat; ``None`` where they do not fit."""
    rank = max(len(shape) for shape in shapes)
    found: list[int | None] = []
    for sizes in zip(*((1,) * (rank - len(shape)) + shape for shape in shapes), strict=True):
        others = {size for size in sizes if size != 1}
        if len(others) > 1:
            return None
        found.append(others.pop() if others else 1)
    return tuple(found)


def _remedy(inputs: tuple[TensorSpec, ...]) -> Remedy | None:
    """A Dense into each wire whose last axis differs; where other axes differ too, first a Flatten into all."""
    first = inputs[0]
    if len({spec.shape[:-1] for spec in inputs}) > 1 or len({spec.rank for spec in inputs}) > 1:
        return Remedy("Insert Flatten", "Flatten") if max(spec.rank for spec in inputs) > 2 else None
    if not first.shape or any(spec.shape[-1] is None for spec in inputs):
        return None
    odd = tuple(place for place, spec in enumerate(inputs) if spec.shape != first.shape)
    return Remedy(f"Insert Dense with {first.shape[-1]} units", "Dense", (("units", first.shape[-1]),), odd)


@lru_cache(TABLES)
def _table(sizes: tuple[int, ...], full: tuple[int, ...]) -> tuple[Places, int]:
    """Where the numbers of a repeated sample come from."""
    places = np.arange(int(np.prod(sizes)), dtype=np.int64).reshape((1,) * (len(full) - len(sizes)) + sizes)
    return runs_of(np.ascontiguousarray(np.broadcast_to(places, full)))


def _spread_before(lane: Lane) -> list[Array]:
    """The branches as ``forward`` left them: smaller ones repeated to the size of the output."""
    full = lane.y[0].shape[1:]
    return [flat(x if x.shape[1:] == full else lane.buffer(f"branch {n}", full)) for n, x in enumerate(lane.x)]


def _branches(lane: Lane) -> list[Array]:
    """List what repeats smaller branches; returns all in the size of the output."""
    found, full = _spread_before(lane), lane.y[0].shape[1:]
    for x, branch in zip(lane.x, found, strict=True):
        if x.shape[1:] != full:
            gather(lane, x, *_table(x.shape[1:], full), branch)
    return found


def masks_before(lane: Lane) -> list[Array | None]:
    """The branches' masks as ``forward`` left them: smaller ones repeated to the steps of the output.

    A branch with fewer axes than the output has lost its mask, as in Keras.
    """
    full, rank = lane.y[0].shape[1:-1], lane.y[0].ndim
    return [
        None if mask is None or x.ndim < rank
        else mask if mask.shape[1:] == full
        else lane.buffer(f"mask {n}", full, np.uint8)
        for n, (x, mask) in enumerate(zip(lane.x, lane.masks, strict=True))
    ]  # fmt: skip


def _spread_masks(lane: Lane) -> None:
    """List what repeats smaller masks."""
    for mask, spread in zip(lane.masks, masks_before(lane), strict=True):
        if mask is not None and spread is not None and spread is not mask:
            gather(lane, mask, *_table(mask.shape[1:], spread.shape[1:]), spread)


def _unite(lane: Lane) -> None:
    """List the mask of branches put together: a step counts where it counts in any branch."""
    total = lane.mask_out[0]
    if total is not None:
        given = [mask.reshape(-1) for mask in masks_before(lane) if mask is not None]
        lane.call(copy_mask, given[0], total.reshape(-1))
        for mask in given[1:]:
            lane.call(union, mask, total.reshape(-1))


def in_places(lane: Lane, x: Array) -> Array:
    """What has the size of the output as one row per step."""
    return x.reshape(-1, lane.y[0].shape[-1])


def flat(x: Array) -> Array:
    """One row per sample."""
    return x.reshape(x.shape[0], -1)
