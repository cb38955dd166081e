"""Where the window stands: as it was left, and never larger than the screen has room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimerEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from designer.window.settings import bytes_setting

#: How often, and at what distance (ms), the frame is looked at after the window was shown: window managers
#: add it some time later.
LOOKS, DISTANCE = 10, 60
#: Platforms without a screen that anybody looks at: whoever shows a window there chooses its size.
UNSEEN = ("offscreen", "minimal")


class Seat(QObject):
    """Gives a window its size and place, and makes room for the frame that a window manager draws around it.

    Args:
        window: a window that has not been shown yet.
        size: its size at the first start.
        fits: whether it is made to fit the screen; by default wherever there is one to look at.
    """

    def __init__(self, window: QWidget, size: QSize, fits: bool | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._looks = self._timer = 0
        window.resize(size)
        geometry = bytes_setting("geometry")
        if geometry is not None:
            window.restoreGeometry(geometry)
        if fits if fits is not None else QGuiApplication.platformName() not in UNSEEN:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the frame once the window is shown."""
        if event.type() == QEvent.Type.Show and watched is self._window and not event.spontaneous():
            self._window.removeEventFilter(self)
            self._timer = self.startTimer(DISTANCE)
        return False

    def timerEvent(self, event: QTimerEvent) -> None:
        """Look once more."""
        self._looks += 1
        if self._looks >= LOOKS:
            self.killTimer(self._timer)
        self._fit()

    def _fit(self) -> None:
        window = self._window
        if window.isMaximized() or window.isFullScreen() or window.isMinimized():
            return
        wanted = fitted(window.geometry(), window.frameGeometry(), window.screen().availableGeometry())
        if wanted != window.geometry():
            window.setGeometry(wanted)


def fitted(inner: QRect, framed: QRect, room: QRect) -> QRect:
    """The place of a window's inside with which its frame stands within the screen.

    Args:
        inner: the window without its frame.
        framed: with it.
        room: what the screen has free.
    """
    extra = framed.size() - inner.size()
    size = inner.size().boundedTo(room.size() - extra)
    corner, offset = framed.topLeft(), inner.topLeft() - framed.topLeft()
    last = room.bottomRight() - QRect(corner, size + extra).bottomRight() + corner
    corner.setX(max(room.left(), min(corner.x(), last.x())))
    corner.setY(max(room.top(), min(corner.y(), last.y())))
    return QRect(corner + offset, size)
