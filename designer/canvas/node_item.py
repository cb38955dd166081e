"""A node on the scene: it holds what it shows and hands the drawing on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.carrier import carried_by
from designer.canvas.geometry import NODE_HEIGHT, NodeBox
from designer.canvas.look import NodeLook
from designer.canvas.painter import CanvasPainter, NodeState

_MARGIN = 14.0
_BELOW = 30.0
#: Nodes lie above wires, the one under the pointer above those, the selected ones above all others.
Z_NODE, Z_HOVERED, Z_SELECTED = 1.0, 1.5, 2.0


class NodeItem(QGraphicsItem):
    """One node; thin on purpose: no edits, no events, no knowledge of the document.

    A taller ``box`` leaves :attr:`free_area` under the name for whatever is to be shown there, as a child item.
    """

    def __init__(self, painter: CanvasPainter, box: NodeBox, look: NodeLook) -> None:
        super().__init__()
        self._painter = painter
        self._look = look
        self._state = NodeState()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_NODE)
        self._place(box)

    @property
    def look(self) -> NodeLook:
        """What it shows."""
        return self._look

    @property
    def state(self) -> NodeState:
        """How it shows it."""
        return self._state

    @property
    def box(self) -> NodeBox:
        """Its place on the scene."""
        way = carried_by(self)
        return self._box if way.isNull() else self._box.moved_to(self._box.rect.topLeft() + way)

    @property
    def free_area(self) -> QRectF:
        """The part of the card under the name and badge, in the item's coordinates; empty for a plain node."""
        card = self._local.rect
        return card.adjusted(0, NODE_HEIGHT, 0, 0) if card.height() > NODE_HEIGHT else QRectF()

    def show_look(self, box: NodeBox, look: NodeLook) -> None:
        """Show another look at a place."""
        if (box.rect.size(), box.inputs, box.outputs) != (self._box.rect.size(), self._box.inputs, self._box.outputs):
            self.prepareGeometryChange()
            self.update()
        if look != self._look:
            self._look = look
            self.update()
        if box != self._box:
            self._place(box)

    def show_state(self, state: NodeState) -> None:
        """Show selection and pointer."""
        if state == self._state:
            return
        before, self._state = self._state, state
        self.setOpacity(0.35 if state.dimmed else 1.0)
        self.setZValue(Z_SELECTED if state.selected else Z_HOVERED if state.hovered else Z_NODE)
        if replace(before, dimmed=state.dimmed) != state:
            self.update()

    def move_to(self, place: QPointF) -> None:
        """Move the card's corner."""
        self._place(self._box.moved_to(place))

    def _place(self, box: NodeBox) -> None:
        self._box = box
        self._local = box.moved_to(QPointF())
        self._bounds = self._local.rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _BELOW)
        self.setPos(box.rect.topLeft())

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        self._painter.node(painter, self._local, self._look, self._state, zoom)
