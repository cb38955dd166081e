"""The list of networks to begin with: in columns, under headings, and by keyboard and mouse."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.choices import Choice, Choices
from designer.canvas.hint import EmptyHint

MANY = tuple(
    Choice(f"{group}{n}", f"Choice {group}{n}", "What it is, in a sentence that is rather long.", group, "mdi6.numeric")
    for group in ("one", "two", "three")
    for n in range(5)
)


def shown(qtbot: QtBot, columns: int) -> tuple[Choices, list[str]]:
    heard: list[str] = []
    choices = Choices("pick", heard.append)
    qtbot.addWidget(choices)
    choices.resize(500, 300)
    choices.offer(MANY, columns)
    choices.show()
    qtbot.waitUntil(lambda: choices.buttons[-1].width() > 0)
    return choices, heard


def test_choices_stand_in_columns_under_their_headings(qtbot: QtBot) -> None:
    choices, heard = shown(qtbot, 2)
    first, second, third = (button.geometry() for button in choices.buttons[:3])
    assert first.top() == second.top() and first.right() < second.left()
    assert third.left() == first.left() and third.top() > first.bottom()
    headings = [label for label in choices.findChildren(QLabel) if label.text() in ("one", "two", "three")]
    assert [label.text() for label in sorted(headings, key=QWidget.y)] == ["one", "two", "three"]
    fifth, sixth = (button.geometry() for button in choices.buttons[4:6])
    assert fifth.bottom() < headings[1].y() < sixth.top()
    QTest.mouseClick(choices.buttons[6], Qt.MouseButton.LeftButton)
    assert heard == ["two1"]


def test_nothing_lies_over_anything_else(qtbot: QtBot) -> None:
    choices, _ = shown(qtbot, 2)
    parts = [part for part in choices.widget().children() if isinstance(part, QWidget)]
    areas = [part.geometry() for part in parts]
    assert len(areas) == 3 + 2 * len(MANY)
    assert not [a for n, a in enumerate(areas) if any(a.intersects(b) for b in areas[n + 1 :])]


def test_many_choices_scroll_and_the_keyboard_brings_them_into_sight(qtbot: QtBot) -> None:
    choices, heard = shown(qtbot, 1)
    assert choices.height_for(500) > choices.height()
    assert choices.verticalScrollBar().maximum() > 0
    last = choices.buttons[-1]
    choices.buttons[0].setFocus()
    for _ in MANY[1:]:
        QTest.keyClick(choices.window().focusWidget(), Qt.Key.Key_Tab)
    assert last.hasFocus() or choices.window().focusWidget() is last
    seen = QRect(last.mapTo(choices, last.rect().topLeft()), last.size())
    assert choices.rect().intersects(seen)
    QTest.keyClick(last, Qt.Key.Key_Space)
    assert heard == ["three4"]


def test_new_choices_take_the_place_of_the_old_ones(qtbot: QtBot) -> None:
    choices, _ = shown(qtbot, 2)
    choices.offer(MANY[:1])
    assert [button.objectName() for button in choices.buttons] == ["pick-one0"]
    qtbot.waitUntil(choices.buttons[0].isVisible)
    assert [b for b in choices.findChildren(QPushButton) if b.isVisible()] == choices.buttons


def test_the_empty_canvas_offers_what_fits(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    hint = EmptyHint(area, lambda _key: None)
    hint.set_templates(MANY)
    for width, height, columns in ((900, 700, 2), (700, 420, 2), (400, 420, 1), (900, 3000, 2)):
        area.resize(width, height)
        hint.centre()
        assert area.rect().contains(hint.geometry())
        assert abs(hint.geometry().center().x() - area.rect().center().x()) <= 1
        assert hint._columns == columns
    assert hint.height() < 3000 - 2 * 24  # no higher than it must be
