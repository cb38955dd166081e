"""One line of text that is shortened where it does not fit, and never moves what is around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.theme import SMALL_SIZE, current_theme, ui_font


class Words(QWidget):
    """A line in the small font.

    Args:
        name: object name.
        duty: which of the theme's colours it has.
        strong: semi-bold, in the normal size.
    """

    def __init__(self, name: str, duty: str = "muted", strong: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._font = ui_font(strong=True) if strong else ui_font(SMALL_SIZE, tabular=True)
        self._duty = duty
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, text: str, duty: str | None = None) -> None:
        """Show a text."""
        if text != self.text or (duty is not None and duty != self._duty):
            self.text, self._duty = text, duty or self._duty
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self._font).height() + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(getattr(current_theme(), self._duty)))
        text = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
