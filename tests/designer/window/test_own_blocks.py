"""Blocks of the user's own, from one project's canvas through the palette onto another's."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from designer.model.groups import groups_of
from designer.window.settings import blocks_folder
from engine.project import Project
from tests.designer.canvas.stagehand import chain, layer


@pytest.fixture
def kept(window):
    """A window whose network's middle two layers were kept as 'pair'; nothing is selected."""
    graph = chain(layer("Input", shape=(4,)), *[layer("Dense", units=4)] * 3)
    window.document.edit("Draw", window.document.project.with_graph(graph))
    window.selection.set({"dense", "dense_1"})
    window.commands["keep-block"].trigger()
    field = window.canvas.viewport().findChild(QLineEdit, "block-name")
    QTest.keyClicks(field, "pair")
    QTest.keyClick(field, Qt.Key.Key_Return)
    window.selection.clear()
    return window


def names(window) -> list[str]:
    return [group.name for group in groups_of(window.document.project.graph)]


def test_a_kept_block_stands_in_the_palette_and_goes_back_to_canvases(kept) -> None:
    window, palette = kept, kept._palette
    assert len(list(blocks_folder().glob("pair-*.json"))) == 1
    assert names(window) == [], "keeping changes nothing in the network"
    assert palette.list.item(0).text() == "My blocks" and palette.list.item(1).text() == "pair"
    window.document.reset(Project())
    palette.list.setCurrentRow(1)
    QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert names(window) == ["pair"] and len(window.selection.nodes) == 2
    QTest.keyClick(palette.list, Qt.Key.Key_Return)
    graph = window.document.project.graph
    assert names(window) == ["pair", "pair_1"]
    first, second = (group.nodes for group in groups_of(graph))
    assert [edge.source for edge in graph.into(second[0])] == [first[1]], "it follows what is selected"
    palette.search.setText("pai")
    assert palette.list.item(0).text() == "pair" and palette.current is None
    window.document.undo()
    assert names(window) == ["pair"]


def test_a_block_is_dragged_onto_the_canvas(kept) -> None:
    window, palette = kept, kept._palette
    rows, canvas = palette.list, kept.canvas
    start = rows.visualItemRect(rows.item(1)).center()
    end = canvas.viewport().rect().center()
    QTest.mousePress(rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    there = rows.viewport().mapFromGlobal(canvas.viewport().mapToGlobal(end))
    for place in (start + QPoint(30, 0), there):
        QTest.mouseMove(rows.viewport(), place)
        palette.drag_moved.emit(rows.viewport().mapToGlobal(place))
    palette.drag_released.emit(rows.viewport().mapToGlobal(there))
    QTest.mouseRelease(rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    assert names(window) == ["pair"] and len(window.document.project.graph.nodes) == 6
    top = canvas.canvas.frames["pair"].group.nodes[0]
    off = canvas.canvas.nodes[top].box.rect.center() - canvas.mapToScene(end)
    assert max(abs(off.x()), abs(off.y())) <= 8.0 and isinstance(off, QPointF)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_blocks_are_renamed_and_deleted_in_the_palette(kept, qtbot) -> None:
    rows = kept._palette.list
    rows.setCurrentRow(1)
    QTest.keyClick(rows, Qt.Key.Key_F2)
    field = rows.viewport().findChild(QLineEdit)
    field.setText("twins")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [block.name for block in kept.blocks.library.blocks] == ["twins"])
    assert rows.item(1).text() == "twins"
    rows.setCurrentRow(1)
    place = rows.visualItemRect(rows.item(1)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, rows.viewport().mapToGlobal(place))
    QApplication.sendEvent(rows.viewport(), event)
    menu = rows.findChild(QMenu, "block-menu")
    assert {action.objectName() for action in menu.findChildren(QAction)} >= {"block-put", "block-rename"}
    menu.findChild(QAction, "block-delete").trigger()
    menu.close()
    assert kept.blocks.library.blocks == () and rows.item(0).text() != "My blocks"
    assert list(blocks_folder().glob("*.json")) == []


def test_a_damaged_block_is_told_once(window) -> None:
    blocks_folder().mkdir(parents=True, exist_ok=True)
    (blocks_folder() / "bad.json").write_text("{")
    window.blocks.library.refresh()
    assert "'bad.json' cannot be read" in window.messages.text
    window.messages.hide()
    window.blocks.library.refresh()
    assert window.messages.isHidden()
