"""The tour of the window: six cards beside the real parts, left at any time, shown by itself once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.window.guide import STEPS, Guide, beside
from designer.window.main_window import MainWindow

AREA = QRect(0, 0, 1280, 800)


def press(guide: Guide, key: Qt.Key) -> None:
    assert guide.card is not None
    QTest.keyClick(guide.card.right, key)


def test_it_waits_until_it_is_wanted(window: MainWindow) -> None:
    assert window.guide.step is None and window.guide.card is None


def test_enter_leads_through_all_steps(window: MainWindow) -> None:
    guide, seen = window.guide, []
    window.commands["guide"].trigger()
    while guide.step is not None and guide.card is not None:
        seen.append(guide.step)
        assert guide.card.isVisible() and window.rect().contains(guide.card.geometry())
        press(guide, Qt.Key.Key_Return)
    assert tuple(seen) == STEPS and len(seen) == 6


def test_a_step_stands_beside_its_part_and_brings_it_to_the_front(window: MainWindow) -> None:
    window.guide.start()
    while window.guide.step is not None and window.guide.step.part != "data":
        window.guide.forward()
    dock, card = window.docks["data"], window.guide.card
    assert dock.isVisible() and card is not None
    place = QRect(dock.mapTo(window, QPoint()), dock.size())
    assert not card.geometry().intersects(place)
    window.guide.back()
    assert window.guide.step is not None and window.guide.step.part == "layer"
    window.guide.leave()


def test_escape_leaves_from_anywhere_and_gives_the_keyboard_back(qtbot: QtBot, window: MainWindow) -> None:
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    window.guide.start()
    assert not window.canvas.hasFocus()
    press(window.guide, Qt.Key.Key_Escape)
    assert window.guide.step is None
    qtbot.waitUntil(window.canvas.hasFocus)
    window.guide.start()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.guide.step is None


def test_done_brings_back_what_was_shown_before(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.canvas.height() > 400)
    before, height = window.docks.in_front, window.canvas.height()
    window.guide.start()
    for step in STEPS:
        assert window.guide.step is step and window.guide.card is not None
        if step.part == "inside":
            qtbot.waitUntil(lambda: window.canvas.height() < height - 100)
        QTest.mouseClick(window.guide.card.right, Qt.MouseButton.LeftButton)
    assert window.guide.step is None
    qtbot.waitUntil(lambda: window.docks.in_front == before)
    qtbot.waitUntil(lambda: window.canvas.height() == height)


def test_it_comes_by_itself_only_once(window: MainWindow) -> None:
    window.guide.offer()
    assert window.guide.step is STEPS[0]
    window.guide.leave()
    window.guide.offer()
    assert window.guide.step is None


def test_the_parts_stay_usable_meanwhile(window: MainWindow) -> None:
    window.guide.start()
    window.files.new_from("digits-dense")
    assert window.document.project.graph.nodes
    window.resize(1000, 700)
    assert window.guide.card is not None and window.rect().contains(window.guide.card.geometry())
    window.guide.leave()


@pytest.mark.parametrize(
    "target",
    [QRect(0, 60, 232, 500), QRect(960, 60, 320, 500), QRect(300, 0, 600, 40), QRect(0, 560, 1280, 240), AREA],
)
def test_a_card_covers_its_part_only_where_there_is_no_room(target: QRect) -> None:
    card = beside(target, QSize(340, 180), AREA)
    assert AREA.contains(card)
    assert card.intersects(target) == (target == AREA)
