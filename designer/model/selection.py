"""Which nodes and wires are selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from designer.model.document import Document
from engine.graph import Edge


class Selection(QObject):
    """Selected nodes and wires, by id and value; what the document loses, the selection loses.

    Attributes:
        changed: emitted with this selection when it differs from before.
    """

    changed = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._nodes: frozenset[str] = frozenset()
        self._edges: frozenset[Edge] = frozenset()
        document.changed.connect(self._prune)

    @property
    def nodes(self) -> frozenset[str]:
        """Ids of the selected nodes."""
        return self._nodes

    @property
    def edges(self) -> frozenset[Edge]:
        """Selected wires."""
        return self._edges

    @property
    def only_node(self) -> str | None:
        """The selected node when it is exactly one (what the inspector shows)."""
        return next(iter(self._nodes)) if len(self._nodes) == 1 else None

    def set(self, nodes: Iterable[str] = (), edges: Iterable[Edge] = ()) -> None:
        """Select exactly these; what the document does not hold is left out."""
        graph = self._document.project.graph
        wanted = frozenset(edges)
        chosen = frozenset(key for key in nodes if key in graph.nodes), wanted and wanted.intersection(graph.edges)
        if chosen != (self._nodes, self._edges):
            self._nodes, self._edges = chosen
            self.changed.emit(self)

    def clear(self) -> None:
        """Select nothing."""
        self.set()

    def toggle(self, nodes: Iterable[str] = (), edges: Iterable[Edge] = ()) -> None:
        """Select what is not selected of these, and the other way round."""
        self.set(self._nodes ^ frozenset(nodes), self._edges ^ frozenset(edges))

    def _prune(self, _diff: object) -> None:
        if self._nodes or self._edges:
            self.set(self._nodes, self._edges)
