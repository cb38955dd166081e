"""Copying, renaming, menus, and a long random walk."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from designer.model.clipboard import MIME, to_text
from designer.model.starting import offered
from designer.model.untrained import shapes_of_specs
from engine.graph import Edge, Graph
from tests.designer.canvas.stagehand import ALT, CTRL, SHIFT, Stagehand, chain, layer

#: What the offscreen platform says when a menu pops up.
OFFSCREEN_POPUPS = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds, and the clipboard is empty."""
    QGuiApplication.clipboard().clear()
    yield
    assert stage.is_in_step()
    QGuiApplication.clipboard().clear()


# -- clipboard -------------------------------------------------------------------------------------


def test_copy_and_paste(stage: Stagehand) -> None:
    stage.click(stage.body("input"))
    stage.click(stage.body("dense"), SHIFT)
    stage.key(Qt.Key.Key_C, CTRL)
    assert not stage.document.stack.canUndo()
    stage.key(Qt.Key.Key_V, CTRL)
    assert stage.selection.nodes == {"input_1", "dense_3"}
    assert Edge("input_1", "dense_3") in stage.graph.edges
    assert stage.graph.nodes["input_1"].position == (32.0, 32.0)
    assert stage.document.stack.undoText() == "Paste 2 layers"
    stage.key(Qt.Key.Key_V, CTRL)
    assert stage.graph.nodes["input_2"].position == (64.0, 64.0)
    assert stage.document.stack.count() == 2


