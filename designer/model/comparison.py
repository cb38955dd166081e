"""What differs between two projects, told by layers and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.component import Component
from engine.graph import Graph
from engine.project import Project


@dataclass(frozen=True)
class Change:
    """One value that is another one now; empty where there was or is none."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class LayerChange:
    """A layer that is in both networks, and what is different about it.

    Attributes:
        node: its id now.
        changes: of its parameters, name, kind and wires.
    """

    node: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """What an older project and a newer one do not have in common.

    Attributes:
        added: ids of layers that only the newer one has, in order.
        removed: names and titles of layers that only the older one has, in order.
        changed: layers that both have.
        settings: data, division and training.
    """

    added: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[LayerChange, ...] = ()
    settings: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both are the same, places on the canvas aside."""
        return not (self.added or self.removed or self.changed or self.settings)


def compared(before: Project, now: Project) -> Comparison:
    """Compare two projects.

    Layers belong together by id; those left over by type, in the order in which data flow.
    """
    old, new = before.graph, now.graph
    partners = _partners(old, new)
    changed = []
    for key in new.order:
        if key in partners:
            changes = tuple(_layer_changes(old, new, partners, key))
            if changes:
                changed.append(LayerChange(key, changes))
    kept = set(partners.values())
    return Comparison(
        tuple(key for key in new.order if key not in partners),
        tuple((old.nodes[key].name, old.nodes[key].layer.title) for key in old.order if key not in kept),
        tuple(changed),
        tuple(_settings(before, now)),
    )


def _partners(old: Graph, new: Graph) -> dict[str, str]:
    """The older layer of every newer one that has any."""
    found = {key: key for key in new.nodes if key in old.nodes and _kind(old, key) == _kind(new, key)}
    rest_old = [key for key in old.order if key not in found]
    rest_new = [key for key in new.order if key not in found]
    kinds = [_kind(old, key) for key in rest_old], [_kind(new, key) for key in rest_new]
    for block in SequenceMatcher(None, *kinds, autojunk=False).get_matching_blocks():
        for n in range(block.size):
            found[rest_new[block.b + n]] = rest_old[block.a + n]
    return found


def _kind(graph: Graph, key: str) -> str:
    return graph.nodes[key].layer.key


def _layer_changes(old: Graph, new: Graph, partners: Mapping[str, str], key: str) -> Iterator[Change]:
    before, now = old.nodes[partners[key]], new.nodes[key]
    if before.name != now.name:
        yield Change("name", before.name, now.name)
    yield from _differing(before.layer.to_json(), now.layer.to_json())
    if before.trainable != now.trainable:
        yield Change("trainable", value_text(before.trainable), value_text(now.trainable))
    newer = {older: name for name, older in partners.items()}
    if newer.get(before.shares, before.shares) != now.shares:
        yield Change("weights of", _called(old, before.shares), _called(new, now.shares))
    sources = [(newer.get(edge.source), edge.source_port, edge.target_port) for edge in old.into(partners[key])]
    if sources != [(edge.source, edge.source_port, edge.target_port) for edge in new.into(key)]:
        yield Change("takes", _sources(old, partners[key]), _sources(new, key))


def _called(graph: Graph, key: str) -> str:
    return graph.nodes[key].name if key in graph.nodes else ""


def _sources(graph: Graph, key: str) -> str:
    return ", ".join(graph.nodes[edge.source].name for edge in graph.into(key))


def _settings(before: Project, now: Project) -> Iterator[Change]:
    yield from _differing(before.training.to_json(), now.training.to_json())
    yield from _differing(before.split.to_json(), now.split.to_json(), "split: ")
    old, new = _json(before.source), _json(now.source)
    if old.get("type") != new.get("type"):
        yield Change("data", value_text(old.get("type")), value_text(new.get("type")))
    else:
        yield from _differing(old, new, "data: ")


def _json(component: Component | None) -> Mapping[str, object]:
    return component.to_json() if component is not None else {}


def _differing(old: Mapping[str, object], new: Mapping[str, object], place: str = "") -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        if name != "type" and old.get(name) != new.get(name):
            yield Change(f"{place}{name}", value_text(old.get(name)), value_text(new.get(name)))


def value_text(value: object) -> str:
    """A value of a project's JSON as people write it: ``relu``, ``L2(l2=0.01)``, ``3 × 3``, ``yes``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        given = ", ".join(f"{name}={value_text(part)}" for name, part in value.items() if name != "type")
        kind = value.get("type")
        return f"{kind}({given})" if kind and given else str(kind or f"({given})")
    if isinstance(value, (list, tuple)):
        numbers = value and all(isinstance(part, int) for part in value)
        return (" × " if numbers else ", ").join(value_text(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
