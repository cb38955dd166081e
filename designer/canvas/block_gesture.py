"""Bring a block from the library: its cards follow the pointer until they are put down."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.copying import put
from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, snapped
from designer.canvas.gesture import Gesture, Stage
from designer.model.library import KeptBlock
from designer.text import tr


class BlockGesture(Gesture):
    """The view starts it when the pointer arrives with a block in hand."""

    cursor = Qt.CursorShape.ClosedHandCursor
    held = False

    def __init__(self, stage: Stage, start: QPointF, block: KeptBlock) -> None:
        super().__init__(stage, start)
        self._block = block
        self._at = start
        self.move(start, Qt.KeyboardModifier.NoModifier)

    @property
    def _shift(self) -> QPointF:
        """How far the block goes so that its first layer is under the pointer, on the grid."""
        corner = corner_of(self._block)
        return snapped(self._at - QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)) - corner

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show where the layers would stand."""
        self._at = at
        shift = self._shift
        size = (NODE_WIDTH, NODE_HEIGHT)
        rects = [QRectF(*node.position, *size).translated(shift) for node in self._block.graph.nodes.values()]
        bounds = QRectF()
        for rect in rects:
            bounds = bounds.united(rect)

        def paint(painter: QPainter, _zoom: float) -> None:
            for rect in rects:
                self.canvas.painter.rubber_band(painter, rect)

        self.canvas.sketch("block", bounds, paint)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put the layers down."""
        self._at = at
        self.cancel()
        text = tr("Add {name}", name=self._block.name)
        put(self.stage.document, self.stage.selection, self._block.graph, self._shift, text, fresh=True)

    def cancel(self) -> None:
        """Put nothing down."""
        self.canvas.erase("block")


def corner_of(block: KeptBlock) -> QPointF:
    """The corner of the uppermost layer, the leftmost of several."""
    x, y = min((node.position for node in block.graph.nodes.values()), key=lambda place: (place[1], place[0]))
    return QPointF(x, y)
