"""A part of a network as text, and back from text that may come from anywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, cast

from engine.catalogue.layers.base import Layer
from engine.component import resolved
from engine.errors import FileError, LayerloomError
from engine.graph import Edge, Graph, Node

#: The clipboard format under which the text is offered, besides plain text.
MIME = "application/x-layerloom"
#: Larger texts and networks are refused before they cost time.
MAX_CHARACTERS = 4_000_000
MAX_NODES = 2_000
#: Places further out are brought back to here.
MAX_COORDINATE = 90_000.0

_NOT_OURS = "The clipboard holds no layers. Copy layers on a canvas first, then paste."


def to_text(graph: Graph) -> str:
    """A network (usually ``graph.part(ids)``) as JSON text."""
    nodes = [
        {"id": n.id, "label": n.label, "position": list(n.position), "layer": n.layer.to_json()}
        for n in graph.nodes.values()
    ]
    edges = [[e.source, e.source_port, e.target, e.target_port] for e in graph.edges]
    return json.dumps({"layerloom": "network", "nodes": nodes, "edges": edges}, indent=1)


def from_text(text: str) -> Graph:
    """Read what :func:`to_text` wrote.

    Raises:
        FileError: the text is something else, too large, or breaks a rule; the sentence says which.
    """
    if len(text) > MAX_CHARACTERS:
        raise FileError("The clipboard holds too much text to be layers. Copy layers on a canvas first, then paste.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(_NOT_OURS) from None
    if not isinstance(found, dict) or found.get("layerloom") != "network":
        raise FileError(_NOT_OURS)
    nodes, edges = found.get("nodes"), found.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list):
        raise FileError("The copied layers are damaged: a list of layers and a list of wires are needed. Copy again.")
    if len(nodes) > MAX_NODES or len(edges) > 10 * MAX_NODES:
        raise FileError(f"The clipboard holds {len(nodes):,} layers; at most {MAX_NODES:,} can be pasted at once.")
    return _graph(nodes, edges)


def _graph(nodes: list[Any], edges: list[Any]) -> Graph:
    try:
        graph = Graph(_nodes(nodes))
        graph = Graph(graph.nodes, _edges(graph.nodes, edges))
    except RecursionError:
        raise FileError("The copied layers are nested too deeply to be read. Copy them again.") from None
    except (LayerloomError, TypeError) as error:
        raise FileError(f"The copied layers cannot be pasted: {str(error).rstrip('.')}.") from None
    if len(graph.order) != len(graph.nodes):
        raise FileError("The copied layers cannot be pasted: their wires close a circle.")
    return graph


def _nodes(given: list[Any]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for item in given:
        node = _node(item)
        if node.id in found:
            raise FileError(f"two layers are called '{node.id}'.")
        found[node.id] = node
    return found


def _edges(nodes: Mapping[str, Node], given: list[Any]) -> tuple[Edge, ...]:
    # Checked here at once and not by Graph.connect one by one, which would walk the whole network for each wire.
    outputs = {(key, port.name) for key, node in nodes.items() for port in node.layer.outputs}
    inputs = {(key, port.name): port.many for key, node in nodes.items() for port in node.layer.inputs}
    found: dict[Edge, None] = {}
    taken: set[tuple[str, str]] = set()
    for item in given:
        edge = _edge(item)
        end = (edge.target, edge.target_port)
        if (edge.source, edge.source_port) not in outputs or end not in inputs or edge in found:
            raise FileError(f"the wire from '{edge.source}' to '{edge.target}' has no place to end, or comes twice.")
        if end in taken and not inputs[end]:
            raise FileError(f"two wires enter the same input of '{edge.target}'.")
        taken.add(end)
        found[edge] = None
    return tuple(found)


def _node(given: Any) -> Node:
    if not isinstance(given, dict):
        raise FileError("a layer must be an object with id, layer and position.")
    key, label, place = given.get("id"), given.get("label", ""), given.get("position")
    if not _name(key) or not key or not _name(label):
        raise FileError("a layer's id and label must be short texts of printable characters.")
    if not isinstance(place, list) or len(place) != 2 or not all(_coordinate(n) for n in place):
        raise FileError(f"the place of '{key}' must be two finite numbers.")
    # Limited before the conversion: a whole number may be too large for a float.
    x, y = (float(max(-MAX_COORDINATE, min(MAX_COORDINATE, n))) for n in place)
    layer = cast(Layer, resolved("layer", given.get("layer")))
    return Node(str(key), layer, (x, y), str(label))


def _edge(given: Any) -> Edge:
    if not isinstance(given, list) or len(given) != 4 or not all(isinstance(part, str) for part in given):
        raise FileError("a wire must be four names: layer, output, layer, input.")
    source, source_port, target, target_port = given
    return Edge(source, target, source_port, target_port)


def _name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 200 and all(c.isprintable() for c in value)


def _coordinate(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return not isinstance(value, float) or math.isfinite(value)
