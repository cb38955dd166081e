"""Where the keyboard goes: back to where it was, or on to the canvas; and Enter on every button."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QWidget

from designer.model.document import Document


def give_back(before: QWidget | None) -> None:
    """Let a widget have the keyboard again, unless it is gone or hidden by now."""
    # Panels are filled anew while something else is asked; then Python still holds what Qt has deleted.
    if before is not None and shiboken6.isValid(before) and before.isVisible():
        before.setFocus(Qt.FocusReason.OtherFocusReason)


class Keyboard(QObject):
    """What keys do that nobody else wanted, and where the keyboard goes when what had it is gone.

    Enter presses the button that has the keyboard; Escape leads from a field to the canvas, once the field and its
    list have nothing to take back. After a remedy the canvas has the keyboard, for its button is gone.

    Args:
        window: whose keys they are.
        canvas: where keys go on.
        document: in which remedies are carried out.
    """

    def __init__(self, window: QWidget, canvas: QWidget, document: Document) -> None:
        super().__init__(window)
        self._window, self._canvas = window, canvas
        window.installEventFilter(self)
        document.mended.connect(self._return)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what came as far as the window."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        place = self._window.focusWidget()
        if place is None or place is self._canvas or not self._window.isAncestorOf(place):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(place, QAbstractButton) and not isinstance(place, QCheckBox | QRadioButton):
                place.click()
                return True
        elif event.key() == Qt.Key.Key_Escape:
            self._return()
            return True
        return False

    def _return(self) -> None:
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
