"""The little card beside the pointer with the values there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from designer.theme import SMALL_SIZE, current_theme, ui_font

_PAD, _GAP, _SWATCH, _AWAY = 8, 12, 12, 14


@dataclass(frozen=True)
class Row:
    """One value: the colour of its curve (none for a plain line), what it is, how much, and whether it is faint."""

    color: str | None
    name: str
    value: str
    faint: bool = False


class Readout(QWidget):
    """Values at the pointer; lies over the plot and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("readout")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.rows: tuple[Row, ...] = ()
        self.hide()

    def show_rows(self, rows: Sequence[Row], near: QPoint) -> None:
        """Show values beside a place of the parent; nothing to tell hides the card."""
        self.rows = tuple(rows)
        if not rows:
            self.hide()
            return
        size, area = self.sizeHint(), self.parentWidget().rect()
        top = min(max(near.y() - size.height() // 2, 2), max(area.height() - size.height() - 2, 2))
        if near.x() + _AWAY + size.width() < area.right():
            left = near.x() + _AWAY
        elif near.x() - _AWAY - size.width() > 0:
            left = near.x() - _AWAY - size.width()
        else:
            # No room on either side: above or below the pointer, whichever is farther from it.
            left = max(area.right() - size.width() - 2, 2)
            top = 2 if near.y() > area.center().y() else max(area.height() - size.height() - 2, 2)
        self.setGeometry(left, top, size.width(), size.height())
        self.show()
        self.raise_()
        self.update()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(ui_font(SMALL_SIZE, tabular=True))

    def sizeHint(self) -> QSize:
        """Room for all rows."""
        metrics = self._metrics()
        names = max((metrics.horizontalAdvance(row.name) for row in self.rows), default=0.0)
        values = max((metrics.horizontalAdvance(row.value) for row in self.rows), default=0.0)
        width = 2 * _PAD + _SWATCH + 6 + names + (_GAP + values if values else 0)
        return QSize(round(width), round(2 * 6 + len(self.rows) * (metrics.height() + 2)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        theme, metrics = current_theme(), self._metrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.raised)
        ground.setAlphaF(0.95)
        painter.setPen(QColor(theme.line))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(ui_font(SMALL_SIZE, tabular=True))
        height = metrics.height() + 2
        for place, row in enumerate(self.rows):
            line = QRectF(_PAD, 6 + place * height, self.width() - 2 * _PAD, height)
            if row.color is not None:
                ink = QColor(row.color)
                ink.setAlphaF(0.4 if row.faint else 1.0)
                pen = QPen(ink, 2.4)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(line.left() + 1, line.center().y(), line.left() + _SWATCH - 1, line.center().y())
            indent = _SWATCH + 6 if row.color is not None else 0
            painter.setPen(QColor(theme.muted))
            painter.drawText(line.adjusted(indent, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.name)
            painter.setPen(QColor(theme.text))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.value)
        painter.end()
