"""A list to choose from: buttons with a line of explanation each, under headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QWidget

from designer.icons import icon
from designer.theme import plain_label

#: Space between columns, and between an explanation and the next button (px).
GAP, AFTER = 12, 8


@dataclass(frozen=True)
class Choice:
    """One of the things to choose from.

    Attributes:
        key: what the receiver gets.
        title: text of its button.
        help: what it is; below the button, and its tooltip.
        heading: what it stands under; empty for none.
        icon: name of its picture; empty for none.
    """

    key: str
    title: str
    help: str
    heading: str = ""
    icon: str = ""


class Choices(QScrollArea):
    """Choices side by side in columns; scrolls where there are more than fit.

    Args:
        prefix: object names of the buttons are ``<prefix>-<key>``.
        chosen: called with the key of a button that is pressed.
    """

    def __init__(self, prefix: str, chosen: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._chosen = chosen
        self._pictures: list[tuple[QPushButton, str]] = []
        self.buttons: list[QPushButton] = []
        self._content = QWidget()
        self._content.setObjectName("scroll-content")
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, GAP, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(4)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def offer(self, choices: Sequence[Choice], columns: int = 1) -> None:
        """Show other choices."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons, self._pictures = [], []
        row = 0
        for heading, members in groupby(choices, key=lambda choice: choice.heading):
            if heading:
                self._grid.addWidget(plain_label(heading, "heading"), row, 0, 1, columns)
                row += 1
            for place, choice in enumerate(members):
                if place and place % columns == 0:
                    row += 2
                self._put(choice, row, place % columns)
            row += 2
        for column in range(max(columns, self._grid.columnCount())):  # a grid remembers columns of earlier choices
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.verticalScrollBar().setValue(0)
        self._dress()

    def height_for(self, width: int) -> int:
        """How high it would have to be to show everything."""
        inner = width - self.verticalScrollBar().sizeHint().width()
        return self._grid.heightForWidth(inner) if self._grid.hasHeightForWidth() else self._grid.sizeHint().height()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_pictures"):
            self._dress()

    def _put(self, choice: Choice, row: int, column: int) -> None:
        button = QPushButton(choice.title)
        button.setObjectName(f"{self._prefix}-{choice.key}")
        button.setToolTip(choice.help)
        button.setAccessibleDescription(choice.help)
        button.setAutoDefault(True)
        button.setProperty("choice", True)
        button.setIconSize(QSize(18, 18))
        button.clicked.connect(lambda _checked=False, key=choice.key: self._chosen(key))
        self.buttons.append(button)
        self._pictures.append((button, choice.icon))
        explained = plain_label(choice.help, "small")
        explained.setContentsMargins(4, 0, 4, AFTER)
        explained.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(button, row, column)
        self._grid.addWidget(explained, row + 1, column)

    def _dress(self) -> None:
        for button, picture in self._pictures:
            if picture:
                button.setIcon(icon(picture))
