"""The window's layout: remembered, put back, and never out of reach."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.window.docks import DOCKS
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
