"""Each project opens as it was left: as far away, and at the same place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from designer.window.main_window import MainWindow
from designer.window.settings import list_setting, remember
from designer.window.views import PROJECTS, Outlook, forget_outlooks, keep_outlook, outlook_of
from engine.io import save_project
from tests.designer.window.conftest import settled, small


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    forget_outlooks()


def opened(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.open_named(folder)
    settled(qtbot, window)
    qtbot.waitUntil(lambda: window.files.folder == folder)


def test_a_project_opens_as_it_was_left(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    one, two = tmp_path / "one.loom", tmp_path / "two.loom"
    for folder in (one, two):
        save_project(folder, small(), None)
    opened(qtbot, window, one)
    fitted = window.canvas.zoom, window.canvas.middle
    card = window.canvas.canvas.nodes["flatten"].box.rect
    window.canvas.stand_at(2.5, card.center())
    opened(qtbot, window, two)
    assert window.canvas.zoom == fitted[0] and window.canvas.middle == fitted[1]
    window.canvas.stand_at(0.4, card.topLeft())
    opened(qtbot, window, one)
    assert window.canvas.zoom == pytest.approx(2.5)
    assert (window.canvas.middle - card.center()).manhattanLength() < 2
    window.close_now()
    assert outlook_of(one) == Outlook(window.canvas.zoom, window.canvas.middle.x(), window.canvas.middle.y())
    found = outlook_of(two)
    assert found is not None and found.zoom == pytest.approx(0.4)


def test_a_place_where_nothing_is_and_a_reset_show_the_network(qtbot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "net.loom"
    save_project(folder, small(), None)
    keep_outlook(folder, Outlook(1.0, 90_000.0, 90_000.0))
    opened(qtbot, window, folder)
    seen = window.canvas.mapToScene(window.canvas.viewport().rect()).boundingRect()
    assert seen.intersects(window.canvas.canvas.cards_rect)
    fitted = window.canvas.zoom, window.canvas.middle
    window.canvas.stand_at(3.0, QPointF(500, 500))
    window.views.keep()
    window.commands["reset-layout"].trigger()
    assert outlook_of(folder) is None
    qtbot.waitUntil(lambda: window.canvas.zoom == fitted[0])


@pytest.mark.parametrize(
    "line",
    ["", "{", "3", "{}", '["/a"]', '["/a", NaN, 0, 0]', '["/a", 1, Infinity, 0]', '["/a", 0, 0, 0]',
     '["/a", 1e9, 0, 0]', '["/a", 1, 1e300, 0]', '["/a", 1, "x", 0]', '["/a", 1, null, 0]',
     '["/a", 1, 2, 3, 4]', '[7, 1, 2, 3]', "[" * 5000, f'["/a", {"9" * 400}, 0, 0]'],
)  # fmt: skip
def test_damaged_memories_are_passed_over(line: str) -> None:
    remember("views", [line, json.dumps(["/b", 1.5, 2.0, 3.0])])
    assert outlook_of(Path("/a")) is None
    assert outlook_of(Path("/b")) == Outlook(1.5, 2.0, 3.0)
    keep_outlook(Path("/a"), Outlook(0.5, 1.0, 2.0))
    assert outlook_of(Path("/a")) == Outlook(0.5, 1.0, 2.0)
    assert len(list_setting("views")) == 2


def test_as_many_are_kept_as_there_is_room_for() -> None:
    for number in range(PROJECTS + 5):
        keep_outlook(Path(f"/{number}"), Outlook(1.0, 0.0, float(number)))
    assert outlook_of(Path("/4")) is None
    assert outlook_of(Path("/5")) == Outlook(1.0, 0.0, 5.0)
    assert len(list_setting("views")) == PROJECTS
