"""The history: every step by its name, and a way to each of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.model.document import UNDO_LIMIT, Document
from designer.panels.history import HistoryPanel
from engine.project import Project


@pytest.fixture
def panel(qtbot: QtBot) -> HistoryPanel:
    made = HistoryPanel(Document())
    made._document.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    return made


def edited(panel: HistoryPanel, *seeds: int) -> list[Project]:
    """Edits, each with a seed of its own; the projects as they were made."""
    found = []
    for seed in seeds:
        project = panel._document.project
        panel._document.edit(f"Seed {seed}", project.with_training(project.training.changed(seed=seed)))
        found.append(panel._document.project)
    return found


def click(panel: HistoryPanel, row: int) -> None:
    index = panel.list.model().index(row, 0)
    panel.list.scrollTo(index)
    place = panel.list.visualRect(index).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_lists_every_step_and_marks_the_current_one(panel: HistoryPanel) -> None:
    assert panel.steps == ["As it was opened"]
    edited(panel, 11, 12, 13)
    assert panel.steps == ["As it was opened", "Seed 11", "Seed 12", "Seed 13"]
    assert panel.list.currentIndex().row() == 3
    panel._document.undo()
    assert panel.list.currentIndex().row() == 2
    assert "Step 2 of 3" in panel.explained.text()


def test_a_click_goes_there_and_back(panel: HistoryPanel) -> None:
    first = panel._document.project
    made = edited(panel, *range(100, 140))
    heard: list[object] = []
    panel._document.changed.connect(heard.append)
    for row in (40, 1, 17, 0, 39):
        click(panel, row)
        assert panel._document.project is ([first, *made][row])
        assert panel.list.currentIndex().row() == row
    assert len(heard) == 4  # one change for each leap, however far; the first click was on the current step


def test_a_new_edit_replaces_what_came_after(panel: HistoryPanel) -> None:
    edited(panel, 11, 12, 13)
    click(panel, 1)
    edited(panel, 99)
    assert panel.steps == ["As it was opened", "Seed 11", "Seed 99"]


def test_the_oldest_steps_are_forgotten_beyond_the_limit(panel: HistoryPanel) -> None:
    made = edited(panel, *range(1, UNDO_LIMIT + 41))
    assert len(panel.steps) == UNDO_LIMIT + 1
    assert panel.steps[0] == "Before these steps"
    assert panel.steps[1] == "Seed 41"
    for row in (0, 1, UNDO_LIMIT, UNDO_LIMIT // 2):
        click(panel, row)
        assert panel._document.project is made[40 + row - 1]
    for _ in range(UNDO_LIMIT):
        panel._document.undo()
    assert panel._document.project is made[39]


def test_another_project_has_a_history_of_its_own(panel: HistoryPanel) -> None:
    edited(panel, 11)
    panel._document.reset(Project())
    assert panel.steps == ["As it was opened"]
    assert "Every change" in panel.explained.text()


def test_what_was_saved_is_marked(panel: HistoryPanel) -> None:
    edited(panel, 11, 12)
    panel._document.mark_saved()
    edited(panel, 13)
    model = panel.list.model()
    icons = [model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in range(4)]
    assert [found is not None and not found.isNull() for found in icons] == [False, False, True, False]
