"""Where a file keeps the weights of a layer: by name where it tells names, else by count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from engine.exchange.importing import spelling
from engine.exchange.importing.outline import Told
from engine.exchange.importing.reading import Held

_VARIABLE = re.compile(r"(.*)/vars/(\d{1,4})")
#: What holds the layers in ``.keras`` files: of Keras 3, and of Keras 2.13 to 2.15.
CONTAINERS = ("layers", "_layer_checkpoint_dependencies")
LEGACY = "model_weights"
#: Folders below a layer that hold its arrays, and their order.
FOLDERS = {
    "cell": 0, "layer": 0, "forward_layer": 0, "backward_layer": 1,
    "query_dense": 0, "key_dense": 1, "_gate_dense": 2, "value_dense": 3, "output_dense": 4,
}  # fmt: skip


class Shelves:
    """Finds arrays by layer.

    Args:
        held: what the file holds.
        layers: all layers that the file tells of, in its order.
    """

    def __init__(self, held: Held, layers: Iterable[Told]) -> None:
        self._held = held
        self._variables: dict[str, dict[int, str]] = {}
        for path in held.arrays:
            found = _VARIABLE.fullmatch(path)
            if found is not None:
                place, first = found[1], 0
                while (rank := FOLDERS.get(place.rpartition("/")[2])) is not None:
                    place, first = place.rpartition("/")[0], first + 10_000 * rank
                self._variables.setdefault(place, {})[first + int(found[2])] = path
        counts: dict[tuple[str, str], set[int]] = {}
        for told in layers:
            store, kind, count = told.place
            counts.setdefault((store, kind), set()).add(count)
        # Which of its like each layer is, as counts may leave gaps.
        self._ranks = {key: {count: n for n, count in enumerate(sorted(found))} for key, found in counts.items()}
        self._present: dict[tuple[str, str], tuple[dict[int, str], dict[str, list[str]]]] = {}

    def paths(self, told: Told, names: Sequence[str]) -> list[str] | None:
        """Paths of a layer's arrays for these weights, or ``None`` where the file has no such.

        Args:
            told: the layer.
            names: today's names of its weights, in Keras's order.
        """
        if any(key == LEGACY or key.startswith(LEGACY + "/") for key in self._held.lists):
            return self._legacy(told, names)
        variables = self._variables.get(self._home(told) or "", {})
        found = [variables[n] for n in sorted(variables)]
        return found if len(found) == len(names) else None

    # -- .keras ---------------------------------------------------------------------------------

    def _home(self, told: Told) -> str | None:
        store, kind, count = told.place
        present, named = self._siblings(store, kind)
        if len(named.get(told.own, ())) == 1:
            return named[told.own][0]
        ranks = self._ranks.get((store, kind), {})
        if len(present) == len(ranks) and count in ranks:
            return list(present.values())[ranks[count]]
        return present.get(count)

    def _name(self, path: str) -> str:
        return self._held.named.get(f"{path}/vars", {}).get("name", "")

    def _siblings(self, store: str, kind: str) -> tuple[Mapping[int, str], Mapping[str, list[str]]]:
        """Layers of one class in one model that have variables: their paths by count, in order, and by name."""
        if (store, kind) not in self._present:
            found: dict[int, str] = {}
            for container in CONTAINERS:
                base = f"{store.replace('layers/', container + '/')}{container}/{kind}"
                for path in self._variables:
                    number = path.removeprefix(base)
                    if path == base:
                        found[0] = path
                    elif path.startswith(base) and re.fullmatch(r"_\d{1,5}", number):
                        found[int(number[1:])] = path
                if found:
                    break
            named: dict[str, list[str]] = {}
            for path in found.values():
                named.setdefault(self._name(path), []).append(path)
            self._present[store, kind] = {n: found[n] for n in sorted(found)}, named
        return self._present[store, kind]

    # -- legacy HDF5 ----------------------------------------------------------------------------

    def _legacy(self, told: Told, names: Sequence[str]) -> list[str] | None:
        listed = self._held.lists.get(f"{LEGACY}/{told.group}", {}).get("weight_names", ())
        if told.name != told.own:
            listed = _within(told, listed)
        paths = [f"{LEGACY}/{told.group}/{name.strip('/')}" for name in listed]
        if any(path not in self._held.arrays for path in paths):
            return None
        by_name: dict[str, list[str]] = {}
        for path in paths:
            by_name.setdefault(spelling.weight_name(path, told.own), []).append(path)
        if all(len(by_name.get(name, ())) == 1 for name in names):
            return [by_name[name][0] for name in names]
        return paths if len(paths) == len(names) else None


def _within(told: Told, listed: Sequence[str]) -> list[str]:
    """Of all weights of an outer model, those of one layer in it."""
    inner = told.name.split("/")[1:]

    def belongs(name: str, words: Sequence[str]) -> bool:
        parts = name.split("/")
        return all(word in parts for word in words) or parts[-1].startswith(f"{told.own}_")

    return [name for name in listed if belongs(name, inner)] or [n for n in listed if belongs(n, inner[-1:])]
