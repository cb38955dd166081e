"""The scales at the left of a plot and below it, with lines across."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer.plots.strokes import Frame
from designer.plots.ticks import marks
from designer.theme import SMALL_SIZE, current_theme, ui_font

#: Room for texts at the left of the plot and below it (px).
LEFT, BELOW = 46.0, 20.0
#: Room that one mark with its text takes (px), across and upwards.
ACROSS, UPWARDS = 72.0, 27.0


def paint_scales(painter: QPainter, frame: Frame, across: str, upwards: str) -> None:
    """Paint marks, texts and lines.

    Args:
        painter: where to.
        frame: of the plot.
        across: kind of the lower scale; see :func:`designer.plots.ticks.marks`.
        upwards: kind of the left scale.
    """
    theme, area = current_theme(), frame.area
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(ui_font(SMALL_SIZE, tabular=True))
    line, text = QPen(QColor(theme.grid), 1.0), QPen(QColor(theme.muted))
    for value, words in marks(upwards, *frame.upwards, max(int(area.height() // UPWARDS), 2)):
        low, high = frame.upwards
        y = round(area.bottom() - (value - low) / (high - low) * area.height()) + 0.5
        painter.setPen(line)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(text)
        place = QRectF(0, y - 10, area.left() - 7, 20)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
    painter.setPen(line)
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(text)
    for value, words in marks(across, *frame.across, max(int(area.width() // ACROSS), 2)):
        low, high = frame.across
        x = area.left() + (value - low) / (high - low) * area.width()
        # Texts near an end move inwards rather than being cut.
        left = min(x - ACROSS / 2, area.right() + 10 - ACROSS)
        align = Qt.AlignmentFlag.AlignRight if left < x - ACROSS / 2 else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(
            QRectF(left, area.bottom() + 2, ACROSS, BELOW - 2), align | Qt.AlignmentFlag.AlignVCenter, words
        )
