"""Work along any axes: those axes go last, and the array becomes rows of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import TABLES, Places, gather, runs_of, scatter
from engine.errors import Remedy, ShapeError
from engine.tensor_spec import TensorSpec


def check_axis(layer: str, axes: Sequence[int], x: TensorSpec) -> None:
    """Refuse axes that an input does not have, the batch, and an axis named twice.

    Raises:
        ShapeError: with the last axis as remedy.
    """
    good = axes and all(1 <= axis < x.rank or -x.rank < axis < 0 for axis in axes)
    if not good or len({axis % x.rank for axis in axes}) < len(axes):
        raise ShapeError(
            f"{layer}'s axis must lie from 1 to {x.rank - 1} (or be -1, the last one), each at most once, for the "
            f"input {x}; received {axis_list(axes) or 'none'}.",
            Remedy("Set axis to -1", parameters=(("axis", -1),)),
        )
    if not x.known:
        raise ShapeError(f"{layer} needs to know every size of its input; received {x}.")


def axis_list(axes: Sequence[int]) -> str:
    """Axes for a sentence."""
    return ", ".join(map(str, axes))


def places_of(axes: Sequence[int], rank: int) -> tuple[int, ...]:
    """Axes among those after the batch, in ascending order."""
    return tuple(sorted((axis % rank) - 1 for axis in axes))


def terms(lane: Lane, axes: Sequence[int]) -> int:
    """Numbers in a row: the product of the axes' sizes."""
    return prod(lane.specs[0].sizes[place] for place in places_of(axes, lane.specs[0].rank))


def room(lane: Lane, name: str, array: Array, axes: Sequence[int]) -> Array:
    """Where an array's rows lie: in the array itself when the axes are the last ones, else in working memory."""
    width = terms(lane, axes)
    if _at_end(axes, lane.specs[0].rank):
        return array.reshape(-1, width)
    return lane.scratch(name, (array.size // width, width))


def table(lane: Lane, name: str, array: Array, axes: Sequence[int]) -> Array:
    """An array as rows, copied where its axes are not the last ones."""
    found = room(lane, name, array, axes)
    if not _at_end(axes, lane.specs[0].rank):
        gather(lane, array, *_order(lane.specs[0].sizes, tuple(axes)), found.reshape(array.shape[0], -1))
    return found


def put_back(lane: Lane, rows: Array, array: Array, axes: Sequence[int]) -> None:
    """The way back of :func:`table`."""
    if not _at_end(axes, lane.specs[0].rank):
        scatter(lane, rows.reshape(array.shape[0], -1), *_order(lane.specs[0].sizes, tuple(axes)), array)


def trailing(out: Emitter, x: Value, axes: Sequence[int], written: Callable[[Value], Value]) -> Value:
    """Export what works along the last axis so that it works along these."""
    (spec,) = out.specs
    if tuple(axis % spec.rank for axis in axes) == (spec.rank - 1,):
        return written(x)
    order = _dims(spec.rank, axes)
    sizes = tuple(spec.sizes[place - 1] for place in order)
    kept = sizes[: len(sizes) - len(axes)]
    flat = out.reshape(out.transpose(x, order), (*kept, prod(sizes[len(kept) :])))
    back = tuple(order.index(place) + 1 for place in range(1, spec.rank))
    return out.transpose(out.reshape(written(flat), sizes), back)


def _at_end(axes: Sequence[int], rank: int) -> bool:
    found = places_of(axes, rank)
    return found == tuple(range(rank - 1 - len(found), rank - 1))


def _dims(rank: int, axes: Sequence[int]) -> tuple[int, ...]:
    """All axes but the batch, those named last."""
    last = places_of(axes, rank)
    return tuple(place + 1 for place in (*(n for n in range(rank - 1) if n not in last), *last))


@lru_cache(TABLES)
def _order(sizes: tuple[int, ...], axes: tuple[int, ...]) -> tuple[Places, int]:
    numbers = np.arange(prod(sizes), dtype=np.int64).reshape(sizes)
    return runs_of(numbers.transpose([place - 1 for place in _dims(len(sizes) + 1, axes)]))
