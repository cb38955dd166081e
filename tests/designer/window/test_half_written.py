"""What is being written on the canvas when the project is saved, closed or replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from designer.window.main_window import MainWindow
from engine.io import load_project
from engine.project import Project
from engine.sketch import Note, Sketch
from tests.designer.window.conftest import answer, settled, small


@pytest.fixture
def writing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A saved project without changes, and a note of which three words are written."""
    window.files._show(small(), None, None)
    window.files._save_to(tmp_path / "kept.loom", None)
    settled(qtbot, window)
    assert not window.files.needs_keeping
    window.canvas.notes.add(QPointF(300, 300))
    QTest.keyClicks(window.canvas.findChild(QPlainTextEdit, "note-field"), "half a thought")
    assert not window.files.needs_keeping
    return window


def texts(project: Project) -> list[str]:
    return [note.text for note in project.sketch.notes]


def test_closing_asks_about_a_note_that_is_being_written(qtbot: QtBot, writing: MainWindow, tmp_path: Path) -> None:
    writing.close()
    assert writing.isVisible() and texts(writing.document.project) == ["half a thought"]
    answer(writing, "save")
    qtbot.waitUntil(lambda: not writing.isVisible(), timeout=20_000)
    assert texts(load_project(tmp_path / "kept.loom").project) == ["half a thought"]


def test_saving_takes_it_along(qtbot: QtBot, writing: MainWindow, tmp_path: Path) -> None:
    writing.files.save()
    settled(qtbot, writing)
    assert texts(load_project(tmp_path / "kept.loom").project) == ["half a thought"]
    assert not writing.files.needs_keeping


def test_another_project_keeps_its_own_note(qtbot: QtBot, writing: MainWindow) -> None:
    other = small().with_sketch(Sketch((Note("note_1", "of the other"),)))
    writing.files._show(other, None, None)
    assert not any(one.isVisible() for one in writing.canvas.findChildren(QPlainTextEdit, "note-field"))
    writing.canvas.setFocus()
    assert writing.document.project == other and not writing.document.stack.canUndo()
