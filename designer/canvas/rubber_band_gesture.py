"""Catch nodes, wires and notes with a frame; a click on nothing lets go of all."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.geometry import WireShape
from designer.canvas.gesture import Gesture, Stage

ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def _holds(frame: QRectF, wire: WireShape) -> bool:
    return frame.contains(wire.start) and frame.contains(wire.end)


class RubberBandGesture(Gesture):
    """Starts on empty ground; with Shift or Ctrl it adds to what is selected."""

    def __init__(self, stage: Stage, start: QPointF) -> None:
        super().__init__(stage, start)
        self._before = (stage.selection.nodes, stage.selection.edges, stage.selection.notes)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select what the frame touches."""
        if self.is_click(at):
            return
        frame = QRectF(self.start, at).normalized()
        self.canvas.sketch("frame", frame, lambda painter, _zoom: self._draw(painter, frame))
        nodes = self._caught(frame)
        wires = ((e, item) for e, item in self.canvas.wires.items() if e not in self.canvas.folding.hidden)
        edges = {edge for edge, item in wires if _holds(frame, item.shape_value)}
        notes = self.canvas.notes.touching(frame)
        if modifiers & ADDING:
            nodes |= self._before[0]
            edges |= self._before[1]
            notes |= self._before[2]
        self.stage.selection.set(nodes, edges, notes)

    def _caught(self, frame: QRectF) -> set[str]:
        """Layers whose cards a frame touches, all of a folded group at once."""
        folding = self.canvas.folding
        caught = {item.box.id for item in self.canvas.shown() if item.box.rect.intersects(frame)}
        inner = (key for name in caught & folding.cards.keys() for key in folding.cards[name].group.nodes)
        return (caught & self.canvas.nodes.keys()) - folding.of.keys() | set(inner)

    def _draw(self, painter: QPainter, frame: QRectF) -> None:
        self.canvas.painter.rubber_band(painter, frame)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Keep what was caught."""
        self.canvas.erase("frame")
        if self.is_click(at) and not modifiers & ADDING:
            self.stage.selection.clear()

    def cancel(self) -> None:
        """Select what was selected before."""
        self.canvas.erase("frame")
        self.stage.selection.set(*self._before)
