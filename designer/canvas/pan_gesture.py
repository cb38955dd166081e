"""Move the picture under the window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas.gesture import Gesture, Stage


class PanGesture(Gesture):
    """Starts with the middle button, or with any button while Space is held."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, stage: Stage, start: QPointF) -> None:
        super().__init__(stage, start)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Keep the grasped point under the pointer."""
        self.stage.scroll((at - self.start) * self.stage.zoom)
