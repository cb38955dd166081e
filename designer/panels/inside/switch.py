"""A few choices side by side, one of which is taken."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from designer.theme import set_kind


class Switch(QWidget):
    """Buttons of which one is down.

    Args:
        name: object name; the buttons add their keys to it.
        choices: (key, text, tooltip) of each.

    Attributes:
        chosen: emitted with the place of another choice.
    """

    chosen = Signal(int)

    def __init__(self, name: str, choices: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__()
        self.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        for place, (key, text, tip) in enumerate(choices):
            button = QPushButton(text)
            button.setObjectName(f"{name}-{key}")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            set_kind(button, "quiet")
            self._group.addButton(button, place)
            layout.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(lambda place, down: self.chosen.emit(place) if down else None)

    @property
    def place(self) -> int:
        """Which choice is taken."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Take a choice."""
        self._group.button(place).setChecked(True)
