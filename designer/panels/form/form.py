"""The form of a declaration, made from its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.panels.form.choice import ChoiceEditor, FlagEditor
from designer.panels.form.edit import Edit, common
from designer.panels.form.editor import Editor
from designer.panels.form.formula import FormulaEditor, NamedNumbersEditor, NamesEditor
from designer.panels.form.icon_button import IconButton
from designer.panels.form.line import AnyEditor, NumberEditor, TextEditor, WholesEditor
from designer.panels.form.rate import NumberOrSlotEditor
from designer.panels.form.row import Row
from designer.panels.form.slot import SlotEditor
from designer.panels.form.slots import SlotsEditor
from designer.panels.form.whole import WholeEditor
from designer.text import tr
from designer.theme import plain_label, set_kind
from engine.component import Component, NumberOrSlot, Parameter, Slot, Slots, parameters
from engine.constraints import Choice, Constraint, Flag, Number, Text, Whole, Wholes
from engine.errors import LayerloomError, ParameterError
from engine.expression.rules import FormulaText, Name, NamedNumbers, Names

#: Which editor serves which constraint; a constraint's base class counts when it has no row itself.
EDITORS: dict[type[Constraint], type[Editor]] = {
    Whole: WholeEditor,
    Number: NumberEditor,
    Flag: FlagEditor,
    Choice: ChoiceEditor,
    Text: TextEditor,
    Wholes: WholesEditor,
    Slot: SlotEditor,
    Slots: SlotsEditor,
    NumberOrSlot: NumberOrSlotEditor,
    FormulaText: FormulaEditor,
    NamedNumbers: NamedNumbersEditor,
    Names: NamesEditor,
    Name: TextEditor,
}

#: A heading and the names of the parameters under it; the rest follow under the last one.
Section = tuple[str, tuple[str, ...]]


def editor_class(rule: Constraint) -> type[Editor]:
    """The editor of a constraint; plain text or JSON where a plug-in brings a rule of its own."""
    return next((EDITORS[kind] for kind in type(rule).__mro__ if kind in EDITORS), AnyEditor)


def make_form(cls: type[Component], prefix: str = "param", depth: int = 0) -> Form:
    """The form of a component class."""
    return Form(parameters(cls), prefix, depth)


class Form(QWidget):
    """Fields for the parameters of one or several targets.

    Args:
        declared: the parameters, in order.
        prefix: start of the object names: ``param`` gives ``param-units``.
        depth: how deep this form is nested in another one.
        sections: headings; none by default.
        editors: editors by parameter name, where the constraint alone does not tell (paths).
    """

    #: An :class:`Edit` that every target accepts.
    edited = Signal(object)
    #: An editor's ``dropped``.
    dropped = Signal(str)

    def __init__(
        self,
        declared: Sequence[Parameter],
        prefix: str = "param",
        depth: int = 0,
        sections: Sequence[Section] = (),
        editors: Mapping[str, type[Editor]] | None = None,
    ) -> None:
        super().__init__()
        self._targets: tuple[Any, ...] = ()
        self._depth = depth
        self._stops: list[QWidget] = []
        self._prefix = prefix
        self._editors = editors or {}
        self.rows: dict[str, Row] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        plain = [p for p in declared if not p.advanced]
        self._add_sections(plain, sections)
        self._more: IconButton | None = None
        self._is_unfolded = False
        self._advanced = [p for p in declared if p.advanced]
        if self._advanced:
            self._add_more()

    def set(self, *targets: Any) -> None:
        """Show the values of one target, or what several have in common."""
        self._targets = targets
        self._show_values()

    def forget(self) -> None:
        """Take back everything that is not accepted; before other targets are shown."""
        for row in self.rows.values():
            row.editor.forget()

    def value(self) -> Any:
        """The target shown last (the first of several); ``None`` before there is one."""
        return self._targets[0] if self._targets else None

    def row(self, name: str) -> Row:
        """The line of a parameter."""
        return self.rows[name]

    @property
    def is_unfolded(self) -> bool:
        """Whether the advanced parameters are shown."""
        return self._is_unfolded

    def unfold(self, shown: bool = True) -> None:
        """Show or hide the advanced parameters; their fields are made when first shown."""
        if self._more is None:
            return
        self._is_unfolded = shown
        if shown and self._folded.isEmpty():
            for parameter in self._advanced:
                self._folded.addWidget(self._make_row(parameter))
            self._show_values()
            self._outermost()._order_tabs()
        self._folded_place.setVisible(shown)
        self._more.set_icon("chevron-down" if shown else "chevron-right")

    def tab_stops(self) -> list[QWidget]:
        """The widgets that Tab visits, from top to bottom."""
        plain = [row for row in self.rows.values() if not row.parameter.advanced]
        stops = [stop for row in plain for stop in row.editor.tab_stops()]
        if self._more is not None:
            folded = [row for row in self.rows.values() if row.parameter.advanced]
            stops += [self._more, *(stop for row in folded for stop in row.editor.tab_stops())]
        return stops

    def _outermost(self) -> Form:
        found, place = self, self.parentWidget()
        while place is not None:
            found = place if isinstance(place, Form) else found
            place = place.parentWidget()
        return found

    def _order_tabs(self) -> None:
        # Qt lets Tab walk in the order of creation, and nested forms are made last.
        stops = self.tab_stops()
        if self._depth == 0 and stops != self._stops:
            self._stops = stops
            for one, next_one in pairwise(stops):
                QWidget.setTabOrder(one, next_one)

    # -- building -----------------------------------------------------------------------------

    def _add_sections(self, declared: list[Parameter], sections: Sequence[Section]) -> None:
        left = {p.name: p for p in declared}
        for place, (title, names) in enumerate(sections):
            heading = plain_label(title)
            set_kind(heading, "heading")
            if place:
                self._layout.addSpacing(8)
            self._layout.addWidget(heading)
            for name in names:
                if name in left:
                    self._layout.addWidget(self._make_row(left.pop(name)))
        for parameter in left.values():
            self._layout.addWidget(self._make_row(parameter))

    def _make_row(self, parameter: Parameter) -> Row:
        name = f"{self._prefix}-{parameter.name}"
        cls = self._editors.get(parameter.name) or editor_class(parameter.constraint)
        editor = cls(parameter, name, make_form, self._depth)
        editor.edited.connect(lambda edit, name=parameter.name: self._edited(edit, name))
        editor.dropped.connect(self.dropped)
        row = self.rows[parameter.name] = Row(parameter, editor, self._depth)
        return row

    def _add_more(self) -> None:
        tip = tr("Show what is rarely changed: the defaults are good for a start.")
        button = self._more = IconButton("chevron-right", tip, tr("More"))
        button.setObjectName(f"{self._prefix}-more")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # Its arrow stands under the names of the fields.
        button.setStyleSheet("QToolButton { padding-left: 0; }")
        self._folded_place = QWidget()
        self._folded = QVBoxLayout(self._folded_place)
        self._folded.setContentsMargins(0, 0, 0, 0)
        self._folded.setSpacing(8)
        self._folded_place.hide()
        button.clicked.connect(lambda: self.unfold(not self._is_unfolded))
        self._layout.addWidget(button)
        self._layout.addWidget(self._folded_place)

    # -- showing ------------------------------------------------------------------------------

    def _show_values(self) -> None:
        if not self._targets:
            return
        for name, row in self.rows.items():
            row.editor.set(common([getattr(target, name) for target in self._targets]))
        self._order_tabs()
        if self._more is None:
            return
        differing = [
            p
            for p in self._advanced
            if p.has_default and any(getattr(target, p.name) != p.default for target in self._targets)
        ]
        text = tr("More ({n} changed)", n=len(differing)) if differing else tr("More")
        self._more.setText(text)

    # -- reporting ------------------------------------------------------------------------------

    def _edited(self, edit: Edit, name: str) -> None:
        whole = edit.within(name)
        row = self.rows[name]
        try:
            for target in self._targets:
                whole.applied(target)
        except ParameterError as error:
            row.editor.refuse(_sentence(error.reason))
            return
        except LayerloomError as error:
            row.editor.refuse(_sentence(str(error)))
            return
        self.edited.emit(whole)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
