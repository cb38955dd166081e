"""Taking layers out of a network so that data flow on: pure transformations of graphs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine.families import numbered
from engine.graph import Edge, Graph


def healed(graph: Graph, ids: Collection[str]) -> Graph:
    """Without some layers; what a layer with one wire and one output passed on goes straight to its readers.

    Several in a row are bridged together. A reader that has the same wire already gets no second one, and where
    several wires end, or several outputs begin, nothing is guessed. Wires keep their order.
    """
    kept: list[Edge] = []
    known = {replace(edge, repeat=0) for edge in graph.edges}
    for edge in graph.edges:
        if edge.target in ids:
            continue
        if edge.source not in ids:
            kept.append(edge)
            continue
        before = _before(graph, edge, ids)
        if before is not None:
            bridge = replace(edge, source=before.source, source_port=before.source_port, repeat=0)
            if bridge not in known:
                known.add(bridge)
                kept.append(bridge)
    return replace(graph.without(ids), edges=numbered(kept))


def _before(graph: Graph, edge: Edge, ids: Collection[str]) -> Edge | None:
    """The wire from a layer that stays which, through layers that go, leads to a wire."""
    while edge.source in ids:
        entering = graph.into(edge.source)
        if len(entering) != 1 or len(graph.nodes[edge.source].layer.outputs) != 1:
            return None
        edge = entering[0]
    return edge
