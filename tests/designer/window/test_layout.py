"""The window's layout: remembered, put back, and never out of reach."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QScrollArea, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from designer.window.docks import DOCKS, tab_bars
from designer.window.main_window import MainWindow
from designer.window.seat import Seat
from designer.window.settings import add_recent, recent_projects, remember, text_setting


def test_the_panels_are_put_back(window) -> None:
    for place in DOCKS:
        window.docks[place.id].setVisible(not place.shown)
    window.commands["reset-layout"].trigger()
    for place in DOCKS:
        assert window.docks[place.id].isHidden() is not place.shown
    assert window.docks["layer"].width() >= 280


def test_putting_the_panels_back_keeps_the_size_of_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 800)
    window.commands["history"].trigger()
    for _ in range(2):
        window.commands["reset-layout"].trigger()
        qtbot.waitUntil(window.docks["history"].isHidden)
        qtbot.waitUntil(lambda: window.docks["run"].width() == window.width())
        assert window.size() == QSize(1280, 800)


@pytest.mark.parametrize("key", ["inside", "results"])
def test_the_canvas_is_as_high_after_a_restart_as_before_something_was_looked_into(
    qtbot: QtBot, window: MainWindow, key: str
) -> None:
    window.resize(1280, 800)
    title = window.docks[key].windowTitle()

    def bars() -> list[QTabBar]:
        return [bar for bar in tab_bars(window) if bar.isVisible() and title in map(bar.tabText, range(bar.count()))]

    qtbot.waitUntil(lambda: len(bars()) == 1 and bars()[0].width() > 200)
    before, bar = window.canvas.height(), bars()[0]
    low = window.docks["run"].height()
    place = bar.tabRect([bar.tabText(tab) for tab in range(bar.count())].index(title)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.canvas.height() < before - 100)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    try:
        qtbot.waitUntil(lambda: "run" in again.docks.in_front)
        assert abs(again.docks["run"].height() - low) <= 2
        assert again.canvas.height() > before - 60  # the window may be made to fit the screen
    finally:
        again.close_now()


def test_the_panels_below_may_be_low(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 800)
    window.docks.show("problems")
    window.resizeDocks([window.docks["problems"]], [60], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.docks["problems"].height() < 190)


def test_the_history_comes_and_stays(qtbot, window) -> None:
    assert window.docks["history"].isHidden()
    window.commands["history"].trigger()
    assert window.docks["history"].isVisible()
    assert window.focusWidget().objectName() == "history-list"
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    assert not again.docks["history"].isHidden()
    again.close_now()


def test_the_small_map_is_remembered(window) -> None:
    assert window.commands["minimap"].isChecked()
    window.commands["minimap"].trigger()
    assert not window.aids.map.is_wanted and not window.commands["minimap"].isChecked()
    assert text_setting("minimap") == "off"
    again = MainWindow()
    assert not again.aids.map.is_wanted
    again.close_now()
    again.deleteLater()
    window.commands["minimap"].trigger()
    assert text_setting("minimap") == "on"


def test_a_window_left_on_a_screen_that_is_gone_comes_back(qtbot: QtBot) -> None:
    away = QWidget()
    qtbot.addWidget(away)
    away.resize(600, 400)
    away.show()
    room = away.screen().availableGeometry()
    away.move(room.right() + 3000, room.bottom() + 3000)
    qtbot.waitUntil(lambda: away.x() > room.right())
    remember("geometry", away.saveGeometry())
    away.hide()
    window = QWidget()
    qtbot.addWidget(window)
    seat = Seat(window, QSize(600, 400), fits=True)
    window.show()
    qtbot.waitUntil(lambda: room.contains(window.frameGeometry()))
    assert seat.parent() is window
    assert window.frameGeometry().topLeft() != QPoint(room.right() + 3000, room.bottom() + 3000)


def test_recent_projects_survive(tmp_path) -> None:
    for name in ("one.loom", "two.loom"):
        (tmp_path / name).mkdir()
        add_recent(tmp_path / name)
    assert [path.name for path in recent_projects()] == ["two.loom", "one.loom"]
    (tmp_path / "two.loom").rmdir()
    assert [path.name for path in recent_projects()] == ["one.loom"]


def test_arranging_the_panels_anew_never_makes_the_window_wider(qtbot, window) -> None:
    window.resize(860, 640)
    qtbot.waitUntil(lambda: window.width() == 860)
    window.docks.arrange()
    qtbot.waitUntil(window.docks["run"].isVisible)
    assert window.width() == 860


def test_all_keys_can_be_reached_in_a_small_window(qtbot, window) -> None:
    window.resize(860, 640)
    qtbot.waitUntil(lambda: window.width() == 860)
    window.commands["keys"].trigger()
    dialog = window.findChild(QDialog, "keys-dialog")
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.width() < window.width()
    assert dialog.height() < window.height()
    bar = dialog.findChild(QScrollArea, "keys-list").verticalScrollBar()
    assert bar.maximum() > 0
    dialog.close()
