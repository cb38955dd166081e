"""Batches that come from HDF5 files and from generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.api.rows import Rows, rows_of, with_class_weight
from engine.errors import DataError, UsageError
from engine.plan.plan import Feed

if TYPE_CHECKING:
    from engine.api.model import Model


class DiskReader:
    """Reads the rows of a batch from files when it is their turn.

    Args:
        model: that they are for.
        rows: all of them.
        judged: whether there are targets.
    """

    numbered = True

    def __init__(self, model: Model, rows: Rows, judged: bool = True) -> None:
        self._model, self._rows, self._judged = model, rows, judged

    def batch(self, rows: npt.NDArray[np.int64]) -> Feed:
        """The rows of these numbers, checked.

        Raises:
            DataError: they do not fit the network.
        """
        return self._rows.taken(rows).feed(self._model, self._judged)


class BatchReader:
    """Takes batches from a generator, or from an object with a length whose items are batches.

    Args:
        model: that they are for.
        source: gives ``x``, ``(x, y)`` or ``(x, y, sample_weight)``.
        what: its name in sentences.
        class_weight: weights of the classes.
        judged: whether there must be targets.

    Raises:
        DataError: it gives nothing.
        UsageError: what it gives is no batch.
    """

    numbered = False

    def __init__(self, model: Model, source: Any, what: str, class_weight: Any = None, judged: bool = True) -> None:
        self._model, self._what, self._class_weight, self._judged = model, what, class_weight, judged
        self._items = _items(source)
        self.given = 0
        self.first = self._next()
        self._waiting: Feed | None = self.first

    def batch(self, rows: npt.NDArray[np.int64]) -> Feed:
        """The next batch, checked.

        Raises:
            DataError: it does not fit the network, or there are no more.
        """
        found, self._waiting = self._waiting, None
        return self._next() if found is None else found

    def _next(self) -> Feed:
        try:
            item = next(self._items)
        except StopIteration:
            raise DataError(
                f"{self._what} gave {self.given} batches and then no more. Let it go on for ever, as `while True` "
                "does, or ask for fewer steps."
            ) from None
        self.given += 1
        x, y, weights = self._parts(item)
        learn = getattr(self._model, "build_for", None)
        if learn is not None:
            learn(x)
        rows = rows_of(self._model, x, y, weights, f"{self._what}'s ", self._judged)
        if not rows.samples:
            raise DataError(f"{self._what} gave an empty batch. Give at least one sample.")
        return with_class_weight(rows, self._class_weight).feed(self._model, self._judged)

    def _parts(self, item: Any) -> tuple[Any, Any, Any]:
        if not isinstance(item, tuple):
            if self._judged:
                raise UsageError(
                    f"{self._what} must give tuples (x, y) or (x, y, sample_weight); received {type(item).__name__}."
                )
            return item, None, None
        if not 1 <= len(item) <= 3 or (self._judged and len(item) == 1):
            raise UsageError(
                f"{self._what} must give (x, y) or (x, y, sample_weight); received a tuple of {len(item)}."
            )
        return item[0], item[1] if len(item) > 1 else None, item[2] if len(item) > 2 else None


def is_source(x: Any) -> bool:
    """Whether something gives batches, rather than being an array, a list or a mapping of arrays."""
    if isinstance(x, (Mapping, Sequence, np.ndarray)) or hasattr(x, "dtype"):
        return False
    return hasattr(x, "__next__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def steps_of(x: Any, asked: int | None, name: str) -> int:
    """How many batches a source gives for an epoch.

    Raises:
        UsageError: nobody says so.
    """
    if asked is not None:
        return asked
    if hasattr(x, "__len__"):
        return len(x)
    raise UsageError(f"A generator does not tell how many batches it gives: say so with {name}=...")


def _items(source: Any) -> Iterator[Any]:
    if hasattr(source, "__next__"):
        yield from source
        return
    while len(source):
        for place in range(len(source)):
            yield source[place]
        ended = getattr(source, "on_epoch_end", None)
        if callable(ended):
            ended()
