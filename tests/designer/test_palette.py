"""The palette: what it lists, finds, and hands out."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.finding import found_layers
from designer.model.mathematics import readable
from designer.model.selection import Selection
from designer.model.starting import offered
from designer.model.teaching import formula
from designer.panels.palette import Palette
from engine import registry
from engine.catalogue.layers.base import Layer
from engine.component import component, setting
from engine.constraints import Whole

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@component
class Doubling(Layer):
    """y = times · x."""

    category: ClassVar[str] = "Experiments"
    aliases: ClassVar[tuple[str, ...]] = ("TimesTwo",)
    times: Annotated[int, Whole(1, 9)] = setting(2, "Factor.")


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette(Document())
    qtbot.addWidget(made)
    made.resize(232, 700)
    made.show()
    return made


def shown(palette: Palette) -> list[str]:
    """Titles of the layers in the list."""
    rows = (palette.list.item(row) for row in range(palette.list.count()))
    return [row.text() for row in rows if row.data(Qt.ItemDataRole.UserRole) is not None]


def place(palette: Palette, title: str) -> QPoint:
    """Where a layer's row is, in the list's viewport."""
    return palette.list.visualItemRect(palette.list.reveal(title)).center()


def test_it_lists_every_layer_under_its_category(palette: Palette) -> None:
    assert sorted(shown(palette)) == sorted(cls.title for cls in offered())
    heading = ""
    for row in range(palette.list.count()):
        item = palette.list.item(row)
        cls = item.data(Qt.ItemDataRole.UserRole)
        if cls is None:
            heading = item.text()
        else:
            assert cls.category == heading
            assert readable(formula(cls)) in item.toolTip()


def test_a_layer_registered_later_appears(palette: Palette) -> None:
    registry.layers.add(Doubling, *Doubling.aliases)
    try:
        assert "Doubling" not in shown(palette)
        palette.refresh()
        assert "Doubling" in shown(palette)
        palette.search.setText("timestwo")
        assert shown(palette) == ["Doubling"]
    finally:
        registry.layers.remove("Doubling")
    palette.search.clear()
    assert "Doubling" not in shown(palette)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("den", "Dense"),
        ("DENSE", "Dense"),
        ("pool max", "MaxPooling2D"),
        ("mxp", "MaxPooling2D"),
        ("maxpool2d", "MaxPooling2D"),
        ("flat", "Flatten"),
    ],
)
def test_searching(text: str, first: str) -> None:
    assert found_layers(offered(), text)[0].key == first


def test_every_layer_is_found_by_its_names() -> None:
    for cls in offered():
        for name in (cls.title, cls.key, *getattr(cls, "aliases", ())):
            assert cls in found_layers(offered(), name), name


@pytest.mark.parametrize("text", ["zzzz", "dense zzzz", "<b>", "((", "\\"])
def test_nothing_found_says_so(palette: Palette, text: str) -> None:
    palette.search.setText(text)
    label = palette.findChild(QLabel, "palette-nothing")
    assert label is not None
    assert label.isVisible()
    assert text in label.text()
    assert label.textFormat() == Qt.TextFormat.PlainText
    palette.search.clear()
    assert not label.isVisible()


def test_enter_sends_the_first_layer_found(palette: Palette) -> None:
    spy = QSignalSpy(palette.chosen)
    palette.focus_search()
    QTest.keyClicks(palette.search, "flat")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert [row[0].key for row in _rows(spy)] == ["Flatten"]


def test_the_keyboard_walks_from_the_search_into_the_list_and_back(qtbot: QtBot, palette: Palette) -> None:
    palette.activateWindow()
    qtbot.waitUntil(palette.isActiveWindow)
    palette.focus_search()
    spy = QSignalSpy(palette.chosen)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.hasFocus()
    assert palette.list.currentItem().text() == "Input"
    for _ in range(2):  # over the heading of the next category
        QTest.keyClick(palette.list, Qt.Key.Key_Down)
    QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert [row[0].category for row in _rows(spy)] == ["Core"]
    for _ in range(4):
        QTest.keyClick(palette.list, Qt.Key.Key_Up)
    assert palette.search.hasFocus()


def visible(palette: Palette, category: str) -> set[bool]:
    rows = range(palette.list.count())
    classes = {row: palette.list.item(row).data(Qt.ItemDataRole.UserRole) for row in rows}
    return {not palette.list.isRowHidden(row) for row, cls in classes.items() if cls and cls.category == category}


def heading(palette: Palette, category: str) -> QPoint:
    """Where a category's heading is."""
    rows = [palette.list.item(row) for row in range(palette.list.count())]
    (item,) = [row for row in rows if row.text() == category and row.data(Qt.ItemDataRole.UserRole) is None]
    palette.list.scrollToItem(item)
    return palette.list.visualItemRect(item).center()


