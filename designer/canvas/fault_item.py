"""The note beside a node with a fault."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.beside import beside
from designer.canvas.cards import Cards
from designer.canvas.look import FaultLook
from designer.canvas.node_item import NodeItem
from designer.canvas.painter import FAULT_WIDTHS, FULL, CanvasPainter

_Z_FAULT = 3.0


class FaultItem(QGraphicsItem):
    """A sentence and perhaps a button, as the child of the node it speaks of; hidden in the distance.

    Where every place would cover another note, it is folded: shown while its node is selected or under the pointer.
    """

    def __init__(self, painter: CanvasPainter, node: NodeItem, look: FaultLook) -> None:
        super().__init__(node)
        self._painter = painter
        self._node = node
        self._look = look
        self._rect = QRectF()
        self._sizes: list[QSizeF] = []
        self._hovered = self._pressed = self._called = False
        self._folded = False
        self.setZValue(_Z_FAULT)

    @property
    def look(self) -> FaultLook:
        """What it says."""
        return self._look

    @property
    def folded(self) -> bool:
        """Whether there is no place for it among the other notes."""
        return self._folded

    def show_look(
        self, look: FaultLook, cards: Cards, visible: QRectF | None = None, taken: Sequence[QRectF] = ()
    ) -> None:
        """Say something, in a place where no node is and, while its node is in sight, within what is visible.

        Args:
            look: what to say.
            cards: the places of all nodes.
            visible: what is in sight.
            taken: the places of other notes.
        """
        card = self._node.box.rect
        if look != self._look or not self._sizes:
            self._sizes = [QSizeF(self._painter.fault_size(look, width)) for width in FAULT_WIDTHS]
        found = beside(card, self._sizes, cards, visible, taken)
        self._folded = found is None
        found = found or beside(card, self._sizes, cards, visible) or card
        rect = found.translated(-card.topLeft())
        self.setVisible(self._called or not self._folded)
        if (look, rect) != (self._look, self._rect):
            self.prepareGeometryChange()
            self._look, self._rect = look, rect
            self.update()

    def call(self, called: bool) -> None:
        """Unfold it while its node is selected or under the pointer."""
        if called != self._called:
            self._called = called
            self.setVisible(called or not self._folded)

    def show_pointer(self, hovered: bool, pressed: bool = False) -> None:
        """Show whether the pointer is on the button."""
        if (hovered, pressed) != (self._hovered, self._pressed):
            self._hovered, self._pressed = hovered, pressed
            self.update()

    @property
    def rect(self) -> QRectF:
        """Its place on the scene."""
        return self._rect.translated(self._node.box.rect.topLeft())

    @property
    def button(self) -> QRectF:
        """The button's place on the scene; empty when nothing is offered or the note is folded."""
        return self._painter.fix_rect(self._look, self.rect) if self.isVisible() else QRectF()

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._rect.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        if QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform()) >= FULL:
            self._painter.fault(painter, self._rect, self._look, self._pressed, self._hovered)
