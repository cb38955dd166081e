"""A sentence near the pointer that goes by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

_LIFETIME_MS = 6000
_WIDTH = 280


class PointerMessage(QLabel):
    """Plain text on a raised ground, kept inside its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._at = QPoint()
        self.setObjectName("canvas-message")
        self.setProperty("kind", "card")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(8)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, at: QPoint) -> None:
        """Show a sentence beside a point of the parent; an empty one hides it."""
        if not text:
            self._timer.stop()
            self.hide()
            return
        # A shape must not be torn apart where the line ends.
        text = text.replace(" × ", "\u00a0×\u00a0")
        if text != self.text() or not self.isVisible():
            self.setText(text)
            self.setFixedWidth(min(_WIDTH, self.fontMetrics().horizontalAdvance(text) + 30))
            self.adjustSize()
        self._place(at)
        self.show()
        self.raise_()
        self._timer.start(_LIFETIME_MS)

    def _place(self, at: QPoint) -> None:
        self._at = at
        area = self._area.rect()
        x = min(at.x() + 18, area.right() - self.width() - 8)
        y = at.y() + 20 if at.y() + 28 + self.height() < area.bottom() else at.y() - self.height() - 12
        self.move(max(8, x), max(8, y))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay inside when the parent becomes smaller."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place(self._at)
        return super().eventFilter(watched, event)
