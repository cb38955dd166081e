"""The editor of a learning rate: a number, or a schedule with its own fields."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from designer.panels.form.edit import Edit
from designer.panels.form.limits import teaching
from designer.panels.form.line import NumberEditor
from designer.panels.form.slot import Nest, formula
from designer.panels.form.start import first_value
from designer.text import tr
from engine.component import Component, parameters, registry


class NumberOrSlotEditor(NumberEditor):
    """A number or a component's name; the component's parameters follow indented under the field."""

    def build(self) -> None:
        super().build()
        self._kind = str(getattr(self.parameter.constraint, "kind", ""))
        self._class: type[Component] | None = None
        self.below = Nest()

    def _teach(self, value: Any) -> None:
        names = ", ".join(sorted(tr(cls.title) for cls in registry(self._kind)))
        chosen = f"{tr(value.title)}: {formula(type(value))}\n\n" if isinstance(value, Component) else ""
        others = tr("Or write the name of a schedule that changes it while training goes on: {names}.", names=names)
        self.line.setToolTip(f"{chosen}{teaching(self.parameter)}\n\n{others}")

    def parse(self, text: str) -> Any:
        number = super().parse(text)
        if isinstance(number, float):
            return number
        wanted = _plain(text)
        for cls in registry(self._kind):
            if wanted in (_plain(cls.key), _plain(cls.title)):
                # The same name again must not throw its parameters away.
                return self._value if isinstance(self._value, cls) else first_value(cls)
        return text

    def tab_stops(self) -> list[QWidget]:
        assert isinstance(self.below, Nest)
        return [self.line, *self.below.tab_stops()]

    def show_value(self, value: Any) -> None:
        super().show_value(value)
        assert isinstance(self.below, Nest)
        cls = type(value) if isinstance(value, Component) else None
        if cls is not self._class:
            self._class = cls
            form = None
            if cls is not None and parameters(cls):
                form = self._make_form(cls, self._name, self._depth + 1)
                form.edited.connect(self._edited_inside)
                form.dropped.connect(self.dropped)
            self.below.hold(form, with_curve=False)
        self.below.show_component(value)
        self._teach(value)

    def _edited_inside(self, edit: Edit) -> None:
        self.edited.emit(edit)


def _plain(text: str) -> str:
    """A name without the marks that its spellings differ in."""
    return "".join(letter for letter in text.lower() if letter.isalnum())
