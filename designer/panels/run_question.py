"""Start over? Asked in place, where the figures stood."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.text import tr
from designer.theme import SMALL_SIZE, set_kind, ui_font


class StartOverQuestion(QWidget):
    """Asks before the weights of a run are put aside.

    Attributes:
        confirmed: emitted when the run is to start over.
        dismissed: emitted when it is to stay.
    """

    confirmed = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel(tr("Start over with fresh weights?"), self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(heading, "heading")
        text = QLabel(
            tr("The network forgets what it learnt. The curves of this run stay in the plots, and until you train "
               "again you can bring everything back."),
            self,
        )  # fmt: skip
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setFont(ui_font(SMALL_SIZE))
        self._yes = QPushButton(tr("Start over"), self)
        self._yes.setObjectName("start-over-yes")
        self._yes.setToolTip(tr("Put the weights aside; the next training begins with fresh ones."))
        self._yes.clicked.connect(self.confirmed)
        self._no = QPushButton(tr("Keep"), self)
        self._no.setObjectName("start-over-no")
        self._no.setToolTip(tr("Change nothing (Esc)."))
        self._no.clicked.connect(self.dismissed)
        buttons = QHBoxLayout()
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(text)
        column.addLayout(buttons)
        column.addStretch(1)
        self._dress()

    def focus(self) -> None:
        """Put the keyboard on the harmless answer."""
        self._no.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape changes nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self._yes.setIcon(icon("restart"))
        self._no.setIcon(icon("check"))
