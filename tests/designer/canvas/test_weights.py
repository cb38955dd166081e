"""Sharing and freezing weights on the canvas, with real keys and menus."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from designer.canvas.look import SHARED
from designer.canvas.tooltips import tooltip
from engine.graph import Edge, Node
from tests.designer.canvas.stagehand import SHIFT, Stagehand, chain, layer

popups = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


@pytest.fixture
def stage(qtbot: QtBot) -> Stagehand:
    """input -> dense -> dense_1 -> dropout, all of one size; input_1 -> dense_2 of another."""
    dense = layer("Dense", units=4)
    graph = chain(layer("Input", shape=(4,)), dense, dense, layer("Dropout", rate=0.5), step=130.0)
    graph = graph.add(Node("input_1", layer("Input", shape=(9,)), (300.0, 0.0)))
    graph = graph.add(Node("dense_2", layer("Dense", units=2), (300.0, 130.0))).connect(Edge("input_1", "dense_2"))
    return Stagehand(qtbot, graph)


def menu(stage: Stagehand, name: str) -> QMenu:
    found = [m for m in stage.view.findChildren(QMenu, name) if m.isVisible()]
    assert found, name
    return found[-1]


def context(stage: Stagehand, at: QPointF) -> QMenu:
    pixel = stage.pixel(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, stage.view.viewport().mapToGlobal(pixel))
    QApplication.sendEvent(stage.view.viewport(), event)
    return menu(stage, "canvas-menu")


@popups
def test_a_layer_chooses_whose_weights_it_uses(stage: Stagehand) -> None:
    stage.click(stage.body("dense_1"))
    stage.key(Qt.Key.Key_W)
    offered = menu(stage, "canvas-choice")
    assert [action.text() for action in offered.actions()] == ["dense"], "the weights of dense_2 do not fit"
    tip = offered.actions()[0].toolTip()
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == "Use the weights of 'dense'."
    QTest.keyClick(offered, Qt.Key.Key_Return)
    assert stage.graph.nodes["dense_1"].shares == "dense"
    assert stage.document.stack.undoText() == "Share weights of dense"

    for key in ("dense", "dense_1"):
        assert stage.scene.nodes[key].look.marks == (SHARED,)
    assert stage.scene.nodes["dense"].state.linked and not stage.scene.nodes["dense_2"].state.linked
    stage.selection.clear()
    stage.move(stage.body("dense"))
    assert stage.scene.nodes["dense_1"].state.linked, "the pointer on one shows the others"
    text = tooltip(stage.scene, stage.scene.spot(stage.body("dense")))
    assert "Shares its weights with dense_1." in text

    stage.click(stage.body("dense_1"))
    stage.key(Qt.Key.Key_W, SHIFT)
    assert stage.graph.nodes["dense_1"].shares == ""
    stage.document.undo()
    stage.document.undo()
    assert not stage.graph.lenders
    assert stage.is_in_step()


def test_several_selected_layers_share_at_once(stage: Stagehand) -> None:
    stage.selection.set(["dense", "dense_1", "dropout"])
    stage.key(Qt.Key.Key_W)
    assert stage.graph.family("dense") == ("dense", "dense_1")
    stage.key(Qt.Key.Key_W)
    assert stage.said[-1] == "These layers share their weights already."
    stage.selection.set(["dense", "dense_2"])
    before = stage.graph
    stage.key(Qt.Key.Key_W)
    assert stage.graph is before
    assert stage.said[-1].startswith("These layers cannot share the weights of 'dense'.")


def test_what_cannot_be_shared_is_said(stage: Stagehand) -> None:
    stage.selection.clear()
    stage.key(Qt.Key.Key_W)
    assert stage.said[-1].startswith("Select the layer")
    stage.selection.set(["dense_2"])
    stage.key(Qt.Key.Key_W)
    assert stage.said[-1].startswith("No other layer of the kind of 'dense_2'")
    stage.key(Qt.Key.Key_W, SHIFT)
    assert stage.said[-1] == "The selected layers have weights of their own already."
    stage.selection.set(["dropout"])
    stage.key(Qt.Key.Key_L)
    assert stage.said[-1].startswith("Select a layer with weights")
    assert not stage.document.stack.canUndo()


@popups
def test_the_lock_freezes_and_thaws(stage: Stagehand) -> None:
    entries = {action.objectName(): action for action in context(stage, stage.body("dense")).actions()}
    assert entries["menu-freeze"].isEnabled() and not entries["menu-freeze"].isChecked()
    assert not entries["menu-own_weights"].isEnabled()
    entries["menu-freeze"].trigger()
    menu(stage, "canvas-menu").close()
    assert stage.graph.frozen == {"dense"}
    assert stage.scene.nodes["dense"].look.marks == ("mdi6.lock-outline",)
    assert "Frozen" in tooltip(stage.scene, stage.scene.spot(stage.body("dense")))
    stage.selection.set(["dense", "dense_1"])
    stage.key(Qt.Key.Key_L)
    assert stage.graph.frozen == {"dense", "dense_1"}, "some are trained, so all are frozen first"
    stage.key(Qt.Key.Key_L)
    assert not stage.graph.frozen
    stage.document.undo()
    assert stage.graph.frozen == {"dense", "dense_1"}
    entries = {action.objectName(): action for action in context(stage, stage.body("dense")).actions()}
    assert entries["menu-freeze"].isChecked()
    menu(stage, "canvas-menu").close()
    entries = {action.objectName(): action for action in context(stage, stage.body("dropout")).actions()}
    assert not entries["menu-freeze"].isEnabled() and not entries["menu-share_weights"].isEnabled()
    menu(stage, "canvas-menu").close()


def test_several_families_have_letters(stage: Stagehand) -> None:
    graph = stage.graph.sharing("dense_1", "dense")
    for number in (3, 4):
        key = f"dense_{number}"
        graph = graph.add(Node(key, layer("Dense", units=2), (300.0, 150.0 * number))).connect(Edge("dropout", key))
    stage.document.edit("Share", stage.document.project.with_graph(graph))
    assert {item.look.kin for item in stage.scene.nodes.values()} == {""}, "one family needs no letter"
    stage.document.edit("Share", stage.document.project.with_graph(graph.sharing("dense_4", "dense_3")))
    kin = {key: item.look.kin for key, item in stage.scene.nodes.items() if item.look.kin}
    assert kin == {"dense": "A", "dense_1": "A", "dense_3": "B", "dense_4": "B"}
