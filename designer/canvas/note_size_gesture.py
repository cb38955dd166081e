"""Drag the corner of a note or a frame."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt

from designer.canvas.geometry import snapped
from designer.canvas.gesture import Gesture, Stage
from designer.text import tr
from engine.sketch import LARGEST, SMALLEST


class NoteSizeGesture(Gesture):
    """Starts on the lower right corner; the upper left one stays. Ctrl leaves the grid."""

    cursor: ClassVar[Qt.CursorShape | None] = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, stage: Stage, start: QPointF, note: str) -> None:
        super().__init__(stage, start)
        self._key = note
        self._before = self.canvas.notes.items[note].rect
        self._after = self._before
        stage.selection.set(notes=[note])

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show it in the new size."""
        if self.is_click(at) and self._after == self._before:
            return
        corner = self._before.bottomRight() + at - self.start
        if not modifiers & Qt.KeyboardModifier.ControlModifier:
            corner = snapped(corner)
        size = corner - self._before.topLeft()
        sides = (max(SMALLEST, min(LARGEST, side)) for side in (size.x(), size.y()))
        self._after = QRectF(self._before.topLeft(), self._before.topLeft() + QPointF(*sides))
        self.canvas.notes.items[self._key].show_place(self._after)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Keep the size."""
        project = self.stage.document.project
        note = project.sketch.note(self._key)
        if note is not None and self._after != self._before:
            sized = replace(note, size=(self._after.width(), self._after.height()))
            text = tr("Resize frame") if note.frame else tr("Resize note")
            self.stage.document.edit(text, project.with_sketch(project.sketch.with_note(sized)))

    def cancel(self) -> None:
        """Give it its size back."""
        self.canvas.end_preview()
