"""Carries many items together: one move of the carrier moves them all inside Qt."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget


class Carrier(QGraphicsItem):
    """An invisible parent for the time of a drag.

    Args:
        scene: where the items are.
        items: what is carried; they keep their places relative to it.
        height: the carrier's place in the stack, that of its items among all others.
    """

    def __init__(self, scene: QGraphicsScene, items: Iterable[QGraphicsItem], height: float) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setZValue(height)
        scene.addItem(self)
        self._items = tuple(items)
        for item in self._items:
            item.setParentItem(self)

    def put_down(self, scene: QGraphicsScene) -> None:
        """Give the items back to the scene, at the places where they were taken up."""
        for item in self._items:
            if item.parentItem() is self:
                item.setParentItem(None)  # type: ignore[arg-type]
        scene.removeItem(self)

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted: nothing."""
        return QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Nothing to draw."""


def carried_by(item: QGraphicsItem) -> QPointF:
    """How far an item was carried from its own place."""
    parent = item.parentItem()
    return parent.pos() if isinstance(parent, Carrier) else QPointF()
