"""Folded groups: one card instead of many, drawn, moved, copied and walked over as one thing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from designer.canvas.folding import fold, unfold_around, with_fold
from designer.canvas.picture import svg
from designer.canvas.spoken import described
from designer.canvas.tooltips import tooltip
from designer.canvas.walking import Walk
from designer.model.folding import OPEN, contracted, folding
from designer.model.groups import groups_of
from engine.graph import Edge, Graph, Node
from engine.project import Project
from tests.designer.canvas.stagehand import ALT, CTRL, SHIFT, Stagehand, chain, layer
from tests.designer.canvas.walks import check_scene


def residual(step: float = 110.0) -> Graph:
    """input -> a -> block/one -> block/two -> block/sum, where a leads past them, too; then an output."""
    dense = layer("Dense", units=4)
    graph = chain(layer("Input", shape=(4,)), *[dense] * 3, layer("Add"), layer("Dense", units=2), step=step)
    for key, label in {"dense_1": "block/one", "dense_2": "block/two", "add": "block/sum"}.items():
        graph = graph.labelled(key, label)
    return graph.connect(Edge("dense", "add", "y", "x"))


@pytest.fixture
def stage(qtbot: QtBot) -> Stagehand:
    made = Stagehand(qtbot, residual())
    made.view.fit()
    return made


def shut(stage: Stagehand, name: str = "block") -> None:
    fold(stage.document, next(group for group in groups_of(stage.graph) if group.name == name), folded=True)


def test_the_triangle_folds_and_unfolds_as_one_step_each(stage: Stagehand) -> None:
    start = stage.document.project
    stage.click(stage.scene.frames["block"].mark.center())
    assert stage.document.project.sketch.folded == {"block"} and stage.document.stack.undoText() == "Fold block"
    assert set(stage.scene.cards) == {"block"} and not stage.scene.frames
    shown = {key for key, item in stage.scene.nodes.items() if item.isVisible()}
    assert shown == {"input", "dense", "dense_3"}
    wires = {(edge.source, edge.target) for edge, item in stage.scene.wires.items() if item.isVisible()}
    assert wires == {("input", "dense"), ("dense", "dense_1"), ("add", "dense_3")}, "the way past enters at one port"
    card = stage.scene.cards["block"]
    assert card.box.rect.topLeft() == QPointF(*start.graph.nodes["dense_1"].position)
    assert (card.look.name, card.look.badge, card.look.count) == ("block", "3 layers · 4 → 4", "40")
    assert stage.graph.nodes["dense_3"].position[1] == start.graph.nodes["dense_2"].position[1], "the gap is closed"
    inside = next(edge for edge in stage.graph.edges if edge.target == "dense_1")
    assert stage.scene.wires[inside].shape_value.end == card.box.input_point("0")
    check_scene(stage.scene, stage.document)
    stage.click(card.mark.center())
    assert stage.document.project == start and not stage.scene.cards and stage.is_in_step()
    assert stage.document.stack.count() == 2
    stage.document.undo()
    stage.document.undo()
    assert stage.document.project == start and stage.is_in_step()


def test_the_card_moves_copies_and_deletes_all_its_layers(stage: Stagehand) -> None:
    shut(stage)
    before = {key: node.position for key, node in stage.graph.nodes.items()}
    body = stage.scene.cards["block"].box.rect.center() + QPointF(40, 0)
    stage.click(body)
    assert stage.selection.nodes == {"dense_1", "dense_2", "add"} and stage.scene.cards["block"].state.selected
    assert "block, a folded group of 3 layers" in described(stage.document, stage.selection)
    stage.drag(body, body + QPointF(320, 40), release=False)
    card = stage.scene.cards["block"]
    assert card.box.rect.left() > 300
    out = next(edge for edge in stage.graph.edges if edge.source == "add")
    assert stage.scene.wires[out].shape_value.start == card.box.output_point("0"), "wires follow the card"
    stage.release(body + QPointF(320, 40))
    ways = {key: stage.graph.nodes[key].position[0] - before[key][0] for key in before}
    assert {key for key, way in ways.items() if way} == {"dense_1", "dense_2", "add"}
    check_scene(stage.scene, stage.document)
    stage.key(Qt.Key.Key_D, CTRL)
    assert set(stage.scene.cards) == {"block", "block_1"} and len(stage.graph.nodes) == 9
    check_scene(stage.scene, stage.document)
    stage.key(Qt.Key.Key_Delete)
    assert set(stage.scene.cards) == {"block"} and len(stage.graph.nodes) == 6
    there = stage.scene.cards["block"].box.rect.center() + QPointF(40, 0)
    stage.drag(there, there + QPointF(0, 200), ALT)
    assert len(stage.graph.nodes) == 9
    check_scene(stage.scene, stage.document)


def test_a_band_around_the_card_catches_what_it_stands_for(stage: Stagehand) -> None:
    shut(stage)
    rect = stage.scene.cards["block"].box.rect
    stage.drag(rect.topLeft() - QPointF(40, 6), rect.bottomRight() + QPointF(20, 4))
    assert stage.selection.nodes == {"dense_1", "dense_2", "add"}


def test_keys_fold_walk_and_step_over_the_card(stage: Stagehand) -> None:
    block = {"dense_1", "dense_2", "add"}
    stage.selection.set(["dense_2"])
    stage.key(Qt.Key.Key_E, CTRL | SHIFT)
    assert set(stage.scene.cards) == {"block"} and stage.selection.nodes == block
    walk = Walk(stage.document, stage.selection)
    assert walk.go(0, 1) and stage.selection.nodes == {"dense_3"}
    assert walk.go(0, -1) and stage.selection.nodes == block
    assert walk.go(0, -1) and stage.selection.nodes == {"dense"}
    stage.key(Qt.Key.Key_Tab)
    assert stage.selection.nodes == block
    stage.key(Qt.Key.Key_Tab)
    assert stage.selection.nodes == {"dense_3"}
    stage.key(Qt.Key.Key_Backtab)
    stage.key(Qt.Key.Key_F2)
    edit = next(e for e in stage.view.viewport().findChildren(QLineEdit, "node-rename") if e.isVisible())
    QTest.keyClicks(edit, "stage")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert set(stage.scene.cards) == {"stage"}, "it stays folded under its new name"
    stage.key(Qt.Key.Key_E, CTRL | SHIFT)
    assert not stage.scene.cards
    stage.key(Qt.Key.Key_E, CTRL | SHIFT)
    stage.view.groups.unfold_all()
    assert not stage.document.project.sketch.folded and stage.is_in_step()


def test_a_double_click_unfolds_and_on_the_name_renames(stage: Stagehand) -> None:
    shut(stage)
    card = stage.scene.cards["block"]
    stage.double_click(stage.scene.painter.name_rect(card.box).center())
    edit = next(e for e in stage.view.viewport().findChildren(QLineEdit, "node-rename") if e.isVisible())
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    stage.double_click(card.box.rect.bottomRight() - QPointF(20, 10))
    assert not stage.scene.cards


def test_what_is_wrong_inside_rises_to_the_card_and_revealing_unfolds(stage: Stagehand) -> None:
    project = stage.document.project
    stage.document.edit("Break", project.with_graph(stage.graph.disconnected(stage.graph.into("dense_2"))))
    assert "dense_2" in stage.scene.faults
    shut(stage)
    card = stage.scene.cards["block"]
    assert card.look.severity == "error" and "dense_2" not in stage.scene.faults
    text = tooltip(stage.scene, stage.scene.spot(card.box.rect.center()))
    assert "Inside:" in text and "3 layers" in text
    check_scene(stage.scene, stage.document)
    stage.view.reveal("dense_2")
    assert not stage.scene.cards and "dense_2" in stage.scene.faults
    assert stage.document.stack.undoText() == "Unfold block" and stage.is_in_step()


def test_a_wire_onto_the_card_asks_to_unfold(stage: Stagehand) -> None:
    shut(stage)
    project = stage.document.project
    stage.drag(stage.output("input"), stage.scene.cards["block"].box.rect.center(), release=False)
    assert stage.said[-1] == "Unfold 'block' first: a wire ends at one of its layers."
    stage.release(stage.scene.cards["block"].box.rect.center())
    assert stage.document.project == project and stage.view.offering.picker is None


def test_arranging_takes_the_card_for_one_layer(stage: Stagehand) -> None:
    shut(stage)
    stage.document.edit(
        "Off", stage.document.project.with_graph(stage.graph.moved(["dense_1", "dense_2", "add"], (300.0, 55.0)))
    )
    stage.selection.clear()
    stage.view.arranging.arrange()
    stage.view.glide.end()
    tops = [stage.box("input"), stage.box("dense"), stage.scene.cards["block"].box, stage.box("dense_3")]
    assert [box.rect.top() - tops[0].rect.top() for box in tops] == [0.0, 110.0, 220.0, 330.0]
    assert len({box.rect.left() for box in tops}) == 1
    unfold_around(stage.document, ["add"])
    rects = [stage.box(key).rect for key in stage.graph.nodes]
    assert not any(a.intersects(b) for n, a in enumerate(rects) for b in rects[:n]), "unfolding makes room"
    check_scene(stage.scene, stage.document)


def test_groups_within_groups_and_their_frames(stage: Stagehand) -> None:
    graph = stage.graph.labelled("dense_2", "block/in/two").labelled("dense_1", "block/in/one")
    stage.document.edit("Names", stage.document.project.with_graph(graph))
    shut(stage, "block/in")
    assert set(stage.scene.cards) == {"block/in"} and set(stage.scene.frames) == {"block"}
    assert stage.scene.frames["block"].rect.contains(stage.scene.cards["block/in"].box.rect)
    check_scene(stage.scene, stage.document)
    shut(stage)
    assert set(stage.scene.cards) == {"block"} and not stage.scene.frames
    check_scene(stage.scene, stage.document)
    stage.view.reveal("dense_1")
    assert not stage.scene.cards and stage.document.stack.undoText() == "Unfold 2 groups"
    assert stage.is_in_step()


def test_the_picture_shows_the_card(stage: Stagehand) -> None:
    open_picture = svg(stage.document)
    shut(stage)
    assert len(svg(stage.document)) < len(open_picture)


def test_a_group_that_data_leave_and_enter_again_is_arranged_openly(stage: Stagehand) -> None:
    graph = stage.graph.labelled("dense_2", "").labelled("add", "").labelled("dense_3", "block/three")
    stage.document.edit("Names", stage.document.project.with_graph(graph))
    shut(stage)
    folded = folding(stage.document.project)
    small = contracted(stage.graph, folded)
    assert len(small.order) < len(small.nodes) == 5
    stage.view.arranging.arrange()
    stage.view.glide.end()
    check_scene(stage.scene, stage.document)
    assert contracted(stage.graph, OPEN) is stage.graph


def test_unfolding_where_nothing_is_covered_moves_nobody() -> None:
    graph = residual().add(Node("far", layer("Flatten"), (900.0, 300.0)))
    project = Project(graph)
    group = groups_of(graph)[0]
    shut_one = with_fold(project, group, True)
    assert shut_one.graph == graph, "something stands beside the group, so nothing closes up"
    assert with_fold(shut_one, group, False) == project


def count_field(stage: Stagehand) -> QLineEdit:
    return next(e for e in stage.view.viewport().findChildren(QLineEdit, "repeat-count") if e.isVisible())


def test_a_block_is_repeated_by_a_typed_number(stage: Stagehand) -> None:
    start = stage.document.project
    stage.selection.set(["dense_1", "dense_2", "add"])
    stage.key(Qt.Key.Key_D, CTRL | SHIFT)
    assert count_field(stage).text() == "1" and "How often" in stage.said[-1]
    QTest.keyClicks(count_field(stage), "3")
    QTest.keyClick(count_field(stage), Qt.Key.Key_Return)
    assert set(stage.scene.frames) == {"block_1", "block_2", "block_3"}
    assert stage.document.stack.count() == 1 and stage.is_in_step()
    stage.key(Qt.Key.Key_D, CTRL | SHIFT)
    assert count_field(stage).text() == "3"
    QTest.keyClicks(count_field(stage), "many")
    QTest.keyClick(count_field(stage), Qt.Key.Key_Return)
    assert stage.said[-1] == "How often must be a whole number from 1 to 100, not 'many'."
    stage.selection.set(["dense", "dense_1"])
    stage.key(Qt.Key.Key_D, CTRL | SHIFT)
    assert stage.said[-1].endswith("here they do at 2.")
    stage.document.undo()
    assert stage.document.project == start and stage.is_in_step()
