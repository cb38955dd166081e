"""Where new layers go and what they are connected to: pure transformations of graphs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF

from designer.canvas.geometry import AUTO_CONNECT, COLUMN, NODE_HEIGHT, NODE_WIDTH, STEP, NodeBox
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.errors import GraphError
from engine.graph import Edge, Graph, Node

_GAP = 12.0


def card(place: QPointF) -> QRectF:
    """A plain node's card with this corner."""
    return QRectF(place.x(), place.y(), NODE_WIDTH, NODE_HEIGHT)


def cards(graph: Graph, without: Collection[str] = ()) -> list[QRectF]:
    """The cards of all nodes."""
    return [card(QPointF(*node.position)) for key, node in graph.nodes.items() if key not in without]


def free_place(graph: Graph, place: QPointF) -> QPointF:
    """The nearest place to the right, in steps of a column, where a card covers no other."""
    taken = cards(graph)
    for number in range(len(taken) + 1):
        tried = place + QPointF(COLUMN * number, 0)
        wanted = card(tried).adjusted(-_GAP, -_GAP, _GAP, _GAP)
        if not any(wanted.intersects(other) for other in taken):
            return tried
    return place


def added(graph: Graph, layer: Layer, place: QPointF) -> tuple[Graph, str]:
    """With one more, unconnected node.

    Returns:
        The new graph and the node's id.
    """
    key = graph.fresh_id(layer)
    return graph.add(Node(key, layer, (place.x(), place.y()))), key


def added_after(graph: Graph, layer: Layer, sources: Sequence[str]) -> tuple[Graph, str]:
    """With a node below others, connected to them.

    A single source that leads to one node only gets the new one in between; several sources are all connected
    when the layer takes many wires, else the first one is.
    """
    if not layer.inputs or not any(graph.nodes[key].layer.outputs for key in sources):
        places = [graph.nodes[key].position for key in sources]
        beside = QPointF(max(x for x, _ in places) + COLUMN, min(y for _, y in places))
        return added(graph, layer, free_place(graph, beside))
    leaving = graph.out_of(sources[0])
    if len(sources) == 1 and len(leaving) == 1 and layer.outputs:
        return inserted(graph, layer, leaving[0])
    used = sources if layer.inputs[0].many else sources[:1]
    places = [graph.nodes[key].position for key in used]
    below = QPointF(sum(x for x, _ in places) / len(places), max(y for _, y in places) + STEP)
    graph, key = added(graph, layer, free_place(graph, below))
    for source in used:
        outputs = graph.nodes[source].layer.outputs
        if outputs:
            graph = graph.connect(Edge(source, key, outputs[0].name, layer.inputs[0].name))
    return graph, key


def inserted(graph: Graph, layer: Layer, edge: Edge, place: QPointF | None = None) -> tuple[Graph, str]:
    """With a node put into a wire; what follows makes room where it must.

    Raises:
        GraphError: the layer has no input or no output, so nothing could flow through it.
    """
    if not layer.inputs or not layer.outputs:
        name = tr(layer.title)
        raise GraphError(tr("{name} cannot go into a wire, because data do not flow through it.", name=name))
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    if place is None:
        place = QPointF(source.position[0], source.position[1] + STEP)
    elif target.position[1] > source.position[1]:
        # Not onto the source, and in line with it when it was hardly off.
        near = abs(place.x() - source.position[0]) < NODE_WIDTH / 4
        x = source.position[0] if near else place.x()
        place = QPointF(x, max(place.y(), source.position[1] + STEP))
    order = list(graph.edges)
    graph, key = added(graph, layer, place)
    # In the place of the old wire, so that the inputs of a merging layer keep their order.
    spot = order.index(edge)
    order[spot : spot + 1] = [
        Edge(edge.source, key, edge.source_port, layer.inputs[0].name),
        Edge(key, edge.target, layer.outputs[0].name, edge.target_port),
    ]
    graph = Graph(graph.nodes, tuple(order))
    missing = place.y() + STEP - target.position[1]
    if missing > 0 and target.position[1] > source.position[1]:
        graph = graph.moved(graph.downstream(edge.target), (0.0, missing))
    return graph, key


def dropped(graph: Graph, layer: Layer, place: QPointF, source: tuple[str, str] | None) -> tuple[Graph, str]:
    """With a node at a place, connected to an output when one is given."""
    graph, key = added(graph, layer, place)
    if source is not None and layer.inputs:
        graph = graph.connect(Edge(source[0], key, source[1], layer.inputs[0].name))
    return graph, key


def output_above(
    point: QPointF, boxes: Iterable[NodeBox], taken: Collection[tuple[str, str]]
) -> tuple[str, str] | None:
    """The closest free output within reach of a new node's input."""
    best: tuple[str, str] | None = None
    closest = AUTO_CONNECT
    for box in boxes:
        for port in box.outputs:
            offset = point - box.output_point(port)
            far = math.hypot(offset.x(), offset.y())
            if far <= closest and (box.id, port) not in taken:
                best, closest = (box.id, port), far
    return best


def pasted(graph: Graph, part: Graph, delta: QPointF, learnt: Collection[str] = ()) -> tuple[Graph, Mapping[str, str]]:
    """With copied layers, shifted; further where they would cover others exactly.

    Args:
        graph: where the copies go.
        part: the layers, at the places of the originals.
        delta: how far from there the copies go.
        learnt: ids of which weights are known; no copy gets one, so that it inherits nobody's.

    Returns:
        The new graph and the new id of each pasted node.
    """
    taken = {node.position for node in graph.nodes.values()}
    shift = QPointF(delta)
    while any((n.position[0] + shift.x(), n.position[1] + shift.y()) in taken for n in part.nodes.values()):
        shift += QPointF(32, 32)
    return graph.merged(part, (shift.x(), shift.y()), learnt)
