"""One calm line above the canvas for what went wrong or well."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from designer.icons import icon
from designer.text import tr
from designer.theme import current_theme, set_kind

#: How long good news stay (ms); bad news stay until they are closed.
NEWS = 6000
ICONS = {"error": "alert-circle-outline", "warning": "alert-outline", "success": "check-circle-outline"}


class MessageBar(QFrame):
    """Shows one message at a time: closable, copyable, never in the way.

    Attributes:
        acted: the button of a message was pressed that brought no deed of its own.
    """

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.setAccessibleName(tr("Message"))
        self.severity = "success"
        self._deed: Callable[[], None] | None = None
        self._icon = QLabel()
        self._text = _sentence()
        self._action = QPushButton()
        self._action.setObjectName("message-action")
        self._action.hide()
        self._action.clicked.connect(self._act)
        self._copy = self._tool("message-copy", tr("Copy"), tr("Copy the message to the clipboard."), self._copy_text)
        self._close = self._tool("message-close", tr("Close"), tr("Close this message."), self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._copy)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def show_message(
        self,
        text: str,
        severity: str = "error",
        action: str = "",
        tip: str = "",
        deed: Callable[[], None] | None = None,
    ) -> None:
        """Show a sentence in place of the one before.

        Args:
            text: what happened and what to do.
            severity: ``error``, ``warning`` or ``success``; the last goes by itself.
            action: label of a button, or nothing.
            tip: what the button does; without a button, more about the sentence.
            deed: called when the button is pressed, instead of ``acted``.
        """
        self.severity = severity
        self._deed = deed
        self._text.setText(text)
        self._action.setText(action)
        self._action.setToolTip(tip)
        self._text.setToolTip("" if action else tip)
        self._action.setVisible(bool(action))
        self._copy.setVisible(severity != "success")
        self._dress()
        self.show()
        self._timer.stop()
        if severity == "success" and not action:
            self._timer.start(NEWS)

    def hideEvent(self, event: QEvent) -> None:
        """Forget the time limit of a message that was closed."""
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _tool(self, name: str, text: str, tip: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        set_kind(button, "quiet")
        button.clicked.connect(slot)
        return button

    def _dress(self) -> None:
        theme = current_theme()
        color = getattr(theme, self.severity)
        ground = {"error": theme.error_ground, "warning": theme.warning_ground}.get(self.severity, theme.raised)
        sheet = f"#message-bar {{ background: {ground}; border: none; border-bottom: 1px solid {theme.line}; }}"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)
        self._icon.setPixmap(icon(ICONS[self.severity], color).pixmap(18, 18))

    def _act(self) -> None:
        deed = self._deed
        self.hide()
        if deed is not None:
            deed()
        else:
            self.acted.emit()

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text)


def _sentence() -> QLabel:
    label = QLabel()
    label.setObjectName("message-text")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label
