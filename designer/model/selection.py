"""Which nodes, wires and notes are selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from designer.model.document import Document
from engine.graph import Edge


class Selection(QObject):
    """Selected nodes, wires and notes, by id and value; what the document loses, the selection loses.

    Attributes:
        changed: emitted with this selection when it differs from before.
    """

    changed = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._nodes: frozenset[str] = frozenset()
        self._edges: frozenset[Edge] = frozenset()
        self._notes: frozenset[str] = frozenset()
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
    def notes(self) -> frozenset[str]:
        """Keys of the selected notes and frames."""
        return self._notes

    @property
    def only_node(self) -> str | None:
        """The selected node when it is exactly one (what the inspector shows)."""
        return next(iter(self._nodes)) if len(self._nodes) == 1 else None

    @property
    def only_note(self) -> str | None:
        """The selected note when it is exactly one and nothing else is selected."""
        return next(iter(self._notes)) if len(self._notes) == 1 and not self._nodes and not self._edges else None

    @property
    def has_places(self) -> bool:
        """Whether layers or notes are selected: what stands at a place and can be moved and copied."""
        return bool(self._nodes or self._notes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return not (self._nodes or self._edges or self._notes)

    def set(self, nodes: Iterable[str] = (), edges: Iterable[Edge] = (), notes: Iterable[str] = ()) -> None:
        """Select exactly these; what the document does not hold is left out."""
        project = self._document.project
        graph, wanted, written = project.graph, frozenset(edges), frozenset(notes)
        chosen = (
            frozenset(key for key in nodes if key in graph.nodes),
            wanted and wanted.intersection(graph.edges),
            written and written.intersection(note.key for note in project.sketch.notes),
        )
        if chosen != (self._nodes, self._edges, self._notes):
            self._nodes, self._edges, self._notes = chosen
            self.changed.emit(self)

    def clear(self) -> None:
        """Select nothing."""
        self.set()

    def toggle(self, nodes: Iterable[str] = (), edges: Iterable[Edge] = (), notes: Iterable[str] = ()) -> None:
        """Select what is not selected of these, and the other way round."""
        self.set(self._nodes ^ frozenset(nodes), self._edges ^ frozenset(edges), self._notes ^ frozenset(notes))

    def _prune(self, _diff: object) -> None:
        if not self.is_empty:
            self.set(self._nodes, self._edges, self._notes)
