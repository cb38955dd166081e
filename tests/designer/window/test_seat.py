"""The window with its frame fits the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.window.seat import Seat, fitted
from designer.window.settings import remember

ROOM = QRect(0, 0, 1280, 800)


@pytest.mark.parametrize(
    ("inner", "framed", "wanted"),
    [
        (QRect(0, 20, 1280, 800), QRect(0, 0, 1280, 820), QRect(0, 20, 1280, 780)),
        (QRect(1, 24, 1280, 800), QRect(0, 0, 1282, 829), QRect(1, 24, 1278, 771)),
        (QRect(400, 120, 900, 700), QRect(400, 100, 900, 720), QRect(380, 100, 900, 700)),
        (QRect(-40, 10, 900, 700), QRect(-40, -10, 900, 720), QRect(0, 20, 900, 700)),
        (QRect(100, 70, 900, 700), QRect(100, 50, 900, 720), QRect(100, 70, 900, 700)),
    ],
    ids=["as high as the screen", "borders on all sides", "over the edge", "before the edge", "fits"],
)
def test_the_frame_counts(inner: QRect, framed: QRect, wanted: QRect) -> None:
    assert fitted(inner, framed, ROOM) == wanted
    moved = framed.translated(wanted.topLeft() - inner.topLeft())
    assert ROOM.contains(QRect(moved.topLeft(), wanted.size() + framed.size() - inner.size()))


@pytest.mark.parametrize("restored", [False, True])
def test_a_window_larger_than_the_screen_shrinks_when_first_shown(qtbot: QtBot, restored: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    large = QSize(room.width() + 50, room.height() + 20)
    if restored:
        window.resize(large)
        remember("geometry", window.saveGeometry())
    seat = Seat(window, QSize(300, 200) if restored else large, fits=True)
    window.show()
    qtbot.waitUntil(lambda: room.contains(window.frameGeometry()))
    assert seat.parent() is window
