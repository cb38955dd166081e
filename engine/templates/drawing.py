"""Networks written down: chains, and branches that stand side by side."""

from __future__ import annotations

from typing import Any

from engine.catalogue.layers.base import Layer
from engine.graph import NODE_ASIDE, Edge, Graph, Node
from engine.infer import NODE_STEP
from engine.registry import layers


def chain(*steps: tuple[str, dict[str, Any]]) -> Graph:
    """Layers one below the other, each connected to the next: ``("Dense", {"units": 10})``."""
    drawing = Drawing()
    before = ""
    for kind, values in steps:
        before = drawing.add(kind, *((before,) if before else ()), **values)
    return drawing.graph


class Drawing:
    """A network under construction.

    A layer stands one row below the lowest layer it reads from, in the column it is given.

    Attributes:
        graph: what has been drawn so far.
    """

    def __init__(self) -> None:
        self.graph = Graph()
        self._rows: dict[str, int] = {}

    def add(self, kind: str, *before: str, column: int = 0, called: str = "", **values: Any) -> str:
        """Put a layer down and wire it to those it reads from, in their order.

        Args:
            kind: the layer's name in the registry.
            before: ids of the layers it reads from.
            column: how many columns it stands to the right.
            called: its id; Keras's way of naming where left out.
            values: its parameters.

        Returns:
            The layer's id.
        """
        layer = layers.get(kind)(**values)
        assert isinstance(layer, Layer)
        key = called or self.graph.fresh_id(layer)
        row = 1 + max((self._rows[other] for other in before), default=-1)
        self.graph = self.graph.add(Node(key, layer, (NODE_ASIDE * column, NODE_STEP * row)))
        self._rows[key] = row
        for other in before:
            self.graph = self.graph.connect(Edge(other, key))
        return key
