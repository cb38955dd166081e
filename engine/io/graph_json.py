"""A network as JSON and back: logic and layout apart, unknown layers kept unharmed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.missing import Missing
from engine.catalogue.raw import RAW_LIMIT, raw_text
from engine.errors import FileError, LayerloomError
from engine.families import numbered
from engine.graph import Edge, Graph, Node, Position
from engine.io.section import Section
from engine.registry import layers

MOST_NODES = 10_000
MOST_WIRES = 100_000
FARTHEST = 1e7  # canvas units
#: In place of a layer until its owner is known.
_LENT = Missing(raw='{"type": "shared"}')
_PORT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def graph_to_json(graph: Graph) -> tuple[dict[str, Any], dict[str, Any]]:
    """Logic (nodes and wires) and layout (positions by node id) of a network."""
    nodes = []
    for key, node in graph.nodes.items():
        entry: dict[str, Any] = {"id": key}
        entry |= {"shares": node.shares} if node.shares else {"layer": node.layer.to_json()}
        if node.label:
            entry["label"] = node.label
        if not node.trainable and not node.shares:
            entry["trainable"] = False
        nodes.append(entry)
    wires = [{"from": [e.source, e.source_port], "to": [e.target, e.target_port]} for e in graph.edges]
    layout = {key: [_plain(n) for n in node.position] for key, node in graph.nodes.items()}
    return {"nodes": nodes, "wires": wires}, layout


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else float(number)


def graph_from_json(nodes: list[Any], wires: list[Any], layout: Mapping[str, Any], unknown: list[str]) -> Graph:
    """The network; phrases about entries that were not understood are added to ``unknown``.

    Raises:
        FileError: too many nodes, repeated ids, wires to nowhere, a circle.
    """
    for what, entries, most in (("layers", nodes, MOST_NODES), ("wires", wires, MOST_WIRES)):
        if len(entries) > most:
            raise FileError(f"The network has {len(entries):,} {what}; at most {most:,} can be opened.")
    edges = tuple(_edge(value, f"wires[{place}]", unknown) for place, value in enumerate(wires))
    found: dict[str, Node] = {}
    for place, value in enumerate(nodes):
        node = _node(value, f"nodes[{place}]", unknown)
        if node.id in found:
            raise FileError(f"Two layers are called '{node.id}'. Give one of them another id.")
        found[node.id] = replace(node, position=_position(node.id, layout, place))
    unknown += [f"'{key[:60]}' in layout" for key in layout if key not in found]
    found = {key: _owned(node, found) for key, node in found.items()}
    return _connected(_with_ports(found, edges), edges)


def _node(value: Any, where: str, unknown: list[str]) -> Node:
    section = Section(value, where)
    key = section.text("id", limit=200)
    if not key or not key.isprintable():
        raise FileError(f"{where}: 'id' must be a name of printable characters; it is {key!r}.")
    shares = section.text("shares", "", limit=200)
    # What shares weights has no layer of its own in the file: it is that of the node that owns them.
    layer = _LENT if shares else layer_from_json(section.object("layer"), f"{where} ('{key}')")
    trainable = section.boolean("trainable", True)
    node = Node(key, layer, label=section.text("label", ""), trainable=trainable, shares=shares)
    unknown += section.unknown()
    return node


def _owned(node: Node, nodes: Mapping[str, Node]) -> Node:
    """A node that shares weights, with the layer of their owner."""
    if not node.shares:
        return node
    owner = nodes.get(node.shares)
    if owner is None or owner.shares:
        what = "there is no such layer" if owner is None else "that one shares those of another itself"
        raise FileError(f"'{node.id}' shares the weights of '{node.shares[:60]}', but {what}. Name the owner of them.")
    return replace(node, layer=owner.layer, trainable=owner.trainable)


def layer_from_json(value: dict[str, Any], where: str) -> Layer:
    """A layer, or a stand-in that keeps what was not understood.

    Raises:
        FileError: the object names no type, or is too long to be kept.
    """
    kind = value.get("type")
    if not isinstance(kind, str) or not kind or len(kind) > 200 or not kind.isprintable():
        raise FileError(f"{where}: the layer names no type.")
    reason = ""
    if kind in layers and not getattr(layers.get(kind), "hidden", False):
        try:
            layer = layers.get(kind)(**{key: item for key, item in value.items() if key != "type"})
            assert isinstance(layer, Layer)
            return layer
        except (LayerloomError, TypeError) as error:
            reason = "".join(c for c in str(error) if c.isprintable())[:990]
            reason = reason if reason.endswith(".") else reason + "."
    raw = raw_text(value)
    if len(raw) > RAW_LIMIT:
        raise FileError(f"{where}: the layer '{kind}' is not known here and too long to be kept.")
    return Missing(raw=raw, reason=reason)


def _position(key: str, layout: Mapping[str, Any], place: int) -> Position:
    value = layout.get(key)
    if value is None:
        return (0.0, 110.0 * place)  # a file written by hand: one below the other
    if isinstance(value, list) and len(value) == 2 and all(type(n) in (int, float) for n in value):
        x, y = (float(n) for n in value)
        if max(abs(x), abs(y)) <= FARTHEST:
            return (x, y)
    raise FileError(f"layout: the position of '{key}' must be two numbers up to {FARTHEST:,.0f}.")


def _edge(value: Any, where: str, unknown: list[str]) -> Edge:
    section = Section(value, where)
    ends = section.items("from", 2), section.items("to", 2)
    for end in ends:
        if len(end) != 2 or not all(isinstance(word, str) for word in end):
            raise FileError(f"{where}: both ends must be a layer's id and a port's name.")
        if not _PORT.fullmatch(end[1]):
            raise FileError(f"{where}: {end[1][:60]!r} is no name of a port.")
    unknown += section.unknown()
    (source, source_port), (target, target_port) = ends
    return Edge(source, target, source_port, target_port)


def _with_ports(nodes: dict[str, Node], edges: tuple[Edge, ...]) -> dict[str, Node]:
    """Give stand-ins the ports that the wires use."""
    takes: dict[str, dict[str, None]] = {}
    gives: dict[str, dict[str, None]] = {}
    for edge in edges:
        takes.setdefault(edge.target, {})[edge.target_port] = None
        gives.setdefault(edge.source, {})[edge.source_port] = None

    def mended(key: str, node: Node) -> Node:
        if not isinstance(node.layer, Missing):
            return node
        names = {"takes": " ".join(takes.get(key, ())), "gives": " ".join(gives.get(key, ()))}
        if max(map(len, names.values())) > 1000:
            raise FileError(f"Too many wires lead to '{key}', whose type is not known here.")
        return replace(node, layer=node.layer.changed(**names))

    return {key: mended(key, node) for key, node in nodes.items()}


def _connected(nodes: dict[str, Node], edges: tuple[Edge, ...]) -> Graph:
    inputs = {key: {port.name: port.many for port in node.layer.inputs} for key, node in nodes.items()}
    outputs = {key: {port.name for port in node.layer.outputs} for key, node in nodes.items()}
    taken: set[tuple[str, str]] = set()
    for edge in edges:
        told = f"The wire from '{edge.source}' to '{edge.target}'"
        for end in (edge.source, edge.target):
            if end not in nodes:
                raise FileError(f"{told} ends at '{end}', but there is no such layer.")
        if edge.source_port not in outputs[edge.source]:
            raise FileError(f"{told} starts at an output '{edge.source_port}', which '{edge.source}' does not have.")
        if edge.target_port not in inputs[edge.target]:
            raise FileError(f"{told} ends at an input '{edge.target_port}', which '{edge.target}' does not have.")
        place = (edge.target, edge.target_port)
        if place in taken and not inputs[edge.target][edge.target_port]:
            raise FileError(f"{told} enters an input that another wire has taken already.")
        taken.add(place)
    graph = Graph(nodes, numbered(edges))
    circle = sorted(set(nodes) - set(graph.order))
    if circle:
        raise FileError(f"The wires close a circle through '{circle[0]}'. Data must flow one way.")
    return graph
