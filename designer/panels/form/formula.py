"""Editors of formulas, of the names in them, and of the numbers that have names."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from designer.panels.form.icon_button import IconButton
from designer.panels.form.limits import value_text
from designer.panels.form.line import LineEditor
from designer.text import tr
from engine.expression.functions import FUNCTIONS


class FormulaEditor(LineEditor):
    """A formula: a line that says at once what is wrong, and a list of the functions there are."""

    wide = True

    def build(self) -> None:
        """The line and the button with the functions."""
        self.functions = IconButton("function-variant", tr("Functions that a formula knows: click to insert one."))
        self.functions.setObjectName(f"{self._name}-functions")
        self.functions.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.functions)
        menu.setToolTipsVisible(True)
        for name, function in FUNCTIONS.items():
            action = menu.addAction(function.takes)
            action.setToolTip(tr(function.help))
            action.triggered.connect(lambda _checked=False, name=name: self.insert(name))
        self.functions.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.functions)

    def insert(self, name: str) -> None:
        """Write a function at the cursor, around what is selected."""
        chosen = self.line.selectedText()
        takes = FUNCTIONS[name].takes
        written = takes.replace("x", chosen, 1) if chosen and f"{name}(x" in takes else takes
        self.line.insert(written)
        self.line.setFocus()
        self.line.textEdited.emit(self.line.text())

    def tab_stops(self) -> list[Any]:
        return [self.line, self.functions]


class NamesEditor(LineEditor):
    """Names in order: ``x, gate``."""

    def write(self, value: Any) -> str:
        return ", ".join(value)


class NamedNumbersEditor(LineEditor):
    """Numbers with names: ``theta = -5, a1 = 0.2``."""

    def write(self, value: Any) -> str:
        return ", ".join(f"{name} = {value_text(number)}" for name, number in value)
