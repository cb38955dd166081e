"""A hand on mouse and keyboard: it posts events to the real window and waits for what follows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent, QWindow
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
#: How often a condition is looked at (ms).
LOOK = 10
#: How long something is waited for unless told (s): what takes a moment takes many on a machine that computes beside.
PATIENCE = 60.0


class TourError(Exception):
    """Something did not happen as it should."""


class Hand:
    """Works a window as a person would: nothing but posted mouse, wheel and key events.

    Args:
        window: the main window; dialogs and pop-ups over it are found by themselves.
    """

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self._at = QPoint()

    # -- looking -------------------------------------------------------------------------------------

    def find(self, name: str) -> QWidget:
        """The visible widget with an object name.

        Raises:
            TourError: there is none.
        """
        for top in (QApplication.activeModalWidget(), self.window, *QApplication.topLevelWidgets()):
            if top is None:
                continue
            for widget in (top, *top.findChildren(QWidget, name)):
                if widget.objectName() == name and widget.isVisible():
                    return widget
        raise TourError(f"there is no '{name}' on the screen")

    def shows(self, name: str) -> bool:
        """Whether a widget with this object name is on the screen."""
        try:
            self.find(name)
        except TourError:
            return False
        return True

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Let the window live until a condition holds.

        Raises:
            TourError: it did not hold in time.
        """
        loop = QEventLoop()
        late = QTimer(singleShot=True)
        late.timeout.connect(lambda: loop.exit(1))
        look = QTimer(interval=LOOK)
        look.timeout.connect(lambda: loop.exit(0) if condition() else None)
        late.start(int(seconds * 1000))
        look.start()
        code = 0 if condition() else loop.exec()
        look.stop()
        late.stop()
        if code:
            raise TourError(f"{what} did not happen within {seconds:g} seconds")

    def rest(self, milliseconds: int = 30) -> None:
        """Let the window live for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    # -- mouse ---------------------------------------------------------------------------------------

    def click(self, name: str) -> None:
        """Click the middle of a widget."""
        self.click_at(self.centre(name))

    def double_click(self, name: str) -> None:
        """Double-click the middle of a widget."""
        self.double_click_at(self.centre(name))

    def click_at(self, place: QPoint) -> None:
        """Click at a place of the screen."""
        self._move(place)
        self._press(place)
        self._release(place)
        self.rest()

    def double_click_at(self, place: QPoint) -> None:
        """Double-click at a place of the screen."""
        self._move(place)
        self._press(place)
        self._release(place)
        self._mouse(QEvent.Type.MouseButtonDblClick, place, LEFT, LEFT)
        self._release(place)
        self.rest()

    def drag(self, start: QPoint, end: QPoint, steps: int = 10) -> None:
        """Press at one place of the screen, move, and release at another."""
        self._move(start)
        self._press(start)
        self.rest()
        for step in range(1, steps + 1):
            x = start.x() + (end.x() - start.x()) * step / steps
            y = start.y() + (end.y() - start.y()) * step / steps
            self._mouse(QEvent.Type.MouseMove, QPoint(round(x), round(y)), Qt.MouseButton.NoButton, LEFT)
            self.rest(12)
        self._release(end)
        self.rest()

    def centre(self, name: str) -> QPoint:
        """The middle of a widget on the screen, scrolled into sight first."""
        widget = self.find(name)
        self._reveal(widget)
        return widget.mapToGlobal(widget.rect().center())

    def _reveal(self, widget: QWidget) -> None:
        area = widget.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is None:
            return
        view = area.viewport()
        for _ in range(60):
            middle = widget.mapTo(view, widget.rect().center()).y()
            if middle - widget.height() // 2 >= 0 and middle + widget.height() // 2 <= view.height():
                return
            self._wheel(view.mapToGlobal(QPoint(4, 4)), -120 if middle > view.height() // 2 else 120)
            self.rest(10)

    def _wheel(self, place: QPoint, turn: int) -> None:
        target = self._target()
        event = QWheelEvent(
            QPointF(target.mapFromGlobal(place)),
            QPointF(place),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.postEvent(target, event)

    def _move(self, place: QPoint) -> None:
        self._mouse(QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)

    def _press(self, place: QPoint) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, place, LEFT, LEFT)

    def _release(self, place: QPoint) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, place, LEFT, Qt.MouseButton.NoButton)

    def _mouse(self, kind: QEvent.Type, place: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        target = self._target()
        local = QPointF(target.mapFromGlobal(place))
        QCoreApplication.postEvent(target, QMouseEvent(kind, local, QPointF(place), button, held, NONE))

    # -- keyboard ------------------------------------------------------------------------------------

    def type_text(self, text: str) -> None:
        """Type characters, one key after another."""
        for character in text:
            self._key(Qt.Key(ord(character.upper())) if character.isascii() else Qt.Key.Key_unknown, NONE, character)
        self.rest()

    def press(self, keys: str) -> None:
        """Press a key or a combination such as ``Ctrl+S``."""
        combination = QKeySequence(keys)[0]
        text = chr(combination.key()) if combination.key() < 0x80 and combination.keyboardModifiers() == NONE else ""
        self._key(combination.key(), combination.keyboardModifiers(), text.lower())
        self.rest()

    def replace_text(self, name: str, text: str) -> None:
        """Click a field, replace what it holds and confirm."""
        self.click(name)
        self.press("Ctrl+A")
        self.type_text(text)
        self.press("Return")

    def _key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(self._target(), QKeyEvent(kind, key, modifiers, text))

    def _target(self) -> QWindow:
        # Qt leads events of a window on to the pop-up over it.
        widget = QApplication.activeModalWidget() or self.window
        if QApplication.activeWindow() is not widget and QApplication.activePopupWidget() is None:
            widget.activateWindow()  # what a window manager does when a dialog closes
            self.rest()
        handle = widget.windowHandle()
        if handle is None:
            raise TourError(f"'{widget.objectName()}' is not on the screen")
        return handle