def test_cut_and_paste(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.key(Qt.Key.Key_X, CTRL)
    assert "dense_2" not in stage.graph.nodes
    assert stage.document.stack.undoText() == "Cut dense_2"
    stage.key(Qt.Key.Key_V, CTRL)
    assert "dense_2" in stage.graph.nodes


def test_duplicate_leaves_the_clipboard_alone(stage: Stagehand) -> None:
    QGuiApplication.clipboard().setText("mine")
    stage.click(stage.body("dense_2"))
    stage.key(Qt.Key.Key_D, CTRL)
    assert stage.selection.nodes == {"dense_3"}
    assert stage.graph.nodes["dense_3"].layer == stage.graph.nodes["dense_2"].layer
    assert QGuiApplication.clipboard().text() == "mine"


def test_copies_cross_over_as_text(qtbot: QtBot, stage: Stagehand) -> None:
    stage.view.select_all()
    stage.view.copy()
    text = QGuiApplication.clipboard().text()
    other = Stagehand(qtbot, Graph())
    QGuiApplication.clipboard().setText(text)
    other.view.paste()
    assert len(other.graph.nodes) == 4
    assert set(other.graph.edges) == set(stage.graph.edges)
    assert other.is_in_step()


def test_copying_nothing_says_so(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_C, CTRL)
    assert stage.said == ["Select the layers to copy first."]


@pytest.mark.parametrize("text", ["", "hello", '{"layerloom": "layers"}', "{" * 10_000])
def test_foreign_text_is_refused_in_a_sentence(stage: Stagehand, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    stage.key(Qt.Key.Key_V, CTRL)
    assert not stage.document.stack.canUndo()
    assert stage.said[-1].endswith(".")


def test_hostile_bytes_are_refused_in_a_sentence(stage: Stagehand) -> None:
    data = QMimeData()
    data.setData(MIME, QByteArray(b"\xff\xfe\x00{"))
    QGuiApplication.clipboard().setMimeData(data)
    stage.key(Qt.Key.Key_V, CTRL)
    assert not stage.document.stack.canUndo()
    assert stage.said[-1].endswith(".")


def test_out_of_sight_originals_are_pasted_into_sight(stage: Stagehand) -> None:
    far = stage.graph.part(["dense_2"]).moved(["dense_2"], (50_000.0, 0.0))
    QGuiApplication.clipboard().setText(to_text(far))
    stage.view.paste()
    assert stage.view.viewport().rect().contains(stage.pixel(stage.body("dense_3")))


# -- names -----------------------------------------------------------------------------------------


def field(stage: Stagehand) -> QLineEdit:
    found = [edit for edit in stage.view.viewport().findChildren(QLineEdit, "node-rename") if edit.isVisible()]
    assert len(found) == 1
    return found[0]


def name_of(stage: Stagehand, node: str) -> QPointF:
    return stage.scene.painter.name_rect(stage.box(node)).center()


def test_a_double_click_on_the_name_renames(stage: Stagehand) -> None:
    stage.double_click(name_of(stage, "dense"))
    QTest.keyClicks(field(stage), "hidden")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert stage.graph.nodes["dense"].label == "hidden"
    assert stage.document.stack.undoText() == "Rename dense"
    stage.document.undo()
    assert stage.graph.nodes["dense"].name == "dense"


def test_f2_renames_and_escape_does_not(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_F2)
    QTest.keyClicks(field(stage), "other")
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)
    assert not stage.document.stack.canUndo()
    assert stage.view.hasFocus()


def test_leaving_the_field_keeps_the_name(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.view.rename()
    field(stage).setText("  first\u202e layer ")
    stage.view.setFocus()
    assert stage.graph.nodes["dense"].label == "first layer"


def test_an_empty_name_returns_to_the_id(stage: Stagehand) -> None:
    stage.view.commands.rename("dense", "x")
    stage.view.commands.rename("dense", "   ")
    assert stage.graph.nodes["dense"].label == ""
    stage.view.commands.rename("nobody", "x")
    assert stage.document.stack.count() == 2


def test_keys_typed_into_the_field_are_no_commands(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.view.rename()
    QTest.keyClicks(field(stage), "c f+-")
    QTest.keyClick(field(stage), Qt.Key.Key_Backspace)
    assert field(stage).text() == "c f+"
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert stage.graph.nodes["dense"].label == "c f+"


# -- menus -----------------------------------------------------------------------------------------


def menu_at(stage: Stagehand, point: QPointF) -> dict[str, QAction]:
    place = stage.pixel(point)
    viewport = stage.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    menu = stage.view.findChild(QMenu, "canvas-menu")
    assert menu is not None
    found = {action.objectName().removeprefix("menu-"): action for action in menu.actions() if action.objectName()}
    menu.close()
    return found


@OFFSCREEN_POPUPS
def test_the_menu_of_a_node(stage: Stagehand) -> None:
    actions = menu_at(stage, stage.body("dense"))
    assert stage.selection.nodes == {"dense"}
    weights = {"share_weights", "own_weights", "freeze"}
    removing = {"delete", "delete_only", "cut", "unwire", "groups.group", "groups.ungroup"}
    others = {"rename", "connect_by_keyboard", "duplicate", "copy", "edit_parameters", "arranging.arrange"}
    assert removing | others | weights | {"notes.frame"} == actions.keys()
    actions["unwire"].trigger()
    assert stage.graph.edges == ()
    assert stage.document.stack.undoText() == "Disconnect dense"


@OFFSCREEN_POPUPS
def test_the_menu_keeps_a_larger_selection(stage: Stagehand) -> None:
    stage.view.select_all()
    menu_at(stage, stage.body("dense"))["delete"].trigger()
    assert stage.graph.nodes == {}


@OFFSCREEN_POPUPS
def test_the_menu_of_a_wire(stage: Stagehand) -> None:
    edge = Edge("dense", "dense_1")
    actions = menu_at(stage, stage.scene.wires[edge].shape_value.middle)
    assert actions.keys() == {"delete"}
    actions["delete"].trigger()
    assert edge not in stage.graph.edges


@OFFSCREEN_POPUPS
def test_the_menu_of_the_ground_pastes_there(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.view.copy()
    actions = menu_at(stage, QPointF(300, 400))
    assert actions.keys() == {
        *("paste_here", "select_all", "fit", "zoom_reset", "offer_here", "add_note_here", "arranging.arrange")
    }
    actions["paste_here"].trigger()
    x, y = stage.graph.nodes["dense_3"].position
    assert (round(x / 4), round(y / 4)) == (75, 100)


# -- a long walk -----------------------------------------------------------------------------------


def steps(stage: Stagehand, dice: random.Random) -> list[Callable[[], object]]:
    """What a restless user may do next."""
    keys = list(stage.graph.nodes)
    somewhere = QPointF(dice.uniform(-200, 600), dice.uniform(-100, 600))
    found: list[Callable[[], object]] = [
        lambda: stage.view.add_layer(dice.choice(offered())),
        lambda: stage.drag(somewhere, somewhere + QPointF(dice.uniform(-300, 300), 200)),
        lambda: (stage.view.arranging.arrange(), stage.view.glide.end()),
        lambda: (stage.view.arranging.align_left(), stage.view.glide.end()),
        lambda: stage.click(somewhere),
        stage.document.undo,
        stage.document.redo,
        stage.view.copy,
        lambda: stage.key(Qt.Key.Key_V, CTRL),
        lambda: stage.view.commands.step(dice.random() < 0.5),
        lambda: stage.key(dice.choice([Qt.Key.Key_Left, Qt.Key.Key_Down])),
        stage.view.commands.unwire,
        stage.view.fit,
    ]
    if keys:
        a, b = dice.choice(keys), dice.choice(keys)
        found += [
            lambda: stage.click(stage.body(a)),
            lambda: stage.click(stage.body(a), SHIFT),
            lambda: stage.drag(stage.body(a), stage.body(a) + QPointF(dice.randint(-90, 90), dice.randint(-90, 90))),
            lambda: stage.drag(stage.body(a), stage.body(a) + QPointF(dice.randint(-90, 90), 120), ALT),
            lambda: stage.view.commands.rename(a, f"n{dice.randint(0, 9)}"),
        ]
        if stage.graph.nodes[a].layer.outputs:
            found += 3 * [lambda: stage.drag(stage.output(a), stage.body(b))]
        if len(keys) > 12:
            found += 3 * [lambda: stage.key(Qt.Key.Key_Delete), lambda: stage.key(Qt.Key.Key_Delete, SHIFT)]
    if stage.graph.edges:
        edge = dice.choice(stage.graph.edges)
        found += [
            lambda: stage.drag(stage.scene.wires[edge].shape_value.end, somewhere),
            lambda: stage.click(stage.scene.wires[edge].shape_value.middle),
        ]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_scene_follows_every_step_of_a_walk(qtbot: QtBot, seed: int) -> None:
    dice = random.Random(seed)
    stage = Stagehand(qtbot, chain(layer("Input", shape=(6,)), layer("Dense", units=3)))
    start = stage.document.project
    for _ in range(70):
        dice.choice(steps(stage, dice))()
        assert stage.is_in_step()
        assert stage.view.gesture is None
    while stage.document.stack.canUndo():
        stage.document.undo()
        assert stage.is_in_step()
    assert stage.document.project == start


def test_another_project_replaces_everything(stage: Stagehand) -> None:
    stage.view.select_all()
    stage.document.reset(stage.document.project.with_graph(chain(layer("Input", shape=(2,)))))
    assert stage.scene.nodes.keys() == {"input"}
    assert stage.scene.wires == {}
    assert stage.view.viewport().rect().contains(QPoint(10, 10))


@pytest.mark.parametrize("way", ["duplicate", "paste", "drag"])
def test_copies_inherit_no_weights_of_deleted_layers(stage: Stagehand, way: str) -> None:
    stage.document.set_learnt(shapes_of_specs(stage.document.inference.weights))
    stage.click(stage.body("dense_1"))
    stage.key(Qt.Key.Key_Delete)
    stage.click(stage.body("dense"))
    if way == "duplicate":
        stage.key(Qt.Key.Key_D, CTRL)
    elif way == "paste":
        stage.key(Qt.Key.Key_C, CTRL)
        stage.key(Qt.Key.Key_V, CTRL)
    else:
        stage.drag(stage.body("dense"), stage.body("dense") + QPointF(300, 30), ALT)
    assert set(stage.graph.nodes) == {"input", "dense", "dense_2", "dense_3"}
    stage.document.edit("Wire", stage.document.project.with_graph(stage.graph.connect(Edge("input", "dense_3"))))
    assert stage.document.untrained == {"dense_3"}
    assert stage.selection.only_node == "dense_3"
