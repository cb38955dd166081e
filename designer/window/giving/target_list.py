"""The list of export targets: a radio button and an explanation each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from designer.text import tr
from designer.theme import plain_label, set_kind
from designer.window.giving.exporter import Prospect
from engine.exchange.target import Target


class TargetList(QWidget):
    """Lets one target be chosen.

    Attributes:
        chosen: emitted with the ``Target``.
    """

    chosen = Signal(object)

    def __init__(self, targets: tuple[Target, ...]) -> None:
        super().__init__()
        self._targets = targets
        self._group = QButtonGroup(self)
        self._texts: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for place, target in enumerate(targets):
            button = QRadioButton(tr(target.title))
            button.setObjectName(f"export-{target.key}")
            button.setToolTip(tr(target.help))
            self._group.addButton(button, place)
            text = plain_label(tr(target.help), "small")
            text.setContentsMargins(26, 0, 0, 8)
            self._texts[target.key] = text
            column.addWidget(button)
            column.addWidget(text)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._targets[place]))

    @property
    def target(self) -> Target | None:
        """The chosen one."""
        place = self._group.checkedId()
        return self._targets[place] if place >= 0 else None

    def choose(self, key: str) -> None:
        """Choose a target by its key."""
        for place, target in enumerate(self._targets):
            if target.key == key:
                self._group.button(place).setChecked(True)
                self.setFocusProxy(self._group.button(place))

    def show_prospects(self, prospects: tuple[Prospect, ...]) -> None:
        """Mark those that cannot take the network; they can still be chosen, to read why."""
        for prospect in prospects:
            text = self._texts[prospect.target.key]
            text.setText(tr("Cannot take this network.") if prospect.obstacles else tr(prospect.target.help))
            set_kind(text, "error" if prospect.obstacles else "small")
