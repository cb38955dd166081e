"""What differs between two projects, told by layers and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from designer.model.pairing import partners
from designer.text import tr
from engine.catalogue.sources.base import Source
from engine.graph import Graph
from engine.project import OutputTarget, Project


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
        removed_at: where the removed layers stood, in the order of ``removed``.
    """

    added: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[LayerChange, ...] = ()
    settings: tuple[Change, ...] = ()
    removed_at: tuple[tuple[float, float], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both are the same, places on the canvas aside."""
        return not (self.added or self.removed or self.changed or self.settings)


def compared(before: Project, now: Project) -> Comparison:
    """Compare two projects.

    Layers belong together by id; those left over by type, in the order in which data flow. Where data lie is
    compared as text; whether their user allowed reading them is no difference.
    """
    old, new = before.graph, now.graph
    older = partners(old, new)
    newer = {key: name for name, key in older.items()}
    changed = []
    for key in new.order:
        if key in older:
            changes = tuple(_layer_changes(old, new, older[key], key, newer))
            if changes:
                changed.append(LayerChange(key, changes))
    gone = [old.nodes[key] for key in old.order if key not in newer]
    return Comparison(
        tuple(key for key in new.order if key not in older),
        tuple((node.name, node.layer.title) for node in gone),
        tuple(changed),
        tuple(_settings(before, now, newer)),
        tuple(node.position for node in gone),
    )


def _layer_changes(old: Graph, new: Graph, was: str, key: str, newer: Mapping[str, str]) -> Iterator[Change]:
    before, now = old.nodes[was], new.nodes[key]
    if before.name != now.name:
        yield Change(tr("name"), before.name, now.name)
    yield from _differing(before.layer.to_json(), now.layer.to_json())
    if before.trainable != now.trainable:
        yield Change(tr("trainable"), value_text(before.trainable), value_text(now.trainable))
    if newer.get(before.shares, before.shares) != now.shares:
        yield Change(tr("weights of"), _called(old, before.shares), _called(new, now.shares))
    sources = [(newer.get(edge.source), edge.source_port, edge.target_port) for edge in old.into(was)]
    if sources != [(edge.source, edge.source_port, edge.target_port) for edge in new.into(key)]:
        yield Change(tr("takes"), _sources(old, was), _sources(new, key))


def _called(graph: Graph, key: str) -> str:
    return graph.nodes[key].name if key in graph.nodes else ""


def _sources(graph: Graph, key: str) -> str:
    return ", ".join(graph.nodes[edge.source].name for edge in graph.into(key))


def _settings(before: Project, now: Project, newer: Mapping[str, str]) -> Iterator[Change]:
    yield from _differing(before.training.to_json(), now.training.to_json())
    yield from _differing(before.split.to_json(), now.split.to_json(), tr("split"))
    old, new = _source_json(before.source), _source_json(now.source)
    if old.get("type") != new.get("type"):
        yield Change(tr("data"), value_text(old.get("type")), value_text(new.get("type")))
    else:
        yield from _differing(old, new, tr("data"))
    names = {newer.get(key, key): node.name for key, node in before.graph.nodes.items()}
    names |= {key: node.name for key, node in now.graph.nodes.items()}
    yield from _input_changes(before, now, newer, names)
    yield from _target_changes(before, now, newer, names)


def _source_json(source: Source | None) -> Mapping[str, object]:
    return source.confirmed().to_json() if source is not None else {}


def _input_changes(
    before: Project, now: Project, newer: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Change]:
    """What feeds an Input layer."""
    old, new = {newer.get(key, key): field for key, field in before.inputs}, dict(now.inputs)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            by_order = tr("by order")
            yield Change(_of(names.get(key, key), tr("field")), old.get(key) or by_order, new.get(key) or by_order)


def _target_changes(
    before: Project, now: Project, newer: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Change]:
    """What judges an output."""
    old = {newer.get(target.node, target.node): target for target in before.targets}
    new = {target.node: target for target in now.targets}
    for key in dict.fromkeys((*old, *new)):
        texts = _judging(old.get(key) or OutputTarget(key)), _judging(new.get(key) or OutputTarget(key))
        for name in texts[0]:
            if texts[0][name] != texts[1][name]:
                yield Change(_of(names.get(key, key), name), texts[0][name], texts[1][name])


def _judging(target: OutputTarget) -> dict[str, str]:
    """What judges an output, in words, by what it is called."""
    common = tr("the common one")
    found = {
        tr("field"): target.field or tr("by order"),
        tr("loss"): value_text(target.loss.to_json()) if target.loss is not None else common,
        tr("weight"): value_text(target.weight),
    }
    for name, metrics in ((tr("metrics"), target.metrics), (tr("weighted metrics"), target.weighted_metrics)):
        own = None if metrics is None else value_text([metric.to_json() for metric in metrics]) or tr("none")
        found[name] = tr("the common ones") if own is None else own
    return found


def _of(place: str, name: str) -> str:
    return tr("{place}: {name}", place=place, name=name)


def _differing(old: Mapping[str, object], new: Mapping[str, object], place: str = "") -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        if name != "type" and old.get(name) != new.get(name):
            yield Change(_of(place, name) if place else name, value_text(old.get(name)), value_text(new.get(name)))


def value_text(value: object) -> str:
    """A value of a project's JSON as people write it: ``relu``, ``L2(l2=0.01)``, ``3 × 3``, ``yes``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Mapping):
        given = ", ".join(f"{name}={value_text(part)}" for name, part in value.items() if name != "type")
        kind = value.get("type")
        return f"{kind}({given})" if kind and given else str(kind or f"({given})")
    if isinstance(value, (list, tuple)):
        numbers = value and all(isinstance(part, int) for part in value)
        return (" × " if numbers else ", ").join(value_text(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
