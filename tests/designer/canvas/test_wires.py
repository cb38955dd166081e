"""Drawing, reconnecting and removing wires."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from designer.canvas.wiring import Anchor, possible_ports
from designer.model.starting import offered, starting
from engine.errors import GraphError
from engine.graph import Edge, Graph, Node
from tests.designer.canvas.stagehand import CTRL, Stagehand, chain, layer

DENSE_TO_2 = Edge("dense", "dense_2")


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds."""
    yield
    assert stage.is_in_step()


def test_from_output_to_input(stage: Stagehand) -> None:
    stage.drag(stage.output("input"), stage.input("dense_2"))
    assert Edge("input", "dense_2") in stage.graph.edges
    assert stage.document.stack.undoText() == "Connect input to dense_2"
    assert stage.document.stack.count() == 1


def test_backwards_from_input_to_output(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_2"), stage.output("input"))
    assert Edge("input", "dense_2") in stage.graph.edges


def test_backwards_to_a_body(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_2"), stage.body("input"))
    assert Edge("input", "dense_2") in stage.graph.edges


def test_released_on_a_body_it_takes_the_free_input(stage: Stagehand) -> None:
    stage.drag(stage.output("input"), stage.body("dense_2"))
    assert Edge("input", "dense_2") in stage.graph.edges


def test_released_on_nothing_nothing_happens_yet(stage: Stagehand) -> None:
    stage.drag(stage.output("input"), QPointF(600, 500))
    assert stage.view.offering.picker is not None
    stage.view.offering.close()
    assert not stage.document.stack.canUndo()
    assert stage.view.gesture is None


def test_released_on_an_entry_it_says_why_not(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_2"), stage.body("input"))
    assert not stage.document.stack.canUndo()
    assert stage.said[-1] == "'input' takes no input: data enter the network there."


def test_a_circle_is_refused_with_a_sentence(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_1"), stage.input("dense"))
    assert not stage.document.stack.canUndo()
    assert "close a circle" in stage.said[-1]


def test_a_second_wire_replaces_the_first(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_2"), stage.input("dense_1"))
    assert stage.graph.into("dense_1") == (Edge("dense_2", "dense_1"),)
    stage.document.undo()
    assert stage.graph.into("dense_1") == (Edge("dense", "dense_1"),)


def test_possible_targets_glow_and_the_rest_is_dimmed(stage: Stagehand) -> None:
    stage.drag(stage.output("dense"), QPointF(600, 500), release=False)
    states = {key: item.state for key, item in stage.scene.nodes.items()}
    assert states["dense_2"].glows == {("input", "x")}
    assert states["input"].dimmed
    assert states["dense"].dimmed
    stage.move(stage.input("dense_2"))
    assert stage.scene.nodes["dense_2"].state.hot == ("input", "x")
    stage.key(Qt.Key.Key_Escape)
    assert not any(item.state.dimmed or item.state.glows for item in stage.scene.nodes.values())
    assert not stage.document.stack.canUndo()


def test_over_a_target_the_outcome_is_foretold(stage: Stagehand) -> None:
    stage.drag(stage.output("dense"), stage.input("dense_2"), release=False)
    assert stage.said[-1] == "'dense_2' makes 5 of 3"
    stage.key(Qt.Key.Key_Escape)
    assert stage.said[-1] == ""


def test_a_merging_layer_takes_many(qtbot: QtBot) -> None:
    merging = next(cls for cls in offered() if cls.inputs and cls.inputs[0].many)
    graph = chain(layer("Input", shape=(4,)), layer("Dense", units=4))
    graph = graph.add(Node("merge", starting(merging), (0.0, 320.0)))
    stage = Stagehand(qtbot, graph)
    port = merging.inputs[0].name
    stage.drag(stage.output("input"), stage.body("merge"))
    stage.drag(stage.output("dense"), stage.body("merge"))
    assert stage.graph.into("merge") == (Edge("input", "merge", "y", port), Edge("dense", "merge", "y", port))
    ends = [stage.scene.wires[edge].shape_value.end.x() for edge in stage.graph.into("merge")]
    assert ends == sorted(set(ends))

    # The nearest of several ends is the one that is taken away.
    stage.drag(stage.scene.wires[stage.graph.into("merge")[0]].shape_value.end, QPointF(400, 450))
    assert stage.graph.into("merge") == (Edge("dense", "merge", "y", port),)
    assert stage.is_in_step()


def test_a_wires_end_moves_to_another_input(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_1"), stage.input("dense_2"))
    assert set(stage.graph.edges) == {Edge("input", "dense"), DENSE_TO_2}
    assert stage.document.stack.count() == 1
    assert stage.document.stack.undoText() == "Reconnect dense to dense_2"


def test_a_wires_beginning_moves_to_another_output(stage: Stagehand) -> None:
    wire = stage.scene.wires[Edge("dense", "dense_1")].shape_value
    stage.drag(wire.start + QPointF(0, 19), stage.output("dense_2"))
    assert set(stage.graph.edges) == {Edge("input", "dense"), Edge("dense_2", "dense_1")}


def test_a_wire_put_back_is_no_step(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_1"), QPointF(500, 400), release=False)
    stage.move(stage.input("dense_1"))
    stage.release(stage.input("dense_1"))
    assert not stage.document.stack.canUndo()


def test_a_wire_pulled_into_the_open_is_taken_out(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_1"), QPointF(500, 480))
    assert stage.graph.edges == (Edge("input", "dense"),)
    assert stage.document.stack.undoText() == "Disconnect dense from dense_1"
    stage.document.undo()
    assert Edge("dense", "dense_1") in stage.graph.edges


def test_a_click_on_a_wires_end_selects_it(stage: Stagehand) -> None:
    stage.click(stage.input("dense_1"))
    assert stage.selection.edges == {Edge("dense", "dense_1")}
    assert not stage.document.stack.canUndo()


def test_escape_gives_the_wire_back(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_1"), QPointF(500, 480), release=False)
    assert not stage.scene.wires[Edge("dense", "dense_1")].isVisible()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.document.stack.canUndo()


def test_delete_removes_selected_wires(stage: Stagehand) -> None:
    stage.click(stage.scene.wires[Edge("dense", "dense_1")].shape_value.middle)
    stage.key(Qt.Key.Key_Delete)
    assert stage.graph.edges == (Edge("input", "dense"),)
    assert stage.document.stack.undoText() == "Delete wire"


def test_connecting_by_keyboard(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_C)
    hot = {key for key, item in stage.scene.nodes.items() if item.state.hot}
    assert hot == {"dense_2"}
    stage.key(Qt.Key.Key_Return)
    assert DENSE_TO_2 in stage.graph.edges
    assert stage.selection.only_node == "dense_2"


def test_the_keyboard_chooses_among_targets(stage: Stagehand) -> None:
    stage.click(stage.body("input"))
    stage.key(Qt.Key.Key_C)
    visited = []
    for _ in range(3):
        visited += [key for key, item in stage.scene.nodes.items() if item.state.hot]
        stage.key(Qt.Key.Key_Tab)
    assert visited == ["dense_2", "dense_1", "dense_2"]
    stage.key(Qt.Key.Key_Escape)
    assert stage.view.gesture is None
    assert not stage.document.stack.canUndo()


def test_connecting_by_keyboard_needs_a_start(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_C)
    assert stage.said == ["Select the layer from which the wire shall start."]
    assert stage.view.gesture is None


def test_ctrl_adds_wires_to_the_selection(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.click(stage.scene.wires[Edge("dense", "dense_1")].shape_value.middle, CTRL)
    assert stage.selection.nodes == {"dense_2"}
    assert stage.selection.edges == {Edge("dense", "dense_1")}


@pytest.mark.parametrize("seed", range(6))
def test_what_glows_is_what_connects(stage: Stagehand, seed: int) -> None:
    dice = random.Random(seed)
    graph = Graph()
    for place in range(8):
        made = starting(dice.choice(offered()))
        graph = graph.add(Node(graph.fresh_id(made), made, (0.0, 110.0 * place)))
    keys = list(graph.nodes)
    for _ in range(20):
        node, other = graph.nodes[dice.choice(keys)], graph.nodes[dice.choice(keys)]
        if other.layer.inputs:
            try:
                graph = graph.connect(Edge(node.id, other.id, node.layer.outputs[0].name, other.layer.inputs[0].name))
            except GraphError:
                continue
    for node in graph.nodes.values():
        for forward, ports in ((True, node.layer.outputs), (False, node.layer.inputs)):
            for port in ports:
                anchor = Anchor(node.id, port.name, forward)
                assert possible_ports(graph, anchor) == _tried(graph, anchor)


def _tried(graph: Graph, anchor: Anchor) -> set[tuple[str, str, str]]:
    side = "input" if anchor.forward else "output"
    found = set()
    for node in graph.nodes.values():
        for port in node.layer.inputs if anchor.forward else node.layer.outputs:
            try:
                graph.connect(anchor.edge((node.id, side, port.name)))
            except GraphError:
                continue
            found.add((node.id, side, port.name))
    return found
