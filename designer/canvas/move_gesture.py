"""Select a layer or a note by a click, move the selected ones by dragging."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.copying import called, counted, put
from designer.canvas.geometry import Guide, aligned
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.holding import carried
from designer.canvas.note_item import draw_ground
from designer.canvas.rubber_band_gesture import ADDING
from designer.text import tr

#: Held while dragging: copies are put down.
COPYING = Qt.KeyboardModifier.AltModifier
_NO_GUIDES: tuple[Guide, ...] = ()
_AROUND = 30.0


class MoveGesture(Gesture):
    """Starts on a node or a note. They follow live; the document changes once, at the end.

    What is under the pointer keeps to the grid, or to the centre line of a neighbour; Ctrl lets it go anywhere. A frame
    takes along what stands in it. With Alt everything stays, and copies of it are put down.
    """

    def __init__(self, stage: Stage, start: QPointF, node: str, modifiers: Qt.KeyboardModifier, note: str = "") -> None:
        super().__init__(stage, start)
        self._held = ([node] if node else [], [], [note] if note else [])
        self._was_selected = node in stage.selection.nodes or note in stage.selection.notes
        self._moving = False
        self._delta = QPointF()
        if modifiers & ADDING:
            if not self._was_selected:
                stage.selection.toggle(*self._held)
        elif not self._was_selected:
            stage.selection.set(*self._held)
        project = stage.document.project
        moved, self._notes = carried(project, stage.selection.nodes, stage.selection.notes)
        self._moved = frozenset(member for key in moved for member in self.canvas.folding.block(key))
        standing = set(self.canvas.standing(self._moved))
        self._others = [item.box.rect for item in self.canvas.shown() if item not in standing]
        sheets = self.canvas.notes.items
        if note:
            frame = sheets[note].note.frame
            rest = (item for key, item in sheets.items() if key not in self._notes and not item.note.frame)
            self._others = [] if frame else [*self._others, *(item.rect for item in rest)]
        self._card = sheets[note].rect if note else self.canvas.rect_of([node])

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show what moves under the pointer."""
        if not self._holds_selected or (not self._moving and self.is_click(at)):
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

    @property
    def _holds_selected(self) -> bool:
        """Whether what was taken hold of is selected: a click that adds may have let go of it."""
        return self._moved.issuperset(self._held[0]) and self._notes.issuperset(self._held[2])

    def _show_moved(self, copied: bool) -> None:
        """Show the layers and notes themselves, or copies of them, where they would be put down."""
        self.canvas.erase("copies")
        self.canvas.shift(self._moved, QPointF() if copied else self._delta, self._notes)
        if copied:
            delta = QPointF(self._delta)
            bounds = self.canvas.notes.rect(self._notes).united(self.canvas.rect_of(self._moved)).translated(delta)
            bounds.adjust(-_AROUND, -_AROUND, _AROUND, _AROUND)
            self.canvas.sketch("copies", bounds, lambda painter, zoom: self._draw_copies(painter, zoom, delta))

    def _draw_copies(self, painter: QPainter, zoom: float, delta: QPointF) -> None:
        for key in self._notes:
            sheet = self.canvas.notes.items[key]
            draw_ground(painter, self.canvas.painter, sheet.note, sheet.rect.translated(delta), zoom)
        for item in self.canvas.standing(self._moved):
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
        """Put everything down, or take the click."""
        self.canvas.erase("guides", "copies")
        if not self._moving:
            self._click(modifiers)
            return
        if modifiers & COPYING:
            self._copy()
            return
        project = self.stage.document.project
        delta = (self._delta.x(), self._delta.y())
        if self._delta.isNull():
            self.canvas.end_preview()
            return
        text = tr("Move {name}", name=called(project, self._moved, self._notes))
        moved = project.with_graph(project.graph.moved(self._moved, delta))
        self.stage.document.edit(text, moved.with_sketch(project.sketch.moved(self._notes, delta)))

    def _copy(self) -> None:
        """Leave everything where it was and put copies of it down."""
        self.canvas.end_preview()
        if not self._delta.isNull():
            project = self.stage.document.project
            part = project.graph.part(self._moved)
            notes = [note for note in project.sketch.notes if note.key in self._notes]
            text = tr("Duplicate {name}", name=counted(part, notes))
            put(self.stage.document, self.stage.selection, part, self._delta, text, notes)

    def _click(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & ADDING:
            if self._was_selected:
                self.stage.selection.toggle(*self._held)
        else:
            self.stage.selection.set(*self._held)

    def cancel(self) -> None:
        """Put everything back."""
        self.canvas.erase("guides", "copies")
        self.canvas.end_preview()
