"""The sentence that says where a run stands, or why it cannot start."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from designer.icons import icon
from designer.text import plain_tip
from designer.theme import SMALL_SIZE, current_theme, ui_font

_ICON, _GAP, _PAD = 16, 6, 2


class StatusSentence(QAbstractButton):
    """An icon and a sentence of up to three lines; a click asks for more when there is more.

    Attributes:
        is_link: whether a click leads somewhere.
    """

    LINES = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run-status")
        self.is_link = False
        self._symbol = "check-circle-outline"
        self._duty = "muted"
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_sentence(self, text: str, symbol: str, duty: str, link: bool) -> None:
        """Show a sentence.

        Args:
            text: the sentence.
            symbol: name of the icon.
            duty: which of the theme's colours the icon has, such as ``error``.
            link: whether a click leads somewhere.
        """
        if (text, symbol, duty, link) == (self.text(), self._symbol, self._duty, self.is_link):
            return
        self._symbol, self._duty, self.is_link = symbol, duty, link
        self.setText(text)
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if link else Qt.FocusPolicy.NoFocus)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all lines."""
        return QSize(120, round(self.LINES * QFontMetricsF(ui_font(SMALL_SIZE)).lineSpacing()) + 2 * _PAD)

    def lines(self) -> list[str]:
        """The sentence as it is broken, the last line shortened where it does not fit."""
        font, room = ui_font(SMALL_SIZE), max(self.width() - _ICON - _GAP - 2 * _PAD, 20)
        layout = QTextLayout(self.text(), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        starts: list[int] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            starts.append(line.textStart())
        layout.endLayout()
        ends = [*starts[1:], len(self.text())]
        found = [self.text()[start:end].rstrip() for start, end in zip(starts, ends, strict=True)]
        if len(found) <= self.LINES:
            return found
        rest = self.text()[starts[self.LINES - 1] :]
        last = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, room)
        return [*found[: self.LINES - 1], last]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw icon and lines."""
        theme, font = current_theme(), ui_font(SMALL_SIZE)
        if self.is_link and self.underMouse():
            font.setUnderline(True)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        metrics, lines = QFontMetricsF(font), self.lines()
        top = (self.height() - len(lines) * metrics.lineSpacing()) / 2
        icon(self._symbol, getattr(theme, self._duty)).paint(
            painter, _PAD, round(top + (metrics.lineSpacing() - _ICON) / 2), _ICON, _ICON
        )
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        for place, text in enumerate(lines):
            base = top + place * metrics.lineSpacing() + metrics.ascent()
            painter.drawText(QPointF(_PAD + _ICON + _GAP, base), text)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show under the pointer that a click leads somewhere."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)
