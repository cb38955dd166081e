"""Samples as the public calls receive them: arrays by node, in memory or on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from numbers import Real
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import numpy.typing as npt

from engine.errors import DataError, UsageError
from engine.plan.plan import Feed
from engine.train.feeds import make_feed, numbers

if TYPE_CHECKING:
    from engine.api.model import Model

Array = npt.NDArray[Any]
#: Bytes from which rows are read one by one where they do not follow each other.
LARGE_ROW = 2**14


class OnDisk:
    """Rows of an HDF5 data set that stay where they are until a batch needs them.

    Args:
        dataset: the whole.
        first, stop: which of its rows.
    """

    def __init__(self, dataset: Any, first: int = 0, stop: int | None = None) -> None:
        self._dataset, self._first = dataset, first
        self._stop = len(dataset) if stop is None else stop

    def __len__(self) -> int:
        return self._stop - self._first

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, the rows first."""
        return (len(self), *self._dataset.shape[1:])

    def __getitem__(self, rows: slice) -> OnDisk:
        first, stop, _ = rows.indices(len(self))
        return OnDisk(self._dataset, self._first + first, self._first + stop)

    def take(self, rows: npt.NDArray[np.int64]) -> Array:
        """Rows by number; neighbours are read at once.

        Large scattered rows are read one after the other, in the order of the file. Asked for a list of numbers, h5py
        takes 6 times as long for pictures in one piece and 40 times in blocks; with small rows it is faster so.
        """
        places = rows + self._first
        if _are_neighbours(places):
            return self._read(places)
        if self._dataset.dtype.itemsize * prod(self._dataset.shape[1:]) < LARGE_ROW:
            wanted, back = np.unique(places, return_inverse=True)
            return np.asarray(self._dataset[wanted])[back]
        order = np.argsort(places, kind="stable")
        places = places[order]
        runs = np.flatnonzero(np.diff(places) != 1) + 1
        found = np.empty((len(rows), *self._dataset.shape[1:]), self._dataset.dtype)
        for there, run in zip(np.split(order, runs), np.split(places, runs), strict=True):
            found[there] = self._read(run)
        return found

    def _read(self, places: npt.NDArray[np.int64]) -> Array:
        first = int(places[0]) if len(places) else 0
        return np.asarray(self._dataset[first : first + len(places)])


def _are_neighbours(places: npt.NDArray[np.int64]) -> bool:
    return bool((np.diff(places) == 1).all())


@dataclass(frozen=True)
class Rows:
    """Samples by node.

    Attributes:
        inputs, targets: arrays by Input node and by output node.
        weights: one weight per sample, or (samples, steps), or ``None``.
    """

    inputs: Mapping[str, Array | OnDisk]
    targets: Mapping[str, Array | OnDisk]
    weights: Array | None = None

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(next(iter(self.inputs.values())))

    @property
    def on_disk(self) -> bool:
        """Whether anything stays on disk."""
        return any(isinstance(values, OnDisk) for values in (*self.inputs.values(), *self.targets.values()))

    def part(self, first: int, stop: int) -> Rows:
        """Some rows of everything."""
        rows = slice(first, stop)
        return Rows(
            {node: array[rows] for node, array in self.inputs.items()},
            {node: array[rows] for node, array in self.targets.items()},
            None if self.weights is None else self.weights[rows],
        )

    def taken(self, rows: npt.NDArray[np.int64]) -> Rows:
        """Rows by number, in memory."""
        inputs, targets = ({n: _taken(v, rows) for n, v in part.items()} for part in (self.inputs, self.targets))
        return Rows(inputs, targets, None if self.weights is None else self.weights[rows])

    def feed(self, model: Model, judged: bool = True) -> Feed:
        """The rows as a plan reads them, checked against the model.

        Raises:
            DataError: they do not fit.
        """
        held = self.taken(np.arange(self.samples)) if self.on_disk else self
        inference, heads = model.require()[0], model.heads() if judged else ()
        inputs, targets = ({n: np.asarray(v) for n, v in part.items()} for part in (held.inputs, held.targets))
        if judged:
            for node, array in (inputs | targets).items():
                refuse_gaps(node, array)
        return make_feed(inference, heads, inputs, targets, held.weights, model.dtype)


def _taken(values: Array | OnDisk, rows: npt.NDArray[np.int64]) -> Array:
    found: Array = values.take(rows) if isinstance(values, OnDisk) else values[rows]
    return found


def refuse_gaps(name: str, array: Array) -> None:
    """See to it that every number is finite.

    Raises:
        DataError: one is not.
    """
    # A sum is not finite when a number is not; it takes no memory, unlike a test of each number.
    with np.errstate(over="ignore", invalid="ignore"):
        if array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64)):
            return
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = tuple(int(n) for n in np.argwhere(wrong)[0])
        raise DataError(
            f"The data for '{name}' hold {int(wrong.sum()):,} values that are no numbers (NaN or infinite), the first "
            f"at {place}. Repair or leave out those samples."
        )


