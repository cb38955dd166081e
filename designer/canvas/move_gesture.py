"""Select a node by a click, move the selected ones by dragging."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.geometry import Guide, aligned
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.rubber_band_gesture import ADDING
from designer.text import tr

_NO_GUIDES: tuple[Guide, ...] = ()


class MoveGesture(Gesture):
    """Starts on a node. The nodes follow live; the document changes once, at the end.

    The node under the pointer keeps to the grid, or to the centre line of a neighbour; Alt lets it go anywhere.
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
        if modifiers & Qt.KeyboardModifier.AltModifier:
            place, guides = QPointF(card.topLeft().toPoint()), _NO_GUIDES
        else:
            place, guides = aligned(card, self._others)
        self._delta = place - self._card.topLeft()
        self.canvas.shift(self._moved, self._delta)
        self._show(guides)

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
        self.canvas.erase("guides")
        if not self._moving:
            self._click(modifiers)
            return
        project = self.stage.document.project
        graph = project.graph.moved(self._moved, (self._delta.x(), self._delta.y()))
        names = [project.graph.nodes[key].name for key in self._moved]
        text = tr("Move {name}", name=names[0]) if len(names) == 1 else tr("Move {count} layers", count=len(names))
        if self._delta.isNull():
            self.canvas.end_preview()
        else:
            self.stage.document.edit(text, project.with_graph(graph))

    def _click(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & ADDING:
            if self._was_selected:
                self.stage.selection.toggle([self._node])
        else:
            self.stage.selection.set([self._node])

    def cancel(self) -> None:
        """Put the nodes back."""
        self.canvas.erase("guides")
        self.canvas.end_preview()
