"""What a model file says about its structure, in one form for all dialects: calls of layers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import FileError
from engine.exchange.importing import spelling
from engine.io.graph_json import MOST_NODES

#: Models within models.
DEEPEST = 8
NAME_LIMIT = 120
MODELS = frozenset({"Sequential", "Functional", "Model"})


@dataclass(frozen=True)
class Told:
    """One layer as the file tells it.

    Attributes:
        name: its name, with the names of the models around it.
        own: its own name.
        kind: today's class name.
        settings: its parameters under today's names.
        raw: everything the file says.
        group: the legacy file's group that holds its weights: the outermost model's or its own name.
        place: where a ``.keras`` file keeps it: container, class in snake case, count among its like.
    """

    name: str
    own: str
    kind: str
    settings: Mapping[str, Any] = field(compare=False)
    raw: Mapping[str, Any] = field(compare=False)
    group: str
    place: tuple[str, str, int]


@dataclass(frozen=True)
class Source:
    """One output of a call."""

    call: str
    port: int = 0


@dataclass(frozen=True)
class Call:
    """One use of a layer.

    Attributes:
        key: unique: the layer's name, with a number from the second use on.
        layer: what is called.
        sources: what enters, in order.
    """

    key: str
    layer: Told
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Outline:
    """A model's structure, models within it written out.

    Attributes:
        calls: by key, sources before what they feed.
        inputs: keys of the calls where data enter, in order.
        outputs: what the model answers, in order.
        shared: names of layers that are used more than once.
    """

    calls: Mapping[str, Call]
    inputs: tuple[str, ...]
    outputs: tuple[Source, ...]
    shared: tuple[str, ...]


def snake(name: str) -> str:
    """A class name as Keras writes it into paths: ``PReLU`` to ``p_re_lu``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def shown(value: object) -> str:
    """A name for people: printable and not too long."""
    return "".join(c if c.isprintable() else "?" for c in str(value))[:NAME_LIMIT]


@dataclass(frozen=True)
class Entry:
    """One entry of a model's list of layers."""

    name: str
    kind: str
    config: Any
    raw: Mapping[str, Any]
    build: Any

    @property
    def is_model(self) -> bool:
        """Whether it is a model that can be written out."""
        return self.kind in MODELS and isinstance(self.config, (dict, list))


def read_entry(value: Any, where: str) -> Entry:
    """An entry, checked.

    Raises:
        FileError: it names no class or holds no parameters.
    """
    if not isinstance(value, dict) or not isinstance(value.get("class_name"), str):
        raise FileError(f"The model's structure is not usable: {shown(where)} names no layer class.")
    config = value.get("config")
    if not isinstance(config, (dict, list)):
        raise FileError(f"The model's structure is not usable: {shown(where)} holds no parameters.")
    named = value.get("name")
    if not isinstance(named, str):
        named = config.get("name") if isinstance(config, dict) else None
    kind = value["class_name"].rpartition(">")[2]
    build = value.get("build_config")
    shape = build.get("input_shape") if isinstance(build, dict) else None
    return Entry(named if isinstance(named, str) and named else snake(kind), kind, config, value, shape)


def _untupled(value: Any) -> Any:
    """A list where Keras 3 tells a tuple as an object."""
    if isinstance(value, dict) and value.get("class_name") == "__tuple__" and isinstance(value.get("items"), list):
        return value["items"]
    return value


class Collector:
    """Gathers calls while models are written out.

    Attributes:
        major: major version of Keras that wrote the file.
        calls: what was gathered, by key.
        inputs: where data enter.
    """

    def __init__(self, major: int) -> None:
        self.major = major
        self.calls: dict[str, Call] = {}
        self.inputs: list[str] = []
        self._uses: dict[str, int] = {}
        self._left = MOST_NODES

    @property
    def shared(self) -> tuple[str, ...]:
        """Layers that were called more than once."""
        return tuple(name for name, count in self._uses.items() if count > 1)

    def spend(self, entries: int) -> None:
        """Count the entries of a model that is written out, each time it is used.

        Raises:
            FileError: there are too many, as when models that use each other twice lie in each other.
        """
        self._left -= entries
        if self._left < 0:
            raise FileError(f"The model has more than {MOST_NODES:,} layers; no more can be opened.")

    def told(self, entry: Entry, around: str, group: str, place: tuple[str, str, int]) -> Told:
        """A layer in its model.

        Args:
            entry: what the file says.
            around: names of the models around it, each with a slash behind.
            group: the legacy group, or nothing for its own name.
            place: where a ``.keras`` file keeps it.
        """
        kind = spelling.layer_name(entry.kind)
        config = (
            {key: _untupled(value) for key, value in entry.config.items()} if isinstance(entry.config, dict) else {}
        )
        found = spelling.settings(kind, config, self.major)
        return Told(around + entry.name, entry.name, kind, found, entry.raw, group or entry.name, place)

    def call(self, layer: Told, sources: tuple[Source, ...]) -> Source:
        """Note one use of a layer."""
        count = self._uses[layer.name] = self._uses.get(layer.name, 0) + 1
        key = layer.name if count == 1 else f"{layer.name} ({count})"
        while key in self.calls:
            key += "'"
        self.calls[key] = Call(key, layer, sources)
        if layer.kind == "InputLayer" and not sources:
            self.inputs.append(key)
        return Source(key)
