"""Models used as layers: frames on the canvas, moved and selected by their strip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from designer.canvas.frame_item import STRIP
from designer.canvas.tooltips import tooltip
from designer.model.groups import Group, groups_of
from engine import Input, Model, Sequential
from engine.graph import Graph
from engine.io import load_project
from engine.layers import Activation, Concatenate, Dense
from tests.designer.canvas.stagehand import CTRL, SHIFT, Stagehand, chain, layer

popups = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


def nested() -> Graph:
    """input -> encoder/dense -> encoder/deep/dense -> encoder/deep/act -> dense."""
    dense = layer("Dense", units=4)
    graph = chain(layer("Input", shape=(4,)), dense, dense, layer("Dropout", rate=0.5), dense, step=160.0)
    labels = {"dense": "encoder/dense", "dense_1": "encoder/deep/dense", "dropout": "encoder/deep/act"}
    for key, label in labels.items():
        graph = graph.labelled(key, label)
    return graph


@pytest.fixture
def stage(qtbot: QtBot) -> Stagehand:
    made = Stagehand(qtbot, nested())
    made.view.fit()
    return made


def strip(stage: Stagehand, name: str) -> QPointF:
    """A point of the strip where no wire crosses it."""
    area = stage.scene.frames[name].strip
    return QPointF(area.left() + 40, area.center().y())


def test_names_with_slashes_make_groups() -> None:
    graph = nested()
    found = {group.name: (group.nodes, group.height) for group in groups_of(graph)}
    inner = ("dense_1", "dropout")
    assert found == {"encoder": (("dense", *inner), 2), "encoder/deep": (inner, 1)}
    for label in ("/a", "a/", "a//", "plain", "a/b"):  # a single layer needs no frame
        assert groups_of(Graph({"dense": graph.labelled("dense", label).nodes["dense"]})) == ()


def test_frames_stand_around_their_layers(stage: Stagehand) -> None:
    frames = stage.scene.frames
    assert set(frames) == {"encoder", "encoder/deep"}
    for frame in frames.values():
        assert all(frame.rect.contains(stage.box(key).rect) for key in frame.group.nodes)
    assert frames["encoder"].rect.contains(frames["encoder/deep"].rect)
    assert stage.box("dense").rect.top() - frames["encoder"].rect.top() < 46, "there is room between two rows"
    assert not frames["encoder"].rect.intersects(stage.box("input").rect)
    assert frames["encoder/deep"].strip.top() >= stage.box("dense").rect.bottom()
    assert frames["encoder/deep"].strip.height() == STRIP
    assert stage.scene.nodes["dense_1"].look.name == "dense"
    text = tooltip(stage.scene, stage.scene.spot(strip(stage, "encoder")))
    assert "encoder" in text and "3 layers, 40 weights" in text
    assert stage.is_in_step()


def test_dragging_the_strip_moves_all_its_layers(stage: Stagehand) -> None:
    before = {key: node.position for key, node in stage.graph.nodes.items()}
    start = strip(stage, "encoder")
    stage.drag(start, start + QPointF(400, 0), release=False)
    frame = stage.scene.frames["encoder"]
    assert frame.rect.contains(stage.box("dropout").rect) and stage.box("dense").rect.left() > 300
    stage.release(start + QPointF(400, 0))
    after = {key: node.position for key, node in stage.graph.nodes.items()}
    ways = {key: (after[key][0] - before[key][0], after[key][1] - before[key][1]) for key in before}
    moved = {key for key, way in ways.items() if way != (0.0, 0.0)}
    assert moved == {"dense", "dense_1", "dropout"} and len({ways[key] for key in moved}) == 1
    assert stage.document.stack.count() == 1
    stage.document.undo()
    assert {key: node.position for key, node in stage.graph.nodes.items()} == before
    assert stage.is_in_step()


def test_groups_are_found_anew_only_where_names_changed(stage: Stagehand, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[Graph] = []

    def counted(graph: Graph) -> tuple[Group, ...]:
        searched.append(graph)
        return groups_of(graph)

    monkeypatch.setattr("designer.canvas.scene.groups_of", counted)
    document, project = stage.document, stage.document.project
    document.edit("Units", project.with_graph(stage.graph.with_layer("dense", layer("Dense", units=7))))
    document.edit("Move", project.with_graph(stage.graph.moved(["dropout"], (50.0, 0.0))))
    document.edit("Cut", project.with_graph(stage.graph.disconnected(stage.graph.edges[-1:])))
    assert searched == []
    assert stage.scene.frames["encoder/deep"].rect.contains(stage.box("dropout").rect)
    for count, graph in enumerate((stage.graph.labelled("dropout", "act"), stage.graph.without(["dense_1"])), 1):
        document.edit("Names", project.with_graph(graph))
        assert len(searched) == count and set(stage.scene.frames) == {group.name for group in groups_of(graph)}
    document.reset(project)
    assert len(searched) == 3 and set(stage.scene.frames) == {"encoder", "encoder/deep"}
    assert stage.is_in_step()


def name_field(stage: Stagehand) -> QLineEdit:
    found = [edit for edit in stage.view.viewport().findChildren(QLineEdit, "node-rename") if edit.isVisible()]
    assert len(found) == 1
    return found[0]


def type_name(stage: Stagehand, name: str) -> None:
    QTest.keyClicks(name_field(stage), name)
    QTest.keyClick(name_field(stage), Qt.Key.Key_Return)


def test_keys_group_and_ungroup_the_selection(stage: Stagehand) -> None:
    start = stage.document.project
    stage.click(stage.body("input"))
    stage.key(Qt.Key.Key_G, CTRL)
    assert stage.said[-1] == "Select two layers or more; then they can be grouped."
    stage.click(stage.body("dense_2"), SHIFT)
    stage.key(Qt.Key.Key_G, CTRL)
    assert name_field(stage).text() == "block"
    QTest.keyClick(name_field(stage), Qt.Key.Key_Escape)
    assert stage.document.project == start
    stage.key(Qt.Key.Key_G, CTRL)
    type_name(stage, "ends")
    assert set(stage.scene.frames) == {"encoder", "encoder/deep", "ends"}
    assert stage.document.stack.undoText() == "Group 2 layers" and stage.document.stack.count() == 1
    stage.key(Qt.Key.Key_G, CTRL)
    type_name(stage, "encoder")
    assert stage.said[-1] == "There is a group called 'encoder' already. Choose another name."
    assert stage.is_in_step()
    stage.key(Qt.Key.Key_G, CTRL | SHIFT)
    assert stage.document.project == start and stage.document.stack.count() == 2
    stage.document.undo()
    assert "ends" in stage.scene.frames
    stage.document.undo()
    assert stage.document.project == start and stage.is_in_step()


def test_a_group_is_renamed_on_its_strip_and_by_f2(stage: Stagehand) -> None:
    stage.double_click(strip(stage, "encoder"))
    type_name(stage, "coder")
    assert set(stage.scene.frames) == {"coder", "coder/deep"}
    assert stage.document.stack.undoText() == "Rename encoder"
    stage.click(strip(stage, "coder/deep"))
    stage.key(Qt.Key.Key_F2)
    assert name_field(stage).text() == "deep"
    type_name(stage, "far/down")
    assert set(stage.scene.frames) == {"coder", "coder/far", "coder/far/down"}
    assert stage.document.stack.count() == 2
    assert stage.is_in_step()


def test_a_copy_of_a_group_is_a_group_of_its_own(stage: Stagehand) -> None:
    stage.click(strip(stage, "encoder"))
    stage.key(Qt.Key.Key_D, CTRL)
    assert set(stage.scene.frames) == {"encoder", "encoder/deep", "encoder_1", "encoder_1/deep"}
    assert stage.selection.nodes == set(stage.scene.frames["encoder_1"].group.nodes)
    stage.selection.set(["dense"])
    stage.key(Qt.Key.Key_D, CTRL)
    assert len(stage.scene.frames["encoder"].group.nodes) == 4, "a copy of one layer stays in its group"
    assert stage.is_in_step()


@popups
def test_a_click_selects_and_the_menu_serves_the_group(stage: Stagehand) -> None:
    stage.click(strip(stage, "encoder/deep"))
    assert stage.selection.nodes == {"dense_1", "dropout"}
    assert not stage.document.stack.canUndo()
    stage.selection.set(["input"])
    stage.click(strip(stage, "encoder/deep"), SHIFT)
    assert stage.selection.nodes == {"input", "dense_1", "dropout"}
    pixel = stage.pixel(strip(stage, "encoder"))
    place = stage.view.viewport().mapToGlobal(pixel)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, place)
    QApplication.sendEvent(stage.view.viewport(), event)
    menu = next(m for m in stage.view.findChildren(QMenu, "canvas-menu") if m.isVisible())
    entries = {action.objectName(): action for action in menu.actions() if action.objectName()}
    names = ("copy", "cut", "duplicate", "freeze", "delete", "delete_only", "arranging.arrange")
    names += ("groups.group", "groups.ungroup", "groups.fold", "repeating.ask", "blocks.keep", "rename")
    assert set(entries) == {f"menu-{name}" for name in names}
    entries["menu-freeze"].trigger()
    menu.close()
    assert stage.graph.frozen == {"dense", "dense_1", "dropout"} & set(stage.view.weights.chosen)
    assert stage.graph.frozen == {"dense", "dense_1"}


def test_renaming_out_of_a_group_takes_the_frame_away(stage: Stagehand) -> None:
    stage.view.commands.rename("dropout", "act")
    assert set(stage.scene.frames) == {"encoder"}
    stage.document.undo()
    assert set(stage.scene.frames) == {"encoder", "encoder/deep"}
    stage.selection.set(["dense", "dense_1"])
    stage.key(Qt.Key.Key_Delete)
    assert stage.scene.frames == {}
    assert stage.is_in_step()


def test_a_saved_model_of_models_shows_its_frames(stage: Stagehand, tmp_path: Path) -> None:
    base = Sequential([Input((3,)), Dense(4, activation="relu"), Dense(2), Activation("tanh")], name="base")
    one, other = Input((3,)), Input((3,))
    model = Model([one, other], Dense(1)(Concatenate()([base(one), base(other)])))
    model.compile("sgd", "mse")
    model.fit([np.zeros((4, 3))] * 2, np.zeros(4), verbose=0)
    model.save(tmp_path / "twins.loom")
    opened = load_project(tmp_path / "twins.loom")
    stage.document.reset(opened.project)
    frames = stage.scene.frames
    assert set(frames) == {"base", "base (2)"}
    assert [len(frame.group.nodes) for frame in frames.values()] == [3, 3]
    looks = [stage.scene.nodes[key].look for key in frames["base"].group.nodes]
    assert [look.name for look in looks] == ["dense", "dense_1", "activation"]
    assert [look.marks for look in looks] == [("mdi6.link-variant",), ("mdi6.link-variant",), ()]
    assert [look.kin for look in looks] == ["A", "B", ""], "a layer without weights shares nothing"
