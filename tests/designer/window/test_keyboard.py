"""The keyboard goes back to where it was, also when that is gone by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QLineEdit

from designer.window.keyboard import give_back
from designer.window.sheet import Answer


def focused(qtbot, window) -> QLineEdit:
    window.activateWindow()
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
