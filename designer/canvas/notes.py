"""The items of all notes and frames, and what of them lies where."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.note_item import NoteItem
from designer.canvas.painter import CanvasPainter
from engine.sketch import Note


class Notes:
    """The items of notes, by key.

    Args:
        scene: where they are shown.
        painter: whose fonts and colours they use.

    Attributes:
        items: by key.
    """

    def __init__(self, scene: QGraphicsScene, painter: CanvasPainter) -> None:
        self._scene = scene
        self._painter = painter
        self._pointed = ""
        self.items: dict[str, NoteItem] = {}

    def follow(self, notes: Iterable[Note]) -> None:
        """Show notes as the document has them."""
        wanted = {note.key: note for note in notes}
        for key in [key for key in self.items if key not in wanted]:
            self._scene.removeItem(self.items.pop(key))
        for order, note in enumerate(wanted.values()):
            if note.key not in self.items:
                self.items[note.key] = NoteItem(self._painter, note)
                self._scene.addItem(self.items[note.key])
            self.items[note.key].show_note(note, order)

    def shift(self, keys: Iterable[str], way: QPointF) -> None:
        """Show notes shifted from where the document has them."""
        for key in keys:
            self.items[key].setPos(way)

    def mark(self, selected: Collection[str], pointed: str | None = None) -> None:
        """Show which ones are selected, and on which one the pointer is when it is another one than before."""
        self._pointed = self._pointed if pointed is None else pointed
        for key, item in self.items.items():
            item.show_state(key in selected, key == self._pointed)

    def note_at(self, point: QPointF) -> NoteItem | None:
        """The note under a point, the uppermost one."""
        found = [item for item in self.items.values() if not item.note.frame and item.rect.contains(point)]
        return max(found, key=NoteItem.zValue, default=None)

    def frame_at(self, point: QPointF, zoom: float) -> NoteItem | None:
        """The frame by whose strip or corner a point takes hold, the smallest one."""
        frames = [item for item in self.items.values() if item.note.frame]
        found = [item for item in frames if item.strip.contains(point) or item.at_corner(point, zoom)]
        return min(found, key=lambda item: item.rect.width() * item.rect.height(), default=None)

    def rect(self, keys: Collection[str] | None = None) -> QRectF:
        """The rectangle around some notes, or all."""
        found = QRectF()
        for key, item in self.items.items():
            if keys is None or key in keys:
                found = found.united(item.rect)
        return found

    def touching(self, frame: QRectF) -> set[str]:
        """Notes that a rectangle touches, and frames that it holds whole: one can catch what stands in a frame."""
        return {
            key
            for key, item in self.items.items()
            if (frame.contains(item.rect) if item.note.frame else frame.intersects(item.rect))
        }
