"""Sequential and functional models of every version, written out call by call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import FileError
from engine.exchange.importing.inbound import Reference, arguments, references
from engine.exchange.importing.outline import (
    DEEPEST,
    Collector,
    Entry,
    Outline,
    Source,
    Told,
    read_entry,
    shown,
    snake,
)

#: Under these names a layer says which shape enters it.
SHAPES = ("batch_shape", "batch_input_shape")


def outline(model: Any, major: int) -> Outline:
    """The structure of a whole model.

    Raises:
        FileError: it is damaged, or not of a kind whose structure a file tells.
    """
    collector = Collector(major)
    top = read_entry(model, "the file")
    outputs = _Model(collector, "", "", "", 0).outputs(top, None)
    return Outline(collector.calls, tuple(collector.inputs), tuple(outputs), collector.shared)


Key = tuple[str, int]


class _Model:
    """One model that is being written out.

    Args:
        collector: takes the calls.
        around: names of the models around its layers, each with a slash behind.
        group: the legacy group of its layers, if it is not the outermost model.
        store: where a ``.keras`` file keeps it, with a slash behind.
        depth: how many models lie around it.
    """

    def __init__(self, collector: Collector, around: str, group: str, store: str, depth: int) -> None:
        if depth > DEEPEST:
            raise FileError(f"Models lie more than {DEEPEST} deep in each other; such a model cannot be opened.")
        self._collector = collector
        self._around = around
        self._group = group
        self._store = store
        self._depth = depth
        self._counts: dict[str, int] = {}

    def outputs(self, entry: Entry, fed: Sequence[Source] | None) -> list[Source]:
        """Write a model out.

        Args:
            entry: the model.
            fed: what enters it; ``None`` for the outermost, which has inputs of its own.
        """
        config = entry.config
        listed = config.get("layers") if isinstance(config, dict) else config
        if not isinstance(listed, list) or not listed:
            raise FileError(
                f"'{shown(entry.kind)}' is a model class of its author's own: the file does not tell its structure. "
                "Build it as Sequential or Functional and save it again."
            )
        self._collector.spend(len(listed))
        entries = [read_entry(value, f"entry {n + 1} of '{entry.name}'") for n, value in enumerate(listed)]
        places = [self._place(item) for item in entries]
        if isinstance(config, dict) and ("output_layers" in config or "input_layers" in config):
            return self._functional(config, entries, places, fed)
        return self._sequential(entry, entries, places, fed)

    def _place(self, entry: Entry) -> tuple[str, str, int]:
        kind = snake(entry.kind)
        count = self._counts.get(kind, 0)
        self._counts[kind] = count + 1
        return self._store, kind, count

    def _told(self, entry: Entry, place: tuple[str, str, int]) -> Told:
        return self._collector.told(entry, self._around, self._group, place)

    def _apply(self, entry: Entry, place: tuple[str, str, int], sources: Sequence[Source]) -> list[Source]:
        """Write one use of a layer, or of a model within."""
        if not entry.is_model:
            return [self._collector.call(self._told(entry, place), tuple(sources))]
        store, kind, count = place
        inner = f"{store}layers/{kind}{f'_{count}' if count else ''}/"
        group = self._group or entry.name
        return _Model(self._collector, f"{self._around}{entry.name}/", group, inner, self._depth + 1).outputs(
            entry, sources
        )

    # -- one after the other ---------------------------------------------------------------------

    def _sequential(
        self, model: Entry, entries: list[Entry], places: list[tuple[str, str, int]], fed: Sequence[Source] | None
    ) -> list[Source]:
        flow = list(fed) if fed is not None else None
        for entry, place in zip(entries, places, strict=True):
            if entry.kind == "InputLayer":
                if flow is None:
                    flow = self._apply(entry, place, ())
                continue
            if flow is None:
                flow = self._made_input(model, entry)
            flow = self._apply(entry, place, flow)
        return flow or []

    def _made_input(self, model: Entry, first: Entry) -> list[Source]:
        """An Input that older dialects only tell as the shape of the first layer."""
        shape = _entering(first) or model.build
        if shape is None and isinstance(model.config, dict):
            shape = model.config.get("build_input_shape")
        if shape is None:
            return []
        raw = {"class_name": "InputLayer", "name": f"{first.name}_input", "config": {"batch_shape": shape}}
        return self._apply(read_entry(raw, "the input"), (self._store, "input_layer", 0), ())

    # -- any graph ---------------------------------------------------------------------------------

    def _functional(
        self,
        config: Mapping[str, Any],
        entries: list[Entry],
        places: list[tuple[str, str, int]],
        fed: Sequence[Source] | None,
    ) -> list[Source]:
        known = {entry.name: (entry, place) for entry, place in zip(entries, places, strict=True)}
        if len(known) < len(entries):
            raise FileError("The model's structure is not usable: two of its layers have one name.")
        done: dict[tuple[str, int], list[Source]] = {}
        ends = references(config.get("input_layers")), references(config.get("output_layers"))
        self._enter(ends[0], known, fed, done)
        calls: dict[Key, list[Reference]] = {
            (entry.name, n): wanted
            for entry in entries
            if entry.kind != "InputLayer"
            for n, wanted in enumerate(arguments(entry.raw.get("inbound_nodes")))
        }
        self._collector.spend(max(0, len(calls) - len(entries)))
        shift, last = _shifts(known, calls, ends[1], self._collector.major)
        for name, n in _ordered(calls, shift, done):
            entry, place = known[name]
            done[name, n] = self._apply(entry, place, [_found(r, shift, done) for r in calls[name, n]])
        return [_found(reference, last, done) for reference in ends[1]]

    def _enter(
        self,
        starts: Sequence[Reference],
        known: Mapping[str, tuple[Entry, tuple[str, str, int]]],
        fed: Sequence[Source] | None,
        done: dict[tuple[str, int], list[Source]],
    ) -> None:
        named = [reference.layer for reference in starts]
        rest = [name for name, (entry, _) in known.items() if entry.kind == "InputLayer" and name not in named]
        for place, name in enumerate([*named, *rest]):
            if name not in known or (name, 0) in done:
                raise FileError(f"The model's structure is not usable: there is no input '{shown(name)}'.")
            if fed is None:
                done[name, 0] = self._apply(*known[name], ())
            elif place < len(fed):
                done[name, 0] = [fed[place]]
            else:
                raise FileError(f"The model's structure is not usable: nothing enters '{shown(name)}'.")


def _entering(entry: Entry) -> Any:
    """The shape that a first layer says enters it, also when it lies in a model within."""
    for _ in range(DEEPEST):
        config = entry.config
        if isinstance(config, dict):
            shape = next((config[key] for key in SHAPES if config.get(key) is not None), None)
            if shape is not None:
                return shape
        listed = config.get("layers") if isinstance(config, dict) else config
        if not isinstance(listed, list) or not listed:
            return entry.build
        entry = read_entry(listed[0], f"the first entry of '{entry.name}'")
    return None


def _shifts(
    known: Mapping[str, tuple[Entry, Any]],
    calls: Mapping[Key, Sequence[Reference]],
    ends: Sequence[Reference],
    major: int,
) -> tuple[dict[str, int], dict[str, int]]:
    """By how much uses of a model within are counted from 1, as its own making counts as the first.

    Keras 2 counts so everywhere (though not every kind of model), Keras 3 only where it names a model's outputs.

    Returns:
        The shifts among layers, and for the outputs.
    """
    among = dict.fromkeys(known, 0)
    if major >= 3:
        return among, {name: int(entry.is_model and entry.kind != "Sequential") for name, (entry, _) in known.items()}
    counts: dict[str, int] = {}
    for name, _ in calls:
        counts[name] = counts.get(name, 0) + 1
    for reference in [r for wanted in calls.values() for r in wanted] + list(ends):
        entry = known.get(reference.layer, (None,))[0]
        if entry is not None and entry.is_model and reference.node >= counts.get(entry.name, 0):
            among[entry.name] = 1
    return among, among


def _at(reference: Reference, shift: Mapping[str, int]) -> Key:
    return reference.layer, reference.node - shift.get(reference.layer, 0)


def _found(reference: Reference, shift: Mapping[str, int], done: Mapping[Key, list[Source]]) -> Source:
    outputs = done.get(_at(reference, shift))
    if outputs is None:
        raise FileError(f"The model's structure is not usable: there is no output of '{shown(reference.layer)}'.")
    if len(outputs) == 1:  # a layer that is not a model: its tensors are told apart by their ports
        return Source(outputs[0].call, outputs[0].port or reference.tensor)
    if reference.tensor >= len(outputs):
        raise FileError(f"The model's structure is not usable: '{shown(reference.layer)}' has fewer outputs.")
    return outputs[reference.tensor]


def _ordered(calls: Mapping[Key, Sequence[Reference]], shift: Mapping[str, int], done: Mapping[Key, Any]) -> list[Key]:
    """The calls so that each comes after what enters it."""
    waiting: dict[Key, int] = {}
    feeds: dict[Key, list[Key]] = {}
    for key, wanted in calls.items():
        sources = {_at(reference, shift) for reference in wanted} - set(done)
        waiting[key] = len(sources)
        for source in sources:
            feeds.setdefault(source, []).append(key)
    ready = [key for key, count in waiting.items() if count == 0]
    for key in ready:  # grows while it is gone through
        for target in feeds.get(key, ()):
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    if len(ready) < len(calls):
        stuck = next(key[0] for key, count in waiting.items() if count)
        raise FileError(
            f"The model's structure is not usable: what enters '{shown(stuck)}' is missing, or goes round in a circle."
        )
    return ready
