"""The keyboard goes back to where it was, also when that is gone by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea

from designer.window.keyboard import give_back
from designer.window.sheet import Answer
from engine.catalogue.sources.base import Source
from engine.registry import sources
from engine.templates import chain
from tests.designer.window.conftest import small
from tests.designer.window.test_main_window import begun


def focused(qtbot, window) -> QLineEdit:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return field


def tour(window) -> Iterator[None]:
    window.guide.start()
    yield
    window.guide.leave()


def prompt(window) -> Iterator[None]:
    window.aids.prompt.open()
    yield
    window.aids.prompt.close_up()


def sheet(window) -> Iterator[None]:
    window.sheet.ask("Sure?", "", (Answer("cancel", "Cancel", "Stay."),), lambda _key: None)
    yield
    window.sheet.ask("Again?", "", (Answer("cancel", "Cancel", "Stay."),), lambda _key: None)


@pytest.mark.parametrize("part", [tour, prompt, sheet])
def test_what_was_deleted_meanwhile_gets_nothing(qtbot, window, part) -> None:
    field = focused(qtbot, window)
    steps = part(window)
    next(steps)
    assert not field.hasFocus()
    shiboken6.delete(field)
    assert next(steps, "over") == "over"
    assert window.isVisible()


def test_what_is_there_gets_it_and_what_is_hidden_does_not(qtbot, window) -> None:
    field = focused(qtbot, window)
    window.canvas.setFocus()
    give_back(field)
    assert field.hasFocus()
    window.canvas.setFocus()
    field.hide()
    give_back(field)
    give_back(None)
    assert window.canvas.hasFocus()


def test_escape_leads_from_a_field_to_the_canvas(qtbot, window) -> None:
    window.find_layer()
    field = window.focusWidget()
    assert field is not window.canvas
    for letter in "dense":
        QTest.keyClick(window.windowHandle(), letter)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert window.focusWidget() is field and not field.text()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_enter_uses_the_data_and_the_panel_keeps_its_place(qtbot, window) -> None:
    panel = window.docks.show("data")
    source = sources.get("Mnist")()
    assert isinstance(source, Source)
    panel.choose(source)
    qtbot.waitUntil(lambda: panel.use.isVisible() and panel.use.isEnabled())
    panel.use.setFocus()
    place = panel.findChild(QScrollArea).verticalScrollBar().value()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.document.dataset is not None)
    assert not panel.use.isEnabled() and panel.combo.hasFocus()
    assert panel.findChild(QScrollArea).verticalScrollBar().value() <= place
    assert not panel.view.split_form.row("validation").isEnabled()  # the data's own test set judges
    panel.view.split_form.row("own_test_set").editor.focus_target().setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert panel.view.split_form.row("validation").isEnabled()


def test_after_a_remedy_the_canvas_has_the_keyboard(qtbot, window) -> None:
    graph = chain(("Input", {"shape": (28, 28, 1)}), ("Flatten", {}), ("Dense", {"units": 7, "activation": "softmax"}))
    document = begun(qtbot, window, small().with_graph(graph))
    problem = next(problem for problem in document.problems if problem.fix is not None)
    window.selection.set({problem.node})
    qtbot.waitUntil(lambda: bool(window.docks["layer"].findChildren(QPushButton, "fix-0")))
    button = next(one for one in window.docks["layer"].findChildren(QPushButton, "fix-0") if one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert document.stack.undoText() == problem.fix.label
    assert window.canvas.hasFocus()
