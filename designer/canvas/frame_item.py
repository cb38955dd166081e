"""The frame around layers that belong together, with their group's name on a strip."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.group_card import MARK, draw_mark
from designer.canvas.painter import FULL, NAMES, CanvasPainter
from designer.model.groups import Group

#: Space between the cards and the frame, and how much an outer frame goes beyond an inner one.
PAD, BEYOND = 12.0, 8.0
#: Height of the strip with the name; with the space below it there is room for it between two rows.
STRIP = 22.0
_CORNER = 12.0
_Z_FRAME = -1.0


class FrameItem(QGraphicsItem):
    """A quiet frame below wires and nodes; its strip is what one can take hold of."""

    def __init__(self, painter: CanvasPainter, group: Group) -> None:
        super().__init__()
        self._painter = painter
        self._rect = QRectF()
        self._hovered = False
        self.group = group
        self.setZValue(_Z_FRAME - group.height)

    def show_group(self, group: Group, cards: Iterable[QRectF], frames: Iterable[QRectF]) -> None:
        """Stand around the cards of a group and the frames in it."""
        rect = QRectF()
        for reach, places in ((PAD, cards), (BEYOND, frames)):
            for place in places:
                rect = rect.united(place.adjusted(-reach, -reach, reach, reach))
        rect.adjust(0, -STRIP, 0, 0)
        self.setZValue(_Z_FRAME - group.height)
        if (group, rect) != (self.group, self._rect):
            self.prepareGeometryChange()
            self.group, self._rect = group, rect
            self.update()

    def show_pointer(self, hovered: bool) -> None:
        """Show whether the pointer is on the strip."""
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    @property
    def rect(self) -> QRectF:
        """Its place on the scene."""
        return self._rect

    @property
    def strip(self) -> QRectF:
        """The strip by which all layers are moved."""
        return QRectF(self._rect.topLeft(), QSizeF(self._rect.width(), STRIP))

    @property
    def mark(self) -> QRectF:
        """The place of the triangle that folds the group."""
        return QRectF(self._rect.left() + 8, self._rect.top() + (STRIP + 3 - MARK) / 2, MARK, MARK)

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        theme = self._painter.theme
        ground = QColor(theme.muted)
        ground.setAlpha(14)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(theme.accent if self._hovered else theme.line), 1.2 if zoom >= FULL else 2.4))
        painter.drawRoundedRect(self._rect, _CORNER, _CORNER)
        if zoom < NAMES:
            return
        font = self._painter.name_font if zoom >= FULL else self._painter.far_font
        painter.setFont(font)
        painter.setPen(QColor(theme.accent if self._hovered else theme.muted))
        draw_mark(painter, self.mark, painter.pen().color())
        painter.setPen(QColor(theme.accent if self._hovered else theme.muted))
        place = self.strip.adjusted(_CORNER + MARK - 2, 3, -_CORNER, 3)
        text = QFontMetricsF(font).elidedText(self.group.title, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def frame_at(frames: Iterable[FrameItem], point: QPointF) -> FrameItem | None:
    """The frame whose strip lies under a point, the innermost one."""
    found = [frame for frame in frames if frame.strip.contains(point)]
    return min(found, key=lambda frame: frame.group.height, default=None)
