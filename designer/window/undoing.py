"""The keys of undo and redo reach the document wherever the keyboard is."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDockWidget, QLineEdit, QWidget


class UndoKeys(QObject):
    """Hands undo and redo from a panel's field on to the window's commands, unless the field can use them itself.

    Qt's text fields claim these keys also when they have nothing to take back.

    Args:
        window: whose panels are watched.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now if now is not None and self._is_in_panel(now) and _line(now) is not None else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _is_in_panel(self, widget: QWidget) -> bool:
        place: QWidget | None = widget
        while place is not None and not isinstance(place, QDockWidget):
            place = place.parentWidget()
        return place is not None and self._window.isAncestorOf(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the key to the window's shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = (event.matches(key) for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo))
            if (undo or redo) and isinstance(watched, QWidget) and not _can_use(watched, undo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _line(widget: QWidget) -> QLineEdit | None:
    """The line of text in which a widget lets one write, if it does."""
    if isinstance(widget, QLineEdit):
        return widget
    return widget.lineEdit() if isinstance(widget, QComboBox | QAbstractSpinBox) else None


def _can_use(widget: QWidget, undo: bool) -> bool:
    """Whether a field has text changes of its own to take back, or to do again."""
    line = _line(widget)
    if line is None:
        return False
    # What is written like the chosen row has been taken over: it is the document's to undo.
    if isinstance(widget, QComboBox) and line.text() == widget.itemText(widget.currentIndex()):
        return False
    return line.isUndoAvailable() if undo else line.isRedoAvailable()
