"""One picture as large as the panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.panels.inside.plate import Plate
from designer.panels.inside.words import Words
from designer.text import tr
from designer.theme import set_kind


class BigView(QWidget):
    """Mirrors a plate, live; Esc or the button goes back.

    Attributes:
        left: emitted when somebody wants to go back.
        plate: the large picture.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-big")
        self._source: Plate | None = None
        self.plate = Plate("inside-big-picture", tr("Esc or a double-click goes back."), tr("Enlarged picture"))
        self.plate.enlarged.connect(self.left)
        self.plate.pressed.connect(lambda x, y: self._source.pressed.emit(x, y) if self._source else None)
        self.plate.stepped.connect(lambda x, y: self._source.stepped.emit(x, y) if self._source else None)
        self.back = QPushButton(tr("Back"))
        self.back.setObjectName("inside-back")
        self.back.setToolTip(tr("Back to the whole panel (Esc)."))
        self.back.setIcon(icon("arrow-left"))
        set_kind(self.back, "quiet")
        self.back.clicked.connect(self.left)
        self.words = Words("inside-big-words", "text")
        self.plate.pointed.connect(self.words.tell)
        self.save = QPushButton(tr("Save picture…"))
        self.save.setObjectName("inside-big-save")
        self.save.setToolTip(tr("Writes the picture as a PNG file."))
        set_kind(self.save, "quiet")
        self.save.clicked.connect(self.plate.ask_where)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.words, 1)
        head.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.plate, 1)

    def open(self, source: Plate) -> None:
        """Show what a plate shows, as long as this is open."""
        self.close_view()
        self._source = source
        source.changed.connect(self._mirror)
        self._mirror()
        self.plate.setFocus()

    def close_view(self) -> None:
        """Let go of the plate; it gets the keyboard back."""
        if self._source is not None:
            self._source.changed.disconnect(self._mirror)
            self._source.setFocus()
            self._source = None
        self.plate.show_picture(None)

    def _mirror(self) -> None:
        if self._source is not None:
            self.plate.show_picture(self._source.picture, self._source.hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
