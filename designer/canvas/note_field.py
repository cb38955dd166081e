"""The field in which a note is written, right where it lies."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFocusEvent, QKeyEvent, Qt, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from designer.text import tr


class NoteField(QPlainTextEdit):
    """Leaving the field or Ctrl+Enter keeps the text, Escape does not; it deletes itself afterwards.

    Args:
        parent: over which it lies.
        text: what stands in it at first.
        limit: characters at most.
        full: called when more were typed or pasted.
        done: called with the text when it is kept.
    """

    def __init__(
        self, parent: QWidget, text: str, limit: int, full: Callable[[], None], done: Callable[[str], None]
    ) -> None:
        super().__init__(text, parent)
        self._limit = limit
        self._full = full
        self._done: Callable[[str], None] | None = done
        self.setObjectName("note-field")
        self.setAccessibleName(tr("Note"))
        self.setToolTip(
            tr("What you want to remember here. Ctrl+Enter or a click elsewhere keeps it, Escape does not.")
        )
        self.setPlaceholderText(tr("Write a note …"))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.textChanged.connect(self._keep_short)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter keeps, Escape drops."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_field(keep=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.close_field(keep=True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving keeps the text, except for a menu of the field itself."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_field(keep=True)

    def close_field(self, keep: bool) -> None:
        """End writing; once."""
        done, self._done = self._done, None
        if done is None:
            return
        parent, had = self.parentWidget(), self.hasFocus()
        self.hide()
        self.deleteLater()
        if parent is not None and had:
            parent.setFocus()
        if keep:
            done(self.toPlainText())

    def _keep_short(self) -> None:
        text = self.toPlainText()
        if len(text) > self._limit:
            self.setPlainText(text[: self._limit])
            self.moveCursor(QTextCursor.MoveOperation.End)
            self._full()
