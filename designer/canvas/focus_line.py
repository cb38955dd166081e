"""A line at the canvas's upper edge while the keyboard came there by key, so that one sees where keys go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from designer.theme import current_theme

#: Its height (px).
_HEIGHT = 2
#: Ways of coming back: the line is as it was before.
_BACK = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


class FocusLine(QWidget):
    """Tells that a widget has the keyboard; after a click it stays away, for then one knows.

    Args:
        place: the widget, over whose upper edge it lies.
    """

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self._by_key = False
        self.setObjectName("focus-line")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        place.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keyboard came or went, or the widget's size changed."""
        if isinstance(event, QFocusEvent):
            if event.gotFocus() and event.reason() not in _BACK:
                self._by_key = event.reason() != Qt.FocusReason.MouseFocusReason
            self.setVisible(event.gotFocus() and self._by_key)
            self.raise_()
        elif event.type() == QEvent.Type.Resize:
            self.setGeometry(0, 0, self._place.width(), _HEIGHT)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the colour of what matters now."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(current_theme().accent))
        painter.end()
