"""Which layers could use whose weights."""

from __future__ import annotations

from collections.abc import Iterable

from designer.model.document import Document
from engine.graph import Graph
from engine.infer import infer


def with_weights(document: Document, nodes: Iterable[str]) -> tuple[str, ...]:
    """Those of some nodes that have weights, in the order in which data flow."""
    chosen, weights = set(nodes), document.inference.weights
    return tuple(key for key in document.project.graph.order if key in chosen and weights.get(key))


def alike(document: Document, node: str) -> tuple[str, ...]:
    """Layers of the same kind that do not share the node's weights; of others that do, the owner."""
    graph = document.project.graph
    kind, family = type(graph.nodes[node].layer), graph.family(node)
    return tuple(
        key
        for key, other in graph.nodes.items()
        if type(other.layer) is kind and key not in family and not other.shares
    )


def lenders(document: Document, node: str) -> tuple[str, ...]:
    """Layers whose weights a node can use, so that nothing in the network breaks."""
    return tuple(key for key in alike(document, node) if sharing(document, (node,), key) is not None)


def sharing(document: Document, nodes: Iterable[str], owner: str) -> Graph | None:
    """The network in which nodes use the weights of another; ``None`` where that would bring errors."""
    graph = document.project.graph
    for node in nodes:
        if type(graph.nodes[node].layer) is not type(graph.nodes[owner].layer):
            return None
        graph = graph.sharing(node, owner)
    return graph if len(infer(graph, document.inference).errors) <= len(document.inference.errors) else None


def others_of(graph: Graph, node: str) -> tuple[str, ...]:
    """Names of the layers that use the same weights as a node."""
    return tuple(graph.nodes[key].name for key in graph.family(node) if key != node)
