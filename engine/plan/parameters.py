"""All weights of a network in one flat array, and views of it by node and name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.graph import Graph
from engine.infer import Inference
from engine.tensor_spec import WeightSpec

Array = npt.NDArray[Any]
ALIGN = 16  # elements: every weight starts on a cache line


@dataclass(frozen=True)
class Entry:
    """Where one weight lives.

    Attributes:
        node: id of its node.
        spec: its declaration.
        start: first element in the flat array (trainable weights only, else -1).
    """

    node: str
    spec: WeightSpec
    start: int

    @property
    def stop(self) -> int:
        """One past its last element."""
        return self.start + self.spec.size


class Parameters:
    """The numbers of a network: trainable ones flat, others beside them.

    Attributes:
        flat: every trainable weight, one after the other.
        gradient: their gradients, in the same places.
        entries: where each weight lives, in graph order; weights that several nodes share live at their owner.
        slots: the optimizer's flat arrays by name.
        frozen: nodes whose weights stay: those of the graph and the given ones.
    """

    def __init__(
        self, graph: Graph, inference: Inference, dtype: np.dtype[Any], frozen: frozenset[str] = frozenset()
    ) -> None:
        self.dtype = dtype
        self.frozen = frozen | graph.frozen
        self._owners = {node: graph.owner(node) for node in graph.order}
        self.entries: list[Entry] = []
        size = 0
        for node in graph.order:
            if self._owners[node] != node:
                continue
            for spec in inference.weights.get(node, ()):
                trains = spec.trainable and node not in self.frozen
                self.entries.append(Entry(node, spec, size if trains else -1))
                if trains:
                    size += -(-spec.size // ALIGN) * ALIGN
        self.flat = np.zeros(size, dtype)
        self.gradient = np.zeros(size, dtype)
        self.slots: dict[str, Array] = {}
        self._starts: dict[str, float] = {}
        self._fixed: dict[tuple[str, str], Array] = {
            (e.node, e.spec.name): np.zeros(e.spec.shape, dtype) for e in self.entries if e.start < 0
        }
        self._ignored = {key: np.zeros(value.shape, dtype) for key, value in self._fixed.items()}

    def trainable(self) -> list[Entry]:
        """Entries that the optimizer changes."""
        return [e for e in self.entries if e.start >= 0]

    @cached_property
    def _entries_of(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.node, []).append(entry)
        return {node: found.get(owner, []) for node, owner in self._owners.items()}

    def knows(self, node: str) -> bool:
        """Whether a node was there when the weights were laid out."""
        return node in self._entries_of

    def of(self, node: str) -> dict[str, Array]:
        """Views of the weights that a node uses, by name."""
        return {e.spec.name: self.view(self.flat, e) for e in self._entries_of[node]}

    def gradients_of(self, node: str) -> dict[str, Array]:
        """Views of their gradients by name (of fixed weights: memory nobody reads)."""
        return {
            e.spec.name: self.view(self.gradient, e) if e.start >= 0 else self._ignored[e.node, e.spec.name]
            for e in self._entries_of[node]
        }

    def trained_nodes(self) -> frozenset[str]:
        """Nodes that use weights which the optimizer changes."""
        return frozenset(node for node, entries in self._entries_of.items() if any(e.start >= 0 for e in entries))

    def view(self, flat: Array, entry: Entry) -> Array:
        """An entry's part of a flat array, or its own array when it is fixed."""
        if entry.start < 0:
            return self._fixed[entry.node, entry.spec.name]
        return flat[entry.start : entry.stop].reshape(entry.spec.shape)

    def initialize(self, seed: int) -> None:
        """Fill every weight; each has its own random stream, so order and neighbours do not matter."""
        for entry in self.entries:
            initializer = entry.spec.initializer
            assert isinstance(initializer, Initializer)
            random = np.random.Generator(np.random.Philox(key=stream(seed, entry.node, entry.spec.name)))
            self.view(self.flat, entry)[...] = initializer.fill(
                entry.spec.shape, initializer.generator(random), entry.spec.fan_in, entry.spec.fan_out
            )

    def load(self, weights: Mapping[str, Mapping[str, Array]]) -> set[str]:
        """Copy weights that fit by node id, name and shape; returns the nodes left as they were."""
        missing = set()
        for entry in self.entries:
            given = weights.get(entry.node, {}).get(entry.spec.name)
            if given is None or tuple(given.shape) != entry.spec.shape:
                missing.add(entry.node)
            else:
                self.view(self.flat, entry)[...] = given
        return missing

    def add_slot(self, name: str, start: float = 0.0) -> None:
        """Make an optimizer slot filled with its first number; one that is there keeps its numbers."""
        self._starts[name] = start
        if name not in self.slots:
            self.slots[name] = np.full_like(self.flat, start)

    def like_slots(self, other: Parameters) -> None:
        """Make the slots that another arrangement of the weights has, as they were before the first step."""
        for name in other.slots:
            self.add_slot(name, other._starts.get(name, 0.0))

    def load_slots(self, slots: Mapping[str, Mapping[str, Mapping[str, Array]]]) -> bool:
        """Copy the optimizer's memory where it fits; the rest stays as it is.

        Returns:
            Whether all of it was there.
        """
        complete = True
        for name, flat in self.slots.items():
            for entry in self.trainable():
                given = slots.get(name, {}).get(entry.node, {}).get(entry.spec.name)
                if given is not None and tuple(given.shape) == entry.spec.shape:
                    self.view(flat, entry)[...] = given
                else:
                    complete = False
        return complete

    def forget_slots(self) -> None:
        """Let the optimizer begin anew."""
        for name, flat in self.slots.items():
            flat[:] = self._starts.get(name, 0.0)

    def copy(self) -> dict[str, dict[str, Array]]:
        """All weights, copied, by node and name; nodes that share weights share the copy."""
        return self._copied(self.flat, self.entries)

    def copy_slots(self) -> dict[str, dict[str, dict[str, Array]]]:
        """The optimizer's memory, copied."""
        return {name: self._copied(flat, self.trainable()) for name, flat in self.slots.items()}

    def _copied(self, flat: Array, entries: list[Entry]) -> dict[str, dict[str, Array]]:
        found: dict[str, dict[str, Array]] = {}
        for entry in entries:
            found.setdefault(entry.node, {})[entry.spec.name] = self.view(flat, entry).copy()
        return {node: found[owner] for node, owner in self._owners.items() if owner in found}


def stream(seed: int, *names: str) -> int:
    """A 128-bit key for a random stream of its own."""
    text = "\x1f".join([str(seed), *names])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
