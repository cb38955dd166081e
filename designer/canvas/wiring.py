"""Which wires are possible: pure questions about a graph, asked while a wire is dragged."""

from __future__ import annotations

from dataclasses import dataclass

from designer.canvas.scene import PortKey
from designer.text import tr
from engine.errors import GraphError
from engine.graph import Edge, Graph
from engine.infer import infer


@dataclass(frozen=True)
class Anchor:
    """The end of a dragged wire that stays.

    Attributes:
        node, port: where it is.
        forward: whether it is an output (else an input, and the wire is dragged backwards).
    """

    node: str
    port: str
    forward: bool = True

    def edge(self, other: PortKey) -> Edge:
        """The wire between this end and another port."""
        node, _, port = other
        if self.forward:
            return Edge(self.node, node, self.port, port)
        return Edge(node, self.node, port, self.port)


def possible_ports(graph: Graph, anchor: Anchor) -> frozenset[PortKey]:
    """All ports that can take the other end, exactly those that ``Graph.connect`` accepts."""
    # One walk instead of a trial of every port: a wire would close a circle exactly when it leads back.
    closed = graph.upstream(anchor.node) if anchor.forward else graph.downstream(anchor.node)
    found = set()
    for key, node in graph.nodes.items():
        if key not in closed:
            side, ports = ("input", node.layer.inputs) if anchor.forward else ("output", node.layer.outputs)
            found |= {(key, side, port.name) for port in ports}
    # Ports of several wires take the same one again; the others would gain nothing from it.
    several = _several(graph)
    known = {edge for edge in graph.edges if (edge.target, edge.target_port) not in several}
    return frozenset(key for key in found if anchor.edge(key) not in known)


def _several(graph: Graph) -> frozenset[tuple[str, str]]:
    """Input ports that take any number of wires."""
    return frozenset((key, port.name) for key, node in graph.nodes.items() for port in node.layer.inputs if port.many)


def port_for_body(graph: Graph, anchor: Anchor, node: str) -> PortKey | None:
    """The port that is meant when a wire is dropped on a node as a whole: a free one, else the only one."""
    layer = graph.nodes[node].layer
    if not anchor.forward:
        return (node, "output", layer.outputs[0].name) if layer.outputs else None
    taken = {edge.target_port for edge in graph.into(node)}
    free = [port for port in layer.inputs if port.many or port.name not in taken]
    ports = free or (list(layer.inputs) if len(layer.inputs) == 1 else [])
    return (node, "input", ports[0].name) if ports else None


def refusal(graph: Graph, edge: Edge) -> str:
    """Why a wire is not allowed; empty when it is."""
    try:
        graph.connect(edge)
    except GraphError as error:
        return str(error)
    return ""


def forecast(graph: Graph, edge: Edge) -> str:
    """What would come of a wire: the shape behind it, or the fault it would cause."""
    try:
        after = graph.connect(edge)
    except GraphError as error:
        return str(error)
    found = infer(after)
    fault = next((p.text for p in found.problems if p.node == edge.target), "")
    arriving, leaving = found.inputs.get(edge.target), found.outputs.get(edge.target)
    if fault or not arriving or not leaving:
        return fault
    name = graph.nodes[edge.target].name
    return tr("'{name}' makes {after} of {before}", name=name, after=str(leaving[0]), before=_joined(arriving))


def _joined(specs: tuple[object, ...]) -> str:
    return " + ".join(str(spec) for spec in specs)
