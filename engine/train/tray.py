"""Arrays of one batch that are filled again and again: kernels are bound to addresses, sizes and element types."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.plan.plan import Feed

Array = npt.NDArray[Any]


class Tray:
    """Takes batches of one form.

    Args:
        feed: the first batch.
        capacity: rows that it must be able to hold.
    """

    def __init__(self, feed: Feed, capacity: int) -> None:
        self.capacity = capacity
        self.feed = Feed(
            {node: _roomy(array, capacity) for node, array in feed.inputs.items()},
            {node: _roomy(array, capacity) for node, array in feed.targets.items()},
            None if feed.weights is None else {node: _roomy(a, capacity) for node, a in feed.weights.items()},
        )
        self._form = form(feed)

    def takes(self, feed: Feed) -> bool:
        """Whether a batch has the form, and not too many rows."""
        return form(feed) == self._form and rows_of(feed) <= self.capacity

    def put(self, feed: Feed) -> int:
        """Fill in a batch; returns its number of rows."""
        rows = rows_of(feed)
        for new, kept in zip(arrays(feed), arrays(self.feed), strict=True):
            np.copyto(kept[:rows], new)
        return rows


def arrays(feed: Feed) -> Iterator[Array]:
    """All arrays of a feed, in a fixed order."""
    yield from feed.inputs.values()
    yield from feed.targets.values()
    yield from (feed.weights or {}).values()


def rows_of(feed: Feed) -> int:
    """Rows of a feed."""
    return len(next(arrays(feed)))


def form(feed: Feed) -> Hashable:
    """What batches must share to lie in the same tray."""
    return (feed.weights is None, *((array.shape[1:], array.dtype) for array in arrays(feed)))


def _roomy(array: Array, capacity: int) -> Array:
    found = np.zeros((capacity, *array.shape[1:]), array.dtype)
    found[: min(capacity, len(array))] = array[:capacity]
    return found
