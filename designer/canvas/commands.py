"""What one can do to the selection: the same edits for keys, menus and the palette, each one undo step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPointF
from PySide6.QtGui import QGuiApplication

from designer.canvas.code import CodeCommands
from designer.canvas.copying import called, counted, put
from designer.canvas.holding import carried
from designer.canvas.placing import added, added_after, free_place
from designer.model.clipboard import MIME, from_text, notes_from_text, to_text
from designer.model.document import Document
from designer.model.folding import folding
from designer.model.selection import Selection
from designer.model.starting import starting
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.errors import FileError, LayerloomError
from engine.exchange.snippets.source import looks_like_code
from engine.graph import Graph, Position
from engine.healing import healed
from engine.sketch import Note
from engine.tensor_spec import TensorSpec

_OFFSET = QPointF(32, 32)


class CanvasCommands:
    """Edits of the document that concern the selection.

    Args:
        document, selection: what is edited.
        say: shows a sentence when something cannot be done.

    Attributes:
        code: layers that are written as code.
    """

    def __init__(self, document: Document, selection: Selection, say: Callable[[str], None]) -> None:
        self._document = document
        self._selection = selection
        self._say = say
        self.code = CodeCommands(document, selection, say)

    @property
    def _graph(self) -> Graph:
        return self._document.project.graph

    def _edit(self, text: str, graph: Graph, merge: str | None = None) -> None:
        self._document.edit(text, self._document.project.with_graph(graph), merge)

    def _chosen(self) -> str:
        """What the selected layers and notes are called together."""
        return called(self._document.project, self._selection.nodes, self._selection.notes)

    @property
    def _chosen_notes(self) -> list[Note]:
        chosen = self._selection.notes
        return [note for note in self._document.project.sketch.notes if note.key in chosen]

    def _in_order(self) -> list[str]:
        chosen = self._selection.nodes
        return [key for key in self._graph.order if key in chosen]

    # -- adding --------------------------------------------------------------------------------

    def made(self, cls: type[Layer]) -> Layer | None:
        """A layer to put on the canvas; ``None`` after saying why it cannot be made."""
        try:
            return starting(cls, self._unclaimed_spec())
        except LayerloomError as error:
            self._say(str(error))
            return None

    def _unclaimed_spec(self) -> TensorSpec | None:
        """What the next entry of the network would receive from the loaded data."""
        dataset = self._document.dataset
        if dataset is None:
            return None
        fields = list(dataset.inputs.values())
        entries = len(self._graph.inputs)
        return fields[entries].spec if entries < len(fields) else None

    def add(self, cls: type[Layer], place: QPointF) -> None:
        """Put a layer after the selected ones, or at a place when none is selected; it is selected afterwards."""
        layer = self.made(cls)
        if layer is None:
            return
        sources = self._in_order()
        if sources:
            graph, key = added_after(self._graph, layer, sources)
        else:
            graph, key = added(self._graph, layer, free_place(self._graph, place))
        graph, key = self._document.begun_anew(graph, key)
        self._edit(tr("Add {name}", name=tr(cls.title)), graph)
        self._selection.set([key])

    # -- removing ------------------------------------------------------------------------------

    def delete(self, heal: bool = True) -> None:
        """Delete the selected nodes, wires and notes; what stands in a frame stays.

        Args:
            heal: whether what came before a deleted node goes on to what came after it.
        """
        nodes, edges = self._selection.nodes, self._selection.edges
        apart = [edge for edge in edges if not nodes & {edge.source, edge.target}] if heal else edges
        graph = self._graph.disconnected(apart)
        graph = healed(graph, nodes) if heal else graph.without(nodes)
        if self._selection.has_places:
            self._take_away(tr("Delete {name}", name=self._chosen()), graph)
        elif edges:
            text = tr("Delete wire") if len(edges) == 1 else tr("Delete {count} wires", count=len(edges))
            self._edit(text, graph)

    def _take_away(self, text: str, graph: Graph) -> None:
        """Go over to a graph without the selected nodes, and take the selected notes away."""
        project = self._document.project
        sketch = project.sketch.without_notes(self._selection.notes)
        self._document.edit(text, project.with_graph(graph).with_sketch(sketch))

    def unwire(self) -> None:
        """Remove every wire of the selected nodes."""
        nodes = self._selection.nodes
        edges = [edge for edge in self._graph.edges if nodes & {edge.source, edge.target}]
        if edges:
            name = called(self._document.project, nodes, ())
            self._edit(tr("Disconnect {name}", name=name), self._graph.disconnected(edges))

    # -- copying -------------------------------------------------------------------------------

    def copy(self) -> bool:
        """Put the selected nodes, the wires among them and notes on the clipboard; whether there were any.

        As plain text notes alone are what is written in them.
        """
        if not self._selection.has_places:
            self._say(tr("Select the layers to copy first."))
            return False
        notes = self._chosen_notes
        text = to_text(self._graph.part(self._selection.nodes), notes)
        data = QMimeData()
        data.setText(text if self._selection.nodes else "\n\n".join(note.text for note in notes))
        data.setData(MIME, QByteArray(text.encode()))
        QGuiApplication.clipboard().setMimeData(data)
        return True

    def cut(self) -> None:
        """Copy the selected nodes and notes, then delete them."""
        if self.copy():
            self._take_away(tr("Cut {name}", name=self._chosen()), healed(self._graph, self._selection.nodes))

    def paste(self, at: QPointF | None = None, visible: Callable[[QPointF], bool] | None = None) -> None:
        """Put the clipboard's layers and notes, or layers that it holds as code, on the canvas and select them.

        Args:
            at: where their upper left corner goes; beside the originals unless given.
            visible: whether a point of the scene is in sight; layers copied out of sight go to ``at``.
        """
        text = _clipboard_text()
        if looks_like_code(text):
            self.code.paste(text, at or QPointF())
            return
        try:
            part, notes = from_text(text), notes_from_text(text)
        except FileError as error:
            self._say(str(error))
            return
        if part.nodes or notes:
            places = [thing.position for thing in (*part.nodes.values(), *notes)]
            shift = self._shift(places, at, visible)
            self._put(part, shift, tr("Paste {name}", name=counted(part, notes)), notes)

    def _shift(
        self, places: Sequence[Position], at: QPointF | None, visible: Callable[[QPointF], bool] | None
    ) -> QPointF:
        corner = QPointF(*(min(place[axis] for place in places) for axis in (0, 1)))
        if at is not None and (visible is None or not visible(corner + _OFFSET)):
            return at - corner
        return QPointF(_OFFSET)

    def duplicate(self) -> None:
        """Put a copy of the selected nodes and notes beside them, without touching the clipboard."""
        if self._selection.has_places:
            part, text = self._graph.part(self._selection.nodes), tr("Duplicate {name}", name=self._chosen())
            self._put(part, QPointF(_OFFSET), text, self._chosen_notes)

    def _put(self, part: Graph, shift: QPointF, text: str, notes: Sequence[Note]) -> None:
        put(self._document, self._selection, part, shift, text, notes)

    # -- selecting, moving, naming ----------------------------------------------------------------

    def select_all(self) -> None:
        """Select every node, wire and note."""
        notes = (note.key for note in self._document.project.sketch.notes)
        self._selection.set(self._graph.nodes, self._graph.edges, notes)

    def step(self, forward: bool) -> bool:
        """Select the next thing in the order in which data flow, after the last the notes; ``False`` at the end."""
        folded, nodes, notes = folding(self._document.project), self._selection.nodes, self._selection.notes
        shown = dict.fromkeys(folded.block(key) for key in self._graph.order)
        order: list[tuple[tuple[str, ...], str]] = [(block, "") for block in shown]
        order += [((), note.key) for note in self._document.project.sketch.notes]
        chosen = [place for place, (block, note) in enumerate(order) if note in notes or not nodes.isdisjoint(block)]
        place = 0 if forward else len(order) - 1
        if chosen:
            place = max(chosen) + 1 if forward else min(chosen) - 1
        if not 0 <= place < len(order):
            return False
        block, note = order[place]
        self._selection.set(block, (), [note])
        return True

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected nodes and notes, and what stands in frames; quick steps are one undo step."""
        project = self._document.project
        nodes, notes = carried(project, self._selection.nodes, self._selection.notes)
        if nodes or notes:
            merge = "nudge " + " ".join((*sorted(nodes), "/", *sorted(notes)))
            moved = project.with_graph(project.graph.moved(nodes, (dx, dy)))
            text = tr("Move {name}", name=called(project, nodes, notes))
            self._document.edit(text, moved.with_sketch(project.sketch.moved(notes, (dx, dy))), merge)

    def rename(self, node: str, label: str) -> None:
        """Give a node the user's own name; an empty one returns to the id."""
        if node in self._graph.nodes:
            kept = "".join(c for c in label if c.isprintable()).strip()
            kept = "" if kept == node else kept
            self._edit(tr("Rename {name}", name=self._graph.nodes[node].name), self._graph.labelled(node, kept))


def _clipboard_text() -> str:
    """The clipboard's layers, or whatever text it holds."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:  # an empty clipboard on some platforms
        return ""
    return bytes(data.data(MIME).data()).decode("utf-8", "replace") if data.hasFormat(MIME) else data.text()
