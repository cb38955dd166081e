"""The field of the learning rate takes numbers and schedules."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.panels.form.form import Form, make_form
from designer.panels.form.rate import NumberOrSlotEditor
from engine import registry


def form_of(qtbot: QtBot, rate: Any) -> tuple[Form, NumberOrSlotEditor, list[Any]]:
    cls = registry.optimizers.get("Adam")
    form = make_form(cls)
    qtbot.addWidget(form)
    form.set(cls(learning_rate=rate))
    form.show()
    edits: list[Any] = []

    def take(edit: Any) -> None:
        edits.append(edit)
        form.set(edit.applied(form.value()))

    form.edited.connect(take)
    editor = form.row("learning_rate").editor
    assert isinstance(editor, NumberOrSlotEditor)
    return form, editor, edits


def write(editor: NumberOrSlotEditor, text: str) -> None:
    editor.line.setFocus()
    editor.line.clear()
    QTest.keyClicks(editor.line, text)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)


def test_a_name_brings_a_schedule_with_fields_and_a_number_takes_it_away(qtbot: QtBot) -> None:
    form, editor, _ = form_of(qtbot, 0.001)
    assert editor.below is not None and editor.below.isHidden()

    write(editor, "exponential_decay")

    rate = form.value().learning_rate
    assert (rate.key, rate.decay_rate, editor.line.text()) == ("ExponentialDecay", 0.9, "Exponential decay")
    assert not editor.below.isHidden()
    write(editor, "0.25")
    assert form.value().learning_rate == 0.25
    assert editor.below.isHidden()


def test_fields_of_the_schedule_change_it(qtbot: QtBot) -> None:
    schedule = {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 50}
    form, editor, edits = form_of(qtbot, schedule)
    assert editor.line.text() == "Cosine decay"
    (inner,) = [f for f in form.findChildren(Form) if "decay_steps" in f.rows]

    field: Any = inner.row("decay_steps").editor
    write(field, "70")

    assert edits[-1].path == ("learning_rate", "decay_steps")
    assert form.value().learning_rate.decay_steps == 70
    write(editor, "CosineDecay")
    assert form.value().learning_rate.decay_steps == 70, "the same name must not reset its fields"


def test_a_name_nobody_knows_is_explained(qtbot: QtBot) -> None:
    form, editor, _ = form_of(qtbot, 0.001)

    write(editor, "zigzag")

    text = form.row("learning_rate").fault.text()
    assert "or a schedule" in text and "zigzag" in text
    assert form.value().learning_rate == 0.001
