"""The search in the network with real keys: counted, marked, gone through."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.canvas.search_bar import SearchBar
from designer.theme import current_theme
from tests.designer.canvas.stagehand import SHIFT, Stagehand, layer


def searching(stage: Stagehand, text: str) -> SearchBar:
    bar = SearchBar(stage.view)
    bar.open()
    QTest.keyClicks(bar.field, text)
    return bar


def marked(stage: Stagehand, node: str) -> bool:
    """Whether the corner of a card's mark has the colour of marks."""
    picture = stage.view.viewport().grab().toImage()
    rect = stage.box(node).rect
    corner = stage.pixel(rect.topLeft()).x() - 5, stage.pixel(rect.center()).y()
    colors = {picture.pixelColor(corner[0] + offset, corner[1]).name() for offset in (-1, 0, 1)}
    return current_theme().warning in colors


def test_hits_are_counted_and_marked(stage: Stagehand) -> None:
    bar = searching(stage, "dense")
    assert bar.hits == ("dense", "dense_2", "dense_1") or set(bar.hits) == {"dense", "dense_1", "dense_2"}
    assert bar.count.text() == "3 found"
    assert marked(stage, "dense") and marked(stage, "dense_1")
    assert not marked(stage, "input")
    assert not stage.selection.nodes


def test_enter_goes_on_and_around_and_shift_enter_back(stage: Stagehand) -> None:
    bar = searching(stage, "dense")
    visited = []
    for _ in range(4):
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        visited.append(stage.selection.only_node)
        assert bar.count.text() == f"{bar.hits.index(visited[-1]) + 1} of 3"
    assert visited == [*bar.hits, bar.hits[0]]
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert stage.selection.only_node == bar.hits[-1]
    QTest.keyClick(bar.field, Qt.Key.Key_Down)
    assert stage.selection.only_node == bar.hits[0]


def test_a_parameter_is_found(stage: Stagehand) -> None:
    bar = searching(stage, "units=5")
    assert bar.hits == ("dense_2",)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert stage.selection.nodes == {"dense_2"}


def test_nothing_found_is_said(stage: Stagehand) -> None:
    bar = searching(stage, "units=77")
    assert bar.count.text() == "none"
    assert bar.field.property("invalid") is True
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert not stage.selection.nodes
    bar.field.clear()
    assert bar.count.text() == "" and bar.field.property("invalid") is False


def test_escape_takes_the_marks_away(stage: Stagehand) -> None:
    bar = searching(stage, "dense")
    assert not stage.is_in_step()
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible() and stage.view.hasFocus()
    assert stage.is_in_step()
    bar.open()
    assert bar.field.selectedText() == "dense" and len(bar.hits) == 3


def test_hits_follow_the_network(stage: Stagehand) -> None:
    bar = searching(stage, "units=5")
    graph = stage.graph.with_layer("dense", layer("Dense", units=5))
    stage.document.edit("Change", stage.document.project.with_graph(graph))
    assert set(bar.hits) == {"dense", "dense_2"}
    stage.document.edit("Delete", stage.document.project.with_graph(graph.without(["dense", "dense_2"])))
    assert bar.hits == () and bar.count.text() == "none"
    bar.close_up()
    stage.document.undo()
    assert bar.hits == () and stage.is_in_step()


def test_keys_of_the_field_do_not_reach_the_canvas(stage: Stagehand) -> None:
    bar = searching(stage, "dense")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    before = stage.graph
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_C, Qt.Key.Key_Up):
        QTest.keyClick(bar.field, key)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert stage.graph is before
    assert stage.view.gesture is None


def test_stands_in_the_corner(stage: Stagehand) -> None:
    bar = searching(stage, "dense")
    for size in ((900, 800), (600, 400)):
        stage.view.resize(*size)
        assert stage.view.rect().contains(bar.geometry())
        assert bar.geometry().right() > size[0] - 20
