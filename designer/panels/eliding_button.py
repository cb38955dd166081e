"""A button that shortens its text rather than make its panel wider."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

#: Letters that are left of the text at least.
_LEAST = 8


class ElidingButton(QPushButton):
    """Shows as much of its text as fits, and all of it as the first line of its tooltip where something is missing.

    Args:
        text: what is written on it.
        tip: teaches what happens.
    """

    def __init__(self, text: str, tip: str) -> None:
        super().__init__(text)
        self._tip = tip
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def shown_text(self) -> str:
        """What of the text can be read."""
        room = self.width() - self._frame()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, room))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        least = self._frame() + self.fontMetrics().averageCharWidth() * _LEAST
        return QSize(min(hint.width(), least), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.shown_text
        cut = option.text != self.text()
        self.setToolTip(f"{self.text()}\n{self._tip}" if cut else self._tip)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _frame(self) -> int:
        """Width of everything that is not text."""
        return self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
