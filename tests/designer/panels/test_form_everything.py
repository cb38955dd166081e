"""Every registered component's form: built, filled, and fed with everything its constraints forbid."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.panels.form.form import EDITORS, Form, editor_class, make_form
from designer.panels.form.line import AnyEditor, LineEditor
from designer.panels.form.row import Row
from designer.panels.form.start import first_value
from engine import registry
from engine.component import REGISTRIES, Component, NumberOrSlot, Slot, Slots, parameters
from engine.constraints import Choice, Constraint, Flag, Number, Text, Whole, Wholes
from engine.expression.rules import FormulaText, Name, NamedNumbers, Names
from engine.project import Split, TrainConfig

KINDS: dict[str, list[type[Component]]] = {
    kind: [cls for cls in REGISTRIES[kind] if not getattr(cls, "hidden", False)] for kind in registry.KINDS
} | {"settings": [TrainConfig, Split]}


def ready_form(qtbot: QtBot, cls: type[Component]) -> tuple[Form, list[Any]]:
    form = make_form(cls)
    qtbot.addWidget(form)
    form.set(first_value(cls))
    form.unfold()
    reported: list[Any] = []
    form.edited.connect(reported.append)
    return form, reported


def sentence(row: Row) -> str:
    return row.fault.text() if row.fault.isVisibleTo(row) else ""


def test_every_kind_of_rule_has_its_editor() -> None:
    simple = {Whole, Number, Flag, Choice, Text, Wholes, Slot, Slots, NumberOrSlot}
    assert set(EDITORS) == simple | {FormulaText, NamedNumbers, Names, Name}
    assert editor_class(Constraint()) is AnyEditor


@pytest.mark.parametrize("kind", KINDS)
def test_form_shows_every_parameter(qtbot: QtBot, kind: str) -> None:
    shown = [show_parameters(qtbot, cls) for cls in KINDS[kind]]
    assert shown == [len(parameters(cls)) for cls in KINDS[kind]]


def show_parameters(qtbot: QtBot, cls: type[Component]) -> int:
    """How many parameters the form of a class shows."""
    form, reported = ready_form(qtbot, cls)
    assert list(form.rows) == sorted(form.rows, key=[p.name for p in sorted_by_fold(cls)].index)
    for parameter in parameters(cls):
        row = form.row(parameter.name)
        assert row.editor.value() == getattr(form.value(), parameter.name)
        assert row.editor.focus_target().objectName() == f"param-{parameter.name}"
        assert parameter.name in row.editor.focus_target().toolTip()
        assert not sentence(row)
    assert not reported, "showing values must not look like editing them"
    return len(form.rows)


def sorted_by_fold(cls: type[Component]) -> list[Any]:
    return sorted(parameters(cls), key=lambda p: p.advanced)


@pytest.mark.parametrize("kind", KINDS)
def test_values_that_break_a_rule_are_explained(qtbot: QtBot, kind: str) -> None:
    refused = [refuse_values(qtbot, cls) for cls in KINDS[kind]]
    assert refused == [sum(len(p.constraint.bad_values()) for p in parameters(cls)) for cls in KINDS[kind]]


def refuse_values(qtbot: QtBot, cls: type[Component]) -> int:
    """How many bad values the form of a class refuses, with a sentence each."""
    form, reported = ready_form(qtbot, cls)
    refused = 0
    for parameter in parameters(cls):
        row = form.row(parameter.name)
        for bad in parameter.constraint.bad_values():
            row.editor.offer(bad)
            assert sentence(row).endswith("."), f"{parameter.name} = {bad!r}"
            assert sentence(row).startswith(parameter.label.capitalize())
            row.editor.restore()
            assert not sentence(row)
            refused += 1
    assert not reported
    return refused


@pytest.mark.parametrize("kind", KINDS)
def test_bad_values_typed_as_text_are_explained(qtbot: QtBot, kind: str) -> None:
    written = [refuse_texts(qtbot, cls) for cls in KINDS[kind]]
    lines = [[p for p in parameters(cls) if issubclass(editor_class(p.constraint), LineEditor)] for cls in KINDS[kind]]
    assert written == [len(found) for found in lines]


def refuse_texts(qtbot: QtBot, cls: type[Component]) -> int:
    """How many fields for texts the form of a class has, each fed with bad ones."""
    form, reported = ready_form(qtbot, cls)
    fields = 0
    for parameter in parameters(cls):
        editor = form.row(parameter.name).editor
        if not isinstance(editor, LineEditor):
            continue
        refused = 0
        for bad in parameter.constraint.bad_values():
            text = (str(bad) if not isinstance(bad, tuple) else ", ".join(map(str, bad))).replace("\x00", "")[:60]
            reported.clear()
            editor.line.clear()
            if text.isascii():
                QTest.keyClicks(editor.focus_target(), text)
            else:
                editor.line.insert(text)  # no keyboard of the tests has such letters
            QTest.keyClick(editor.focus_target(), Qt.Key.Key_Return)
            shown = sentence(form.row(parameter.name))
            if shown:
                # Right by itself, it may still not go together with another parameter.
                named = shown.startswith(parameter.label.capitalize()) or not editor.fault_of(editor.parse(text))
                assert named and shown.endswith("."), shown
                assert editor.focus_target().property("invalid") is True
                refused += 1
            elif text:
                # As text it is right ("1" is a number once it is written), and then it counts.
                assert reported[-1].value == parameter.constraint.validate(editor.parse(text))
            editor.restore()
        assert refused or isinstance(parameter.constraint, Text), parameter.name
        fields += 1
    return fields


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_gives_a_component_that_shows_it(qtbot: QtBot, kind: str) -> None:
    edited = [report_edits(qtbot, cls) for cls in KINDS[kind]]
    assert edited == [sum(isinstance(p.constraint, EDITED) for p in parameters(cls)) for cls in KINDS[kind]]


#: The rules for which another good value is easily found.
EDITED = (Whole, Number, Flag, Choice)


def report_edits(qtbot: QtBot, cls: type[Component]) -> int:
    """How many parameters of a class were edited in its form."""
    form, reported = ready_form(qtbot, cls)
    edited = 0
    for parameter in parameters(cls):
        if not isinstance(parameter.constraint, EDITED):
            continue
        edited += 1
        editor = form.row(parameter.name).editor
        current = getattr(form.value(), parameter.name)
        other = another(parameter.constraint, current)
        reported.clear()
        editor.offer(other)
        if not reported:  # this component refuses the combination, and must say so
            assert sentence(form.row(parameter.name))
            continue
        (edit,) = reported
        made = edit.applied(form.value())
        assert getattr(made, parameter.name) == other
        form.set(made)
        assert editor.value() == other
    return edited


def another(rule: Constraint, current: Any) -> Any:
    match rule:
        case Whole():
            return rule.low + 1 if current != rule.low + 1 and rule.high > rule.low else rule.low
        case Number():
            above = rule.low + 0.25 * (min(rule.high, rule.low + 1.0) - rule.low)
            return above if current != above else rule.low + 0.5 * (min(rule.high, rule.low + 1.0) - rule.low)
        case Flag():
            return not current
        case Choice():
            return next((word for word, _ in rule.options if word != current), current)
    raise AssertionError(rule)
