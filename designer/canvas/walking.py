"""Walking through the network by keyboard: along wires, and among layers that stand side by side."""

from __future__ import annotations

from collections.abc import Iterable

from designer.model.document import Document
from designer.model.folding import contracted, folding
from designer.model.selection import Selection
from engine.graph import Graph


def along(graph: Graph, node: str, forward: bool) -> str | None:
    """The layer at the other end of a wire; of several the one that stands most nearly below or above."""
    ends = [e.target for e in graph.out_of(node)] if forward else [e.source for e in graph.into(node)]
    column = graph.nodes[node].position[0]
    return min(ends, key=lambda key: abs(graph.nodes[key].position[0] - column), default=None)


def beside(graph: Graph, node: str, step: int) -> str | None:
    """The sibling at the right (1) or left (-1).

    Siblings share a source or a target; where there are none, all layers as many wires from the data count.
    """
    row = sorted(_siblings(graph, node), key=lambda key: (graph.nodes[key].position[0], key))
    place = row.index(node) + step
    return row[place] if 0 <= place < len(row) else None


def _siblings(graph: Graph, node: str) -> Iterable[str]:
    found = {node}
    for edge in graph.into(node):
        found |= {other.target for other in graph.out_of(edge.source)}
    for edge in graph.out_of(node):
        found |= {other.source for other in graph.into(edge.target)}
    if len(found) > 1:
        return found
    depths = _depths(graph)
    return [key for key in graph.nodes if depths.get(key) == depths.get(node)]


def _depths(graph: Graph) -> dict[str, int]:
    """How many wires at most lie between the data and each layer."""
    depths: dict[str, int] = {}
    for key in graph.order:
        depths[key] = max((depths[edge.source] + 1 for edge in graph.into(key)), default=0)
    return depths


class Walk:
    """Takes the selection from layer to layer.

    Args:
        document, selection: where it walks.
    """

    def __init__(self, document: Document, selection: Selection) -> None:
        self._document, self._selection = document, selection

    def go(self, columns: int, rows: int) -> bool:
        """Take one step; without a selection, begin at the first layer, or upwards at the last.

        Args:
            columns: 1 to the right, -1 to the left.
            rows: 1 along a wire, -1 against it.

        Returns:
            Whether there was somewhere to go.
        """
        folded = folding(self._document.project)
        graph = contracted(self._document.project.graph, folded)
        chosen = self._selection.nodes
        card = folded.whole(chosen)
        here = self._selection.only_node if card is None else next((key for key in graph.nodes if key in chosen), None)
        if here is None:
            there = next(iter(graph.order if rows >= 0 else reversed(graph.order)), None)
        else:
            there = along(graph, here, rows > 0) if rows else beside(graph, here, columns)
        if there is not None:
            self._selection.set(folded.block(there))
        return there is not None