def rows_of(model: Model, x: Any, y: Any, sample_weight: Any, what: str, judged: bool = True) -> Rows:
    """Inputs, targets and weights by node.

    Args:
        model: whose nodes they are for.
        x: inputs, as given to ``fit``.
        y: targets.
        sample_weight: one weight per sample, or per sample and step, or ``None``.
        what: a word put before ``input`` and ``target`` in messages.
        judged: whether there are targets.

    Raises:
        UsageError: their number or names do not fit.
        DataError: they are no arrays of numbers, or their numbers of rows differ.
    """
    inputs = by_name(model.graph.inputs, x, f"{what}input", model.dtype)
    heads = [head.node for head in model.heads()] if judged else []
    targets = by_name(heads, y, f"{what}target", model.dtype) if judged else {}
    if any(handle.channels_first for handle in model.wiring.owners):
        inputs = {node: _turned(model, node, array) for node, array in inputs.items()}
    samples = len(next(iter(inputs.values())))
    for node, array in (inputs | targets).items():
        if len(array) != samples:
            kind = "target" if node in targets else "input row"
            raise DataError(
                f"There must be one {kind} per sample: '{node}' received {len(array)} for {samples} samples."
            )
    if sample_weight is None:
        return Rows(inputs, targets)
    weights = numbers(sample_weight, f"{what}sample_weight", model.dtype)
    if len(weights) != samples:
        raise DataError(f"There must be one sample weight per sample: received {len(weights)} for {samples} samples.")
    refuse_gaps(f"{what}sample_weight", weights)
    return Rows(inputs, targets, weights)


def _turned(model: Model, node: str, array: Array | OnDisk) -> Array | OnDisk:
    """Pictures with channels first as the engine has them: channels last."""
    wanted = model.shapes().outputs[node][0].shape
    if len(wanted) < 2 or array.shape[1:] != (wanted[-1], *wanted[:-1]):
        return array
    if isinstance(array, OnDisk):
        raise DataError(
            f"The data for '{node}' have channels first; only arrays in memory are turned. Store them last."
        )
    return np.moveaxis(array, 1, -1)


def with_class_weight(rows: Rows, given: Any) -> Rows:
    """Every sample's weight times that of its class.

    Raises:
        UsageError: it does not map class numbers to numbers, or there are several outputs.
    """
    if given is None:
        return rows
    if not isinstance(given, Mapping):
        raise UsageError(
            f"class_weight must map class numbers to weights, such as {{0: 1.0, 1: 5.0}}; received {given!r}."
        )
    for key, weight in given.items():
        right = isinstance(key, (int, np.integer)) and isinstance(weight, Real) and isfinite(weight)
        if not right:
            raise UsageError(f"class_weight must map class numbers to numbers; received {key!r}: {weight!r}.")
    if len(rows.targets) > 1:
        raise UsageError("class_weight works for a single output. Give sample_weight for a network with several.")
    if not rows.samples:
        return rows
    labels = _taken(next(iter(rows.targets.values())), np.arange(rows.samples)).reshape(rows.samples, -1)
    classes = labels.argmax(axis=1) if labels.shape[1] > 1 else labels[:, 0].astype(np.int64)
    weights = np.array([float(given.get(int(c), 1.0)) for c in classes])
    if rows.weights is not None:
        weights = weights.reshape(-1, *(1 for _ in rows.weights.shape[1:])) * rows.weights
    return Rows(rows.inputs, rows.targets, weights)


def by_name(nodes: Sequence[str], given: Any, what: str, dtype: str) -> dict[str, Array | OnDisk]:
    """Arrays by node from one array, a list in order, or a mapping.

    Raises:
        UsageError: their number or names do not fit.
        DataError: they are no arrays of numbers.
    """
    if given is None:
        raise UsageError(f"There is no {what}. The network has {', '.join(nodes)}.")
    if isinstance(given, Mapping):
        missing = [n for n in nodes if n not in given]
        if missing:
            raise UsageError(f"There is no {what} for '{missing[0]}'; received {', '.join(map(str, given))}.")
        return {n: _held(given[n], n, dtype) for n in nodes}
    arrays = list(given) if len(nodes) > 1 and isinstance(given, (list, tuple)) else [given]
    if len(arrays) != len(nodes) and len(nodes) == 1:
        arrays = [given]
    if len(arrays) != len(nodes):
        raise UsageError(f"The network needs {len(nodes)} {what} arrays ({', '.join(nodes)}); received {len(arrays)}.")
    return {node: _held(array, node, dtype) for node, array in zip(nodes, arrays, strict=True)}


def _held(values: Any, node: str, dtype: str) -> Array | OnDisk:
    if isinstance(values, h5py.Dataset) and values.ndim and values.dtype.kind in "fiub":
        return OnDisk(values)
    return numbers(values, node, dtype)
