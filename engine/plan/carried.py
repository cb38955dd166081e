"""States that layers hand on from one batch to the next, a row of them for every row of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError

Array = npt.NDArray[Any]
#: States by node id and name.
States = Mapping[str, Mapping[str, Array]]


class Carried:
    """The states of a plan's layers; nodes that share weights share them too.

    Args:
        capacity: rows of a batch at most.
        dtype: of the states.
    """

    def __init__(self, capacity: int, dtype: np.dtype[Any]) -> None:
        self._capacity, self._dtype = capacity, dtype
        self._arrays: dict[str, dict[str, Array]] = {}
        self._given: States = {}
        self._rows = 0  # of the batches so far; 0 when the next one may have any number

    def array(self, node: str, name: str, shape: tuple[int, ...]) -> Array:
        """The rows of a state, which keep their place; zeros, or what was loaded."""
        named = self._arrays.setdefault(node, {})
        if name not in named:
            named[name] = np.zeros((self._capacity, *shape), self._dtype)
            self._fill(node, name)
        return named[name]

    def _fill(self, node: str, name: str) -> None:
        array, given = self._arrays[node][name], self._given.get(node, {}).get(name)
        array[...] = 0
        if given is not None and given.shape[1:] == array.shape[1:] and len(given) == self._rows:
            array[: self._rows] = given

    def take(self, rows: int) -> None:
        """Note that a batch begins.

        Raises:
            DataError: it has another number of rows than those before it.
        """
        if not self._arrays:
            return
        if self._rows and rows != self._rows:
            raise DataError(
                f"The stateful layer '{next(iter(self._arrays))}' hands on a state for each of the {self._rows} rows "
                f"of a batch, but a batch of {rows} arrives. Give batches of {self._rows} rows, or call "
                "reset_states() first."
            )
        self._rows = rows

    def load(self, states: States) -> None:
        """Take over states; what does not fit this plan begins with zeros."""
        counts = {len(array) for named in states.values() for array in named.values()}
        self._rows = counts.pop() if len(counts) == 1 and max(counts) <= self._capacity else 0
        self._given = states if self._rows else {}
        for node, named in self._arrays.items():
            for name in named:
                self._fill(node, name)

    def copy(self) -> dict[str, dict[str, Array]]:
        """The states after the last batch; none before the first."""
        if not self._rows:
            return {}
        untouched = {node: dict(named) for node, named in self._given.items() if node not in self._arrays}
        ours = {
            node: {name: array[: self._rows].copy() for name, array in named.items()}
            for node, named in self._arrays.items()
        }
        return untouched | ours

    def reset(self, nodes: Iterable[str] | None = None) -> None:
        """Begin with zeros again: in some nodes, or in all (then with batches of any size)."""
        chosen = set(self._arrays) | set(self._given) if nodes is None else set(nodes)
        self._given = {node: named for node, named in self._given.items() if node not in chosen}
        for node in chosen & set(self._arrays):
            for array in self._arrays[node].values():
                array[...] = 0
        if chosen >= set(self._arrays):
            self._rows = 0
