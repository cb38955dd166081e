"""Bookmarks on the canvas: named, kept, shown again, taken away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from designer.canvas.bookmarking import Bookmarking
from engine.sketch import LONGEST_NAME, MOST_BOOKMARKS, Bookmark, Sketch
from tests.designer.canvas.stagehand import Stagehand


def field(stage: Stagehand) -> QLineEdit:
    return next(one for one in stage.view.findChildren(QLineEdit, "node-rename") if one.isVisible())


@pytest.fixture
def marking(stage: Stagehand) -> Bookmarking:
    return Bookmarking(stage.view)


def arrived(bot: QtBot, marking: Bookmarking, centre: QPointF, zoom: float) -> bool:
    bot.waitUntil(lambda: not marking.flight.is_flying)
    here, seen = marking.flight.here
    return (here - centre).manhattanLength() * zoom < 4 and abs(seen - zoom) < 1e-6


def test_a_view_is_kept_under_a_name_and_shown_again(qtbot: QtBot, stage: Stagehand, marking: Bookmarking) -> None:
    stage.view.zoom_to(1.5)
    stage.view.centerOn(stage.box("dense_2").rect.center())
    there = marking.flight.here
    marking.add()
    assert field(stage).text() == field(stage).selectedText() == "dense_2"
    QTest.keyClicks(field(stage), "The head")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert [mark.name for mark in marking.bookmarks] == ["The head"]
    assert stage.document.stack.undoText() == "Bookmark The head"
    stage.view.zoom_to(0.4)
    stage.view.centerOn(-900, -900)
    marking.go("The head")
    assert arrived(qtbot, marking, *there)
    marking.remove("The head")
    assert marking.bookmarks == () and stage.document.stack.count() == 2
    stage.document.undo()
    assert [mark.name for mark in marking.bookmarks] == ["The head"]


def test_escape_keeps_nothing_and_an_empty_name_is_the_suggested_one(stage: Stagehand, marking: Bookmarking) -> None:
    marking.add()
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)
    assert marking.bookmarks == ()
    suggested = marking.suggested()
    marking.add()
    field(stage).clear()
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert [mark.name for mark in marking.bookmarks] == [suggested]
    assert marking.suggested() == f"{suggested} 2"


def test_the_name_of_a_layer_may_be_too_long_for_a_bookmark(stage: Stagehand, marking: Bookmarking) -> None:
    graph = stage.graph
    for key in graph.nodes:
        graph = graph.labelled(key, "n" * 300)
    stage.document.reset(stage.document.project.with_graph(graph))
    marking.add()
    field(stage).clear()
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert [mark.name for mark in marking.bookmarks] == ["n" * LONGEST_NAME]


def test_where_no_layer_is_views_are_counted(stage: Stagehand, marking: Bookmarking) -> None:
    stage.view.centerOn(-90_000, 0)
    assert marking.suggested() == "View 1"
    sketch = Sketch().with_bookmark(Bookmark("View 1"))
    stage.document.reset(stage.document.project.with_sketch(sketch))
    stage.view.centerOn(-90_000, 0)
    assert marking.suggested() == "View 2"


def test_the_same_name_moves_the_bookmark(stage: Stagehand, marking: Bookmarking) -> None:
    stage.document.reset(stage.document.project.with_sketch(Sketch().with_bookmark(Bookmark("a", (9e4, 9e4), 9.0))))
    marking.add()
    field(stage).setText("a")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert len(marking.bookmarks) == 1 and marking.bookmarks[0].zoom == 1.0


def test_there_is_a_limit(stage: Stagehand, marking: Bookmarking) -> None:
    full = Sketch(bookmarks=tuple(Bookmark(f"b{n}") for n in range(MOST_BOOKMARKS)))
    stage.document.reset(stage.document.project.with_sketch(full))
    marking.add()
    assert "100 bookmarks" in stage.said[-1]
    assert not [one for one in stage.view.findChildren(QLineEdit, "node-rename") if one.isVisible()]


def test_a_press_ends_the_flight(qtbot: QtBot, stage: Stagehand, marking: Bookmarking) -> None:
    stage.document.reset(stage.document.project.with_sketch(Sketch().with_bookmark(Bookmark("far", (9e4, 9e4), 4.0))))
    marking.flight.setDuration(60_000)
    marking.go("far")
    assert marking.flight.is_flying
    stage.click(marking.flight.here[0])
    assert not marking.flight.is_flying and marking.flight.here[1] < 4.0
    marking.flight.setDuration(1)
    marking.go("far")
    assert arrived(qtbot, marking, QPointF(9e4, 9e4), 4.0)
