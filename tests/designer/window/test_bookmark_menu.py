"""The menu of bookmarks, their keys, and what the prompt and the search find of notes and bookmarks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from designer.window.main_window import MainWindow
from engine.sketch import Bookmark, Note, Sketch
from tests.designer.window.conftest import small

SKETCH = Sketch(
    (Note("note_1", "\nRemember the bias\nand more", (400.0, 0.0)), Note("area", "Body", (0, 0), (90, 90), frame=True)),
    (Bookmark("Head & tail", (5000.0, 0.0), 2.0), Bookmark("Middle", (0.0, 7000.0))),
)


def there(window: MainWindow, point: QPointF) -> bool:
    return (window.aids.bookmarks.flight.here[0] - point).manhattanLength() < 8


def test_menu_keys_and_prompt_lead_there(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.findChild(QMenu, "bookmark-menu")
    assert [action.text() for action in menu.actions()] == ["No bookmarks yet"] and not menu.actions()[0].isEnabled()
    window.document.reset(small().with_sketch(SKETCH))
    entries = menu.actions()
    assert [action.text() for action in entries[:2]] == ["Head && tail", "Middle"]
    assert [action.shortcut().toString() for action in entries[:2]] == ["Ctrl+1", "Ctrl+2"]
    entries[0].trigger()
    qtbot.waitUntil(lambda: there(window, QPointF(5000, 0)) and window.canvas.zoom == 2.0)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: there(window, QPointF(0, 7000)))
    offers = {offer.id: offer for offer in window.aids._offers()}
    assert offers["note:note_1"].text == "Go to the note Remember the bias"
    assert offers["note:area"].text == "Go to the frame Body"
    offers["note:note_1"].run()
    assert window.selection.only_note == "note_1"
    offers["bookmark:Head & tail"].run()
    qtbot.waitUntil(lambda: there(window, QPointF(5000, 0)))
    entries[-1].menu().actions()[0].trigger()
    assert [action.text() for action in menu.actions()[:1]] == ["Middle"]
    assert menu.actions()[0].shortcut().toString() == "Ctrl+1"
    window.document.undo()
    assert [action.text() for action in menu.actions()[:2]] == ["Head && tail", "Middle"]


def test_the_search_finds_notes(window: MainWindow) -> None:
    window.document.reset(small().with_sketch(SKETCH))
    bar = window.aids.search
    bar.open()
    QTest.keyClicks(bar.field, "BIAS the")
    assert bar.hits == () and bar.notes == ("note_1",) and bar.count.text() == "1 found"
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert window.selection.only_note == "note_1" and bar.count.text() == "1 of 1"
    bar.field.setText("d")
    assert bar.hits and bar.notes == ("note_1", "area")
    for _ in bar.hits:
        bar.step(1)
    assert window.selection.only_node in bar.hits or window.selection.only_note == "area"
    bar.close_up()
    assert bar.notes == ()


def test_commands_follow_selected_notes(window: MainWindow) -> None:
    window.document.reset(small().with_sketch(SKETCH))
    assert not window.commands["delete"].isEnabled() and not window.commands["copy"].isEnabled()
    window.selection.set(notes=["note_1"])
    assert window.commands["delete"].isEnabled() and window.commands["copy"].isEnabled()
    assert "Remember the bias" in window.canvas.accessibleDescription()
    window.commands["delete"].trigger()
    assert window.document.project.sketch.note("note_1") is None
    window.selection.set(notes=["area"])
    assert window.canvas.accessibleDescription().startswith("Frame Body.")
