"""Select a node by a click, move the selected ones by dragging."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.copying import counted, put
from designer.canvas.geometry import Guide, aligned
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.rubber_band_gesture import ADDING
from designer.text import tr

#: Held while dragging: copies are put down.
COPYING = Qt.KeyboardModifier.AltModifier
_NO_GUIDES: tuple[Guide, ...] = ()
_AROUND = 30.0


class MoveGesture(Gesture):
    """Starts on a node. The nodes follow live; the document changes once, at the end.

    The node under the pointer keeps to the grid, or to the centre line of a neighbour; Ctrl lets it go anywhere. With
    Alt the nodes stay, and copies of them are put down.
    """

    def __init__(self, stage: Stage, start: QPointF, node: str, modifiers: Qt.KeyboardModifier) -> None:
        super().__init__(stage, start)
        self._node = node
        self._was_selected = node in stage.selection.nodes
        self._moving = False
        self._delta = QPointF()
        if modifiers & ADDING:
            if not self._was_selected:
                stage.selection.toggle([node])
        elif not self._was_selected:
            stage.selection.set([node])
        chosen = stage.selection.nodes
        self._moved = frozenset(key for key in self.canvas.nodes if key in chosen)
        self._others = [item.box.rect for key, item in self.canvas.nodes.items() if key not in chosen]
        self._card = self.canvas.nodes[node].box.rect

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the nodes under the pointer."""
        if self._node not in self._moved or (not self._moving and self.is_click(at)):
            return
        self._moving = True
        card = self._card.translated(at - self.start)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            place, guides = QPointF(card.topLeft().toPoint()), _NO_GUIDES
        else:
            place, guides = aligned(card, self._others)
        self._delta = place - self._card.topLeft()
        self._show_moved(copied=bool(modifiers & COPYING))
        self._show(guides)

    def _show_moved(self, copied: bool) -> None:
        """Show the nodes themselves, or copies of them, where they would be put down."""
        self.canvas.erase("copies")
        self.canvas.shift(self._moved, QPointF() if copied else self._delta)
        if copied:
            delta, bounds = QPointF(self._delta), QRectF()
            for key in self._moved:
                bounds = bounds.united(self.canvas.nodes[key].box.rect)
            bounds.translate(delta)
            bounds.adjust(-_AROUND, -_AROUND, _AROUND, _AROUND)
            self.canvas.sketch("copies", bounds, lambda painter, zoom: self._draw_copies(painter, zoom, delta))

    def _draw_copies(self, painter: QPainter, zoom: float, delta: QPointF) -> None:
        for key in self._moved:
            item = self.canvas.nodes[key]
            self.canvas.painter.ghost(painter, item.box.moved_to(item.box.rect.topLeft() + delta), item.look, zoom)

    def _show(self, guides: tuple[Guide, ...]) -> None:
        self.canvas.erase("guides")
        if guides:
            bounds = QRectF()
            for guide in guides:
                bounds = bounds.united(QRectF(guide.start, guide.end).normalized().adjusted(-1, -1, 1, 1))
            self.canvas.sketch("guides", bounds, lambda painter, _zoom: self._draw(painter, guides))

    def _draw(self, painter: QPainter, guides: tuple[Guide, ...]) -> None:
        self.canvas.painter.guides(painter, guides)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put the nodes down, or take the click."""
        self.canvas.erase("guides", "copies")
        if not self._moving:
            self._click(modifiers)
            return
        if modifiers & COPYING:
            self._copy()
            return
        project = self.stage.document.project
        graph = project.graph.moved(self._moved, (self._delta.x(), self._delta.y()))
        names = [project.graph.nodes[key].name for key in self._moved]
        text = tr("Move {name}", name=names[0]) if len(names) == 1 else tr("Move {count} layers", count=len(names))
        if self._delta.isNull():
            self.canvas.end_preview()
        else:
            self.stage.document.edit(text, project.with_graph(graph))

    def _copy(self) -> None:
        """Leave the nodes where they were and put copies of them down."""
        self.canvas.end_preview()
        if not self._delta.isNull():
            part = self.stage.document.project.graph.part(self._moved)
            text = tr("Duplicate {name}", name=counted(part))
            put(self.stage.document, self.stage.selection, part, self._delta, text)

    def _click(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & ADDING:
            if self._was_selected:
                self.stage.selection.toggle([self._node])
        else:
            self.stage.selection.set([self._node])

    def cancel(self) -> None:
        """Put the nodes back."""
        self.canvas.erase("guides", "copies")
        self.canvas.end_preview()
