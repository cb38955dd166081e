"""What a gesture draws while it lasts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_Z_SKETCH = 10.0


class SketchItem(QGraphicsItem):
    """A passing drawing above everything: a loose wire, a frame, guides, a ghost."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()
        self._draw: Callable[[QPainter, float], None] | None = None
        self.setZValue(_Z_SKETCH)

    def show_drawing(self, bounds: QRectF, draw: Callable[[QPainter, float], None]) -> None:
        """Draw something else; ``draw`` receives the painter and the zoom."""
        self.prepareGeometryChange()
        self._bounds = bounds.normalized().adjusted(-8, -8, 8, 8)
        self._draw = draw
        self.update()

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        if self._draw is not None:
            self._draw(painter, QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform()))
