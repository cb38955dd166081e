"""Selecting and moving with the mouse and the keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas.geometry import ALIGN, GRID
from engine.graph import Edge
from tests.designer.canvas.stagehand import ALT, CTRL, SHIFT, Stagehand


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds."""
    yield
    assert stage.is_in_step()


def test_a_click_selects_one_node(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    assert stage.selection.nodes == {"dense"}
    stage.click(stage.body("dense_1"))
    assert stage.selection.nodes == {"dense_1"}
    assert not stage.document.stack.canUndo()


@pytest.mark.parametrize("modifier", [SHIFT, CTRL])
def test_a_click_with_a_modifier_adds_and_takes_away(stage: Stagehand, modifier: Qt.KeyboardModifier) -> None:
    stage.click(stage.body("dense"))
    stage.click(stage.body("dense_1"), modifier)
    assert stage.selection.nodes == {"dense", "dense_1"}
    stage.click(stage.body("dense"), modifier)
    assert stage.selection.nodes == {"dense_1"}


def test_a_click_on_one_of_several_selects_it_alone(stage: Stagehand) -> None:
    stage.view.select_all()
    stage.click(stage.body("dense"))
    assert stage.selection.nodes == {"dense"}


def test_a_click_on_nothing_lets_go(stage: Stagehand) -> None:
    stage.view.select_all()
    stage.click(QPointF(-150, 10))
    assert stage.selection.nodes == frozenset()
    assert stage.selection.edges == frozenset()


def test_a_click_on_a_wire_selects_it(stage: Stagehand) -> None:
    edge = stage.graph.edges[0]
    stage.click(stage.scene.wires[edge].shape_value.middle)
    assert stage.selection.edges == {edge}
    assert stage.selection.nodes == frozenset()


def test_the_frame_catches_what_it_touches(stage: Stagehand) -> None:
    stage.drag(QPointF(-60, -40), QPointF(230, 200))
    assert stage.selection.nodes == {"input", "dense"}
    assert stage.selection.edges == {stage.graph.edges[0]}


def test_the_frame_adds_with_shift(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.drag(QPointF(-60, -40), QPointF(230, 60), SHIFT)
    assert stage.selection.nodes == {"input", "dense_2"}


def test_escape_gives_up_the_frame(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.drag(QPointF(-60, -40), QPointF(230, 300), release=False)
    stage.key(Qt.Key.Key_Escape)
    assert stage.selection.nodes == {"dense_2"}
    assert stage.view.gesture is None


def test_dragging_moves_in_one_step(stage: Stagehand) -> None:
    before = stage.document.project
    seen: list[object] = []
    stage.document.changed.connect(seen.append)

    stage.drag(stage.body("dense_2"), stage.body("dense_2") + QPointF(83, 141))

    x, y = stage.graph.nodes["dense_2"].position
    assert (x % GRID, y % GRID) == (0, 0)
    assert abs(x - 403) <= GRID
    assert abs(y - 301) <= GRID
    assert len(seen) == 1
    assert stage.document.stack.count() == 1
    assert stage.document.stack.undoText() == "Move dense_2"
    stage.document.undo()
    assert stage.document.project == before


def test_the_document_rests_while_the_pointer_moves(stage: Stagehand) -> None:
    before = stage.document.project
    stage.drag(stage.body("dense"), stage.body("dense") + QPointF(200, 77), release=False)

    assert stage.document.project is before
    assert stage.box("dense").rect.topLeft() != QPointF(*stage.graph.nodes["dense"].position)
    for edge, item in stage.scene.wires.items():
        assert item.shape_value.start == stage.output(edge.source)
        assert item.shape_value.end == stage.input(edge.target)
    stage.key(Qt.Key.Key_Escape)


def test_escape_puts_nodes_back(stage: Stagehand) -> None:
    stage.drag(stage.body("dense"), stage.body("dense") + QPointF(200, 77), release=False)
    stage.key(Qt.Key.Key_Escape)
    stage.release(stage.body("dense"))
    assert not stage.document.stack.canUndo()


def test_all_selected_nodes_move_together(stage: Stagehand) -> None:
    places = {key: node.position for key, node in stage.graph.nodes.items()}
    stage.click(stage.body("dense"))
    stage.click(stage.body("dense_1"), SHIFT)
    stage.drag(stage.body("dense_1"), stage.body("dense_1") + QPointF(0, 40))

    for key, (x, y) in places.items():
        delta = 40.0 if key in ("dense", "dense_1") else 0.0
        assert stage.graph.nodes[key].position == (x, y + delta)
    assert stage.document.stack.undoText() == "Move 2 layers"


def test_a_node_settles_on_a_neighbours_centre_line(stage: Stagehand) -> None:
    stage.drag(stage.body("dense_2"), stage.body("dense_2") + QPointF(-320 + ALIGN - 1, 401))
    assert stage.graph.nodes["dense_2"].position[0] == 0.0


def test_ctrl_moves_freely(stage: Stagehand) -> None:
    stage.press(stage.body("dense_2"))
    end = stage.body("dense_2") + QPointF(3, 299)
    stage.move(end, CTRL)
    stage.release(end, CTRL)
    x, y = stage.graph.nodes["dense_2"].position
    assert abs(x - 323) <= 1
    assert abs(y - 459) <= 1


def test_alt_puts_copies_down(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.click(stage.body("dense_1"), SHIFT)
    before = {key: node.position for key, node in stage.graph.nodes.items()}
    stage.drag(stage.body("dense_1"), stage.body("dense_1") + QPointF(320, 240), ALT)
    assert {key: stage.graph.nodes[key].position for key in before} == before
    assert stage.selection.nodes == {"dense_3", "dense_4"}
    assert Edge("dense_3", "dense_4") in stage.graph.edges
    assert stage.graph.nodes["dense_4"].position == (320.0, 560.0)
    assert stage.document.stack.undoText() == "Duplicate 2 layers"
    assert stage.document.stack.count() == 1


def test_while_alt_is_held_the_nodes_stay(stage: Stagehand) -> None:
    end = stage.body("dense_2") + QPointF(80, 160)
    stage.press(stage.body("dense_2"))
    stage.move(end)
    assert stage.box("dense_2").rect.topLeft() != QPointF(320, 160)
    stage.move(end, ALT)
    assert stage.box("dense_2").rect.topLeft() == QPointF(320, 160)
    stage.key(Qt.Key.Key_Escape)
    stage.release(end, ALT)
    assert not stage.document.stack.canUndo()


def test_a_tremble_is_a_click(stage: Stagehand) -> None:
    stage.drag(stage.body("dense"), stage.body("dense") + QPointF(2, 1))
    assert not stage.document.stack.canUndo()
    assert stage.selection.nodes == {"dense"}


def test_arrows_move_and_merge(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        stage.key(key)
    stage.key(Qt.Key.Key_Up, SHIFT)
    assert stage.graph.nodes["dense_2"].position == (336.0, 104.0)
    assert stage.document.stack.count() == 1
    stage.document.undo()
    assert stage.graph.nodes["dense_2"].position == (320.0, 160.0)


def test_an_undo_under_the_hand_ends_the_gesture(stage: Stagehand) -> None:
    stage.view.add_layer(type(stage.graph.nodes["dense"].layer))
    added = stage.selection.only_node
    assert added is not None
    stage.drag(stage.body(added), stage.body(added) + QPointF(50, 60), release=False)
    stage.document.undo()
    assert stage.view.gesture is None
    stage.move(QPointF(5, 5))
    stage.release(QPointF(5, 5))
    assert added not in stage.graph.nodes


def test_tab_visits_the_nodes_and_then_leaves(stage: Stagehand) -> None:
    visited = []
    for _ in range(4):
        stage.key(Qt.Key.Key_Tab)
        visited.append(stage.selection.only_node)
    assert visited == list(stage.graph.order)
    assert not stage.view.commands.step(forward=True)
    stage.key(Qt.Key.Key_Backtab)
    assert stage.selection.only_node == stage.graph.order[2]


def test_enter_asks_for_the_inspector(stage: Stagehand) -> None:
    asked: list[int] = []
    stage.view.inspector_requested.connect(lambda: asked.append(1))
    stage.key(Qt.Key.Key_Return)
    assert asked == []
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_Return)
    stage.double_click(stage.body("dense"))
    assert asked == [1, 1]


def test_escape_lets_go_of_the_selection(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_A, CTRL)
    assert stage.selection.nodes == set(stage.graph.nodes)
    assert stage.selection.edges == set(stage.graph.edges)
    stage.key(Qt.Key.Key_Escape)
    assert stage.selection.nodes == frozenset()