def test_a_click_on_a_heading_opens_and_closes_its_layers(palette: Palette) -> None:
    assert visible(palette, "Merge") == {False}
    QTest.mouseClick(palette.list.viewport(), LEFT, NONE, heading(palette, "Merge"))
    assert visible(palette, "Merge") == {True}
    palette.refresh()
    assert visible(palette, "Merge") == {True}
    QTest.mouseClick(palette.list.viewport(), LEFT, NONE, heading(palette, "Merge"))
    assert visible(palette, "Merge") == {False}


def test_arrows_close_and_open_a_category(palette: Palette) -> None:
    palette.list.setFocus()
    palette.list.setCurrentItem(palette.list.reveal("Dense"))
    QTest.keyClick(palette.list, Qt.Key.Key_Left)
    assert visible(palette, "Core") == {False} and palette.list.currentItem().text() == "Core"
    QTest.keyClick(palette.list, Qt.Key.Key_Right)
    assert visible(palette, "Core") == {True}
    QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert visible(palette, "Core") == {False}


def test_what_is_hidden_is_found(palette: Palette) -> None:
    palette.search.setText("subtract")
    assert shown(palette) == ["Subtract"] and not palette.list.isRowHidden(0)


def test_letters_typed_on_the_list_search(palette: Palette) -> None:
    palette.list.setFocus()
    QTest.keyClick(palette.list, Qt.Key.Key_D)
    assert palette.search.text() == "d"
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""


def test_a_double_click_sends_the_layer(palette: Palette) -> None:
    spy = QSignalSpy(palette.chosen)
    at = place(palette, "Dense")
    QTest.mouseClick(palette.list.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(palette.list.viewport(), LEFT, NONE, at)
    assert [row[0].key for row in _rows(spy)] == ["Dense"]


def test_a_small_movement_is_no_drag(palette: Palette) -> None:
    spies = [QSignalSpy(palette.drag_started), QSignalSpy(palette.drag_released)]
    at = place(palette, "Dense")
    viewport = palette.list.viewport()
    QTest.mousePress(viewport, LEFT, NONE, at)
    QTest.mouseMove(viewport, at + QPoint(QApplication.startDragDistance() - 1, 0))
    QTest.mouseRelease(viewport, LEFT, NONE, at)
    assert [spy.count() for spy in spies] == [0, 0]


def test_escape_cancels_a_drag(palette: Palette) -> None:
    spies = [QSignalSpy(palette.drag_cancelled), QSignalSpy(palette.drag_released)]
    at = place(palette, "Dense")
    viewport = palette.list.viewport()
    QTest.mousePress(viewport, LEFT, NONE, at)
    QTest.mouseMove(viewport, at + QPoint(60, 0))
    QTest.keyClick(palette.list, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, NONE, at + QPoint(60, 0))
    assert [spy.count() for spy in spies] == [1, 0]


def test_a_layer_is_dragged_onto_the_canvas(palette: Palette, qtbot: QtBot) -> None:
    document = Document()
    view = CanvasView(document, Selection(document))
    qtbot.addWidget(view)
    view.move(300, 0)
    view.resize(700, 600)
    view.show()
    view.take_layers_from(palette)
    at, source = place(palette, "Dense"), palette.list.viewport()
    there = view.viewport().mapToGlobal(QPoint(350, 300))
    QTest.mousePress(source, LEFT, NONE, at)
    QTest.mouseMove(source, at + QPoint(40, 0))
    QTest.mouseMove(source, source.mapFromGlobal(there))
    assert document.project.graph.nodes == {}
    QTest.mouseRelease(source, LEFT, NONE, source.mapFromGlobal(there))
    assert document.project.graph.nodes.keys() == {"dense"}
    assert document.stack.count() == 1
    box = view.canvas.nodes["dense"].box
    assert view.mapFromScene(box.rect).boundingRect().contains(QPoint(350, 300))


def _rows(spy: QSignalSpy) -> list[list[type[Layer]]]:
    return [spy.at(row) for row in range(spy.count())]


def test_enter_puts_the_keyboard_on_the_canvas(qtbot: QtBot, palette: Palette) -> None:
    document = Document()
    selection = Selection(document)
    canvas = CanvasView(document, selection)
    qtbot.addWidget(canvas)
    canvas.take_layers_from(palette)
    canvas.show()
    palette.search.setText("dense")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert canvas.window().focusWidget() is canvas
    (made,) = document.project.graph.nodes
    assert selection.nodes == {made}
    document.undo()
    assert canvas.window().focusWidget() is canvas
    document.redo()
    selection.clear()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert selection.nodes == {made}
