"""What an empty canvas says: how to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.text import tr
from designer.theme import current_theme, set_kind


@dataclass(frozen=True)
class Template:
    """A network to begin with.

    Attributes:
        id: part of the button's object name: ``template-<id>``.
        title: text of the button.
        help: its tooltip.
    """

    id: str
    title: str
    help: str


class EmptyHint(QWidget):
    """A calm sentence in the middle, and buttons for ready-made networks."""

    def __init__(self, parent: QWidget, chosen: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._area = parent
        self.setObjectName("canvas-hint")
        self._chosen = chosen
        self._picture = QLabel(self)
        self._title = _line(tr("Drag an Input here to begin"), "title")
        self._text = _line(tr("Then add layers below it and connect them from top to bottom."), "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        # The size follows fonts and buttons, which are known late.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        for widget in (self._picture, self._title, self._text):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._buttons)
        self._dress()

    def set_templates(self, templates: Sequence[Template]) -> None:
        """Offer other networks to begin with."""
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._buttons.addStretch(1)
        for template in templates:
            button = QPushButton(template.title, self)
            button.setObjectName(f"template-{template.id}")
            button.setToolTip(template.help)
            button.clicked.connect(lambda _checked=False, key=template.id: self._chosen(key))
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.centre()

    def centre(self) -> None:
        """Go to the middle of the parent."""
        area = self._area.rect()
        self.move((area.width() - self.width()) // 2, (area.height() - self.height()) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay in the middle."""
        super().resizeEvent(event)
        self.centre()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_buttons"):
            self._dress()

    def _dress(self) -> None:
        self._picture.setPixmap(icon("mdi6.gesture-tap-hold", current_theme().muted).pixmap(QSize(40, 40)))


def _line(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_kind(label, kind)
    return label
