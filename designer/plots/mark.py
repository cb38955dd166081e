"""A vertical line across a plot, with a few words beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from designer.plots.strokes import Frame
from designer.theme import SMALL_SIZE, ui_font


@dataclass(frozen=True)
class Mark:
    """A line at one position.

    Attributes:
        position: on the lower axis.
        text: words on the side where there is more room.
        low: whether they stand at the bottom, where curves that rise leave room.
    """

    position: float
    text: str = ""
    low: bool = False


def paint_mark(painter: QPainter, mark: Mark, frame: Frame, color: str, style: Qt.PenStyle) -> None:
    """Paint a mark, if its position is shown."""
    left, right = frame.across
    if not left <= mark.position <= right:
        return
    area = frame.area
    share = (mark.position - left) / (right - left)
    # Half a pixel, so that a line of one pixel falls on one column.
    x = round(area.left() + share * area.width()) + 0.5
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(color), 1.0, style))
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    if not mark.text:
        return
    font = ui_font(SMALL_SIZE, tabular=True)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(mark.text) + 2, metrics.height()
    top = area.bottom() - height - 2 if mark.low else area.top() + 2
    place = QRectF(x + 5 if share < 0.5 else x - 5 - width, top, width, height)
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, mark.text)
