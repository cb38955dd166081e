"""What the canvas shows of a document, as values: items repaint only when their value differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import NamedTuple

from designer.model.document import Document
from designer.model.groups import own_name
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.graph import Edge, Node
from engine.infer import Specs
from engine.problems import Problem
from engine.tensor_spec import TensorSpec, WeightSpec

#: The icon of layers that share their weights.
SHARED = "mdi6.link-variant"


@dataclass(frozen=True)
class PortLook:
    """One port.

    Attributes:
        name, help, many: as declared.
        wires: wires that end there.
        shape: of what an output without wires gives; else empty.
    """

    name: str
    help: str = ""
    many: bool = False
    wires: int = 0
    shape: str = ""


@dataclass(frozen=True)
class NodeLook:
    """Everything a node shows.

    Attributes:
        name: the user's name or the id, without that of its group.
        title: the kind of layer.
        badge: the one thing worth reading.
        count: number of weights, short; empty when there are none.
        category, icon: decide colour and picture.
        inputs, outputs: the ports.
        severity: ``error``, ``warning`` or empty.
        untrained: its weights do not come from the last run.
        marks: icons at its upper right: shared weights, weights that training leaves.
        kin: which of several groups of layers with the same weights it belongs to: A, B, C ...
    """

    name: str
    title: str
    badge: str = ""
    count: str = ""
    category: str = ""
    icon: str = ""
    inputs: tuple[PortLook, ...] = ()
    outputs: tuple[PortLook, ...] = ()
    severity: str = ""
    untrained: bool = False
    marks: tuple[str, ...] = ()
    kin: str = ""

    @cached_property
    def taken(self) -> tuple[bool, ...]:
        """For each port whether a wire ends there."""
        return tuple(port.wires > 0 for port in (*self.inputs, *self.outputs))


@dataclass(frozen=True)
class FaultLook:
    """The note beside a node with a fault: a sentence and, where offered, the text of a button."""

    text: str
    severity: str
    fix: str = ""


def node_look(
    document: Document, node: Node, problem: Problem | None, kin: Mapping[str, str] | None = None
) -> NodeLook:
    """What a node shows now; `kin` holds the letters of groups with the same weights, if they are known already."""
    kin = kin_letters(document) if kin is None else kin
    graph, layer = document.project.graph, node.layer
    entering, leaving = graph.into(node.id), graph.out_of(node.id)
    specs = document.inference.outputs.get(node.id, ())
    outputs = []
    for place, port in enumerate(layer.outputs):
        wires = sum(edge.source_port == port.name for edge in leaving)
        shape = str(specs[place]) if place < len(specs) and not wires else ""
        outputs.append(PortLook(port.name, port.help, wires=wires, shape=shape))
    return NodeLook(
        name=own_name(node),
        title=tr(layer.title),
        badge=layer.badge,
        count=short_count(sum(document.inference.parameter_count(node.id))),
        category=layer.category,
        icon=layer.icon,
        inputs=tuple(
            PortLook(port.name, port.help, port.many, sum(edge.target_port == port.name for edge in entering))
            for port in layer.inputs
        ),
        outputs=tuple(outputs),
        severity=problem.severity if problem else "",
        untrained=node.id in document.untrained,
        marks=_marks(document, node),
        kin=kin.get(graph.owner(node.id), ""),
    )


def _marks(document: Document, node: Node) -> tuple[str, ...]:
    graph, own = document.project.graph, bool(document.inference.weights.get(node.id))
    shared = (SHARED,) if own and len(graph.family(node.id)) > 1 else ()
    return (*shared, "mdi6.lock-outline") if own and node.id in graph.frozen else shared


def kin_letters(document: Document) -> dict[str, str]:
    """By owner a letter for those who share its weights; none where there is one such group: the icon tells all."""
    weights = document.inference.weights
    lenders = [key for key in document.project.graph.lenders if weights.get(key)]
    if len(lenders) < 2:
        return {}
    names = (*ascii_uppercase, *map(str, range(len(ascii_uppercase) + 1, len(lenders) + 1)))
    return dict(zip(lenders, names, strict=False))


class Seen(NamedTuple):
    """All that :func:`node_look` looks at; while it stays equal, so does the look."""

    layer: Layer
    label: str
    into: tuple[Edge, ...]
    out_of: tuple[Edge, ...]
    specs: Specs | None
    weights: tuple[WeightSpec, ...] | None
    severity: str
    untrained: bool
    frozen: bool
    family: int
    kin: str


def looked_at(document: Document, node: Node, problem: Problem | None, kin: Mapping[str, str]) -> Seen:
    """What the look of a node is made of now."""
    graph, inference, key = document.project.graph, document.inference, node.id
    return Seen(
        node.layer,
        node.label,
        graph.into(key),
        graph.out_of(key),
        inference.outputs.get(key),
        inference.weights.get(key),
        problem.severity if problem else "",
        key in document.untrained,
        key in graph.frozen,
        len(graph.family(key)),
        kin.get(node.shares or key, ""),
    )


def wire_spec(document: Document, edge: Edge) -> TensorSpec | None:
    """What flows through a wire, where it is known."""
    specs = document.inference.outputs.get(edge.source)
    node = document.project.graph.nodes.get(edge.source)
    if specs is None or node is None:
        return None
    ports = [port.name for port in node.layer.outputs]
    return specs[ports.index(edge.source_port)] if edge.source_port in ports else None


def worst_problems(document: Document) -> Mapping[str, Problem]:
    """The first problem of each node; problems come worst first."""
    found: dict[str, Problem] = {}
    for problem in document.problems:
        if problem.node is not None:
            found.setdefault(problem.node, problem)
    return found


def short_count(number: int) -> str:
    """A number of weights in few characters: 850, 7.9 k, 1.2 M; nothing for none."""
    if not number:
        return ""
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= limit:
            share = number / limit
            return f"{share:.0f} {unit}" if share >= 100 else f"{share:.1f} {unit}"
    return str(number)


def shape_help(spec: TensorSpec) -> str:
    """A shape in words, for the tooltip of a wire."""
    axes = ", ".join([tr("batch"), *("?" if n is None else str(n) for n in spec.shape)])
    text = tr("Rank {rank}: ({axes}), {dtype}", rank=spec.rank, axes=axes, dtype=spec.dtype)
    if not spec.known:
        return text
    if not spec.shape:
        return text + "\n" + tr("One number for each sample.")
    return text + "\n" + tr("{count} numbers for each sample.", count=f"{spec.size:,}")
