"""The field in which a node is renamed, right on its card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QFocusEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from designer.text import tr

#: Longest name that is typed unless another limit is given.
LIMIT = 60


class RenameField(QLineEdit):
    """Enter or leaving the field renames, Escape does not; it deletes itself afterwards.

    Args:
        parent: over which it lies.
        place: where, in pixels of the parent.
        name: what stands in it at first; it is never cut, even if it is longer than the limit.
        done: called with the name when it is kept.
        limit: characters at most.
    """

    def __init__(
        self, parent: QWidget, place: QRect, name: str, done: Callable[[str], None], limit: int = LIMIT
    ) -> None:
        super().__init__(name, parent)
        self._done: Callable[[str], None] | None = done
        self.setObjectName("node-rename")
        # The cursor stands at the end: its place is the length as Qt counts it.
        self.setMaxLength(max(limit, self.cursorPosition()))
        self.setToolTip(tr("The layer's name on the canvas. Enter keeps it, Escape does not."))
        self.setGeometry(place)
        self.selectAll()
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Escape drops."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_field(keep=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_field(keep=True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving keeps the name, except for a menu of the field itself."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_field(keep=True)

    def close_field(self, keep: bool) -> None:
        """End renaming; once."""
        done, self._done = self._done, None
        if done is None:
            return
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus()
        if keep:
            done(self.text())
