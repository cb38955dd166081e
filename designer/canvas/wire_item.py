"""A wire on the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.carrier import carried_by
from designer.canvas.geometry import WireShape
from designer.canvas.painter import CanvasPainter, WireState

_MARGIN = 3.0
Z_WIRE, Z_MARKED = 0.0, 0.5


class WireItem(QGraphicsItem):
    """One wire; like a node's item it only shows."""

    def __init__(self, painter: CanvasPainter, shape: WireShape) -> None:
        super().__init__()
        self._painter = painter
        self._shape = shape
        self._drawn = shape
        self._label = ""
        self._share: float | None = None
        self._state = WireState()
        self._bounds = QRectF()
        self._middle: QPointF | None = None
        self.setZValue(Z_WIRE)
        self._measure()

    @property
    def shape_value(self) -> WireShape:
        """Its course on the scene."""
        way = carried_by(self)
        return self._shape if way.isNull() else self._shape.moved(way)

    @property
    def label(self) -> str:
        """The text on it."""
        return self._label

    @property
    def share(self) -> float | None:
        """At which share of its way the text stands; ``None`` where there is no room for it."""
        return self._share

    @property
    def state(self) -> WireState:
        """How it is shown."""
        return self._state

    def show_course(self, shape: WireShape) -> None:
        """Take another course; the label stays at its share of the way."""
        if shape == self._shape:
            return
        delta = shape.start - self._shape.start
        if shape == self._shape.moved(delta):
            # A wire that only shifts keeps its cached picture.
            self._shape = shape
            self.setPos(self.pos() + delta)
        else:
            self._redraw(shape, self._label, self._share)

    def show_label(self, label: str, share: float | None) -> None:
        """Take another text, at a share of the way; ``None`` where there is no room for it."""
        if (label, share) != (self._label, self._share):
            self._redraw(self._shape, label, share)

    def _redraw(self, shape: WireShape, label: str, share: float | None) -> None:
        self.prepareGeometryChange()
        self._shape = self._drawn = shape
        self._label, self._share = label, share
        self.setPos(QPointF())
        self._measure()
        self.update()

    def show_state(self, state: WireState) -> None:
        """Show selection and pointer."""
        if state == self._state:
            return
        self._state = state
        self.setOpacity(0.35 if state.dimmed else 1.0)
        self.setZValue(Z_MARKED if state.selected or state.hovered else Z_WIRE)
        self.update()

    def _measure(self) -> None:
        bounds = self._drawn.bounds.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self._middle = None if self._share is None or not self._label else self._drawn.at(self._share)
        if self._middle is not None:
            bounds = bounds.united(self._painter.label_rect(self._label, self._middle).adjusted(-1, -1, 1, 1))
        self._bounds = bounds

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        self._painter.wire(painter, self._drawn, self._label, self._middle, self._state, zoom)
