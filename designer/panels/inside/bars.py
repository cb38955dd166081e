"""The network's answer as bars that move while it learns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.icons import icon
from designer.panels.inside.answer import Answer, Row
from designer.text import tr
from designer.theme import SMALL_SIZE, TITLE_SIZE, Theme, current_theme, ui_font

#: Height of the line that is read first, and of a row at most (px).
HEAD, ROW = 30, 22
#: Room for the mark of the true class; a bar shorter than this says nothing (px).
_MARK, _SHORTEST = 14, 24


class AnswerBars(QWidget):
    """One glance at the top, below it a bar for every class; the true class is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-bars")
        self.setToolTip(
            tr("What the network answers. The longest bar is its answer; the tick marks what is right, as far as the "
               "data tell.")
        )  # fmt: skip
        self.setAccessibleName(tr("Prediction"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)
        self.answer: Answer | None = None

    def sizeHint(self) -> QSize:
        return QSize(180, HEAD + 10 * ROW)

    def tell(self, answer: Answer | None) -> None:
        """Show an answer."""
        if answer != self.answer:
            self.answer = answer
            self.setAccessibleDescription(answer.head if answer is not None else "")
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.answer is None or not self.answer.rows:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter, theme, self.answer)
        rows = self.answer.rows
        room = self.height() - HEAD - (16 if self.answer.more else 0)
        step = min(ROW, room / len(rows))
        painter.setFont(ui_font(SMALL_SIZE, tabular=True))
        metrics = QFontMetricsF(painter.font())
        names = min(max(metrics.horizontalAdvance(row.name) for row in rows), 0.4 * self.width())
        values = max(metrics.horizontalAdvance(self._value(row)) for row in rows)
        if step >= 0.8 * metrics.height():
            for place, row in enumerate(rows):
                self._paint_row(painter, theme, row, QRectF(0, HEAD + place * step, self.width(), step), names, values)
        if self.answer.more:
            painter.setPen(QColor(theme.muted))
            text = tr("and {count} more", count=self.answer.more)
            painter.drawText(QRectF(0, self.height() - 16, self.width(), 16), Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _value(self, row: Row) -> str:
        return tr("{value}  (right: {truth})", value=row.value, truth=row.truth) if row.truth else row.value

    def _paint_head(self, painter: QPainter, theme: Theme, answer: Answer) -> None:
        symbols = {"right": ("check-circle-outline", theme.success), "wrong": ("close-circle-outline", theme.error)}
        left = 0
        if answer.verdict in symbols:
            name, colour = symbols[answer.verdict]
            icon(name, colour).paint(painter, 0, (HEAD - 18) // 2 - 2, 18, 18)
            left = 24
        painter.setFont(ui_font(TITLE_SIZE, strong=True, tabular=True))
        painter.setPen(QColor(theme.text))
        area = QRectF(left, 0, self.width() - left, HEAD - 4)
        text = painter.fontMetrics().elidedText(answer.head, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_row(self, painter: QPainter, theme: Theme, row: Row, area: QRectF, names: float, values: float) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.text if row.top or row.true else theme.muted))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, int(names) + 2)
        painter.drawText(area.adjusted(_MARK, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, self._value(row))
        if row.true:
            icon("check", theme.success).paint(painter, -1, round(area.center().y() - 7), 14, 14)
        left = _MARK + names + 8
        track = QRectF(left, area.center().y() - 4, area.width() - left - values - 8, 8)
        if track.width() < _SHORTEST:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pressed))
        painter.drawRoundedRect(track, 3, 3)
        length = min(1.0, abs(row.share)) * track.width()
        if length > 0.5:
            painter.setBrush(QColor(theme.accent if row.top else theme.disabled))
            painter.drawRoundedRect(QRectF(track.left(), track.top(), max(length, 3.0), track.height()), 3, 3)
