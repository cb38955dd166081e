"""Select the layers of a group by a click on its frame, move them all by dragging it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas.gesture import Stage
from designer.canvas.move_gesture import MoveGesture
from designer.canvas.rubber_band_gesture import ADDING


class GroupGesture(MoveGesture):
    """Starts on the strip of a frame; with a key for adding, what was selected stays selected."""

    def __init__(self, stage: Stage, start: QPointF, nodes: tuple[str, ...], modifiers: Qt.KeyboardModifier) -> None:
        kept = stage.selection.nodes if modifiers & ADDING else frozenset()
        stage.selection.set({*kept, *nodes})
        super().__init__(stage, start, nodes[0], Qt.KeyboardModifier.NoModifier)

    def _click(self, modifiers: Qt.KeyboardModifier) -> None:
        """The layers were selected when the button went down."""
