"""Along wires and among siblings by keyboard, and what is said of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from designer.canvas.spoken import described
from engine.graph import Edge, Graph, Node
from tests.designer.canvas.stagehand import ALT, Stagehand, chain, layer

UP, DOWN, LEFT, RIGHT = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right


def forked() -> Graph:
    """input -> dense (left), dense_1 (middle), dense_2 (right) -> add; and an input of its own at the far right."""
    graph = Graph().add(Node("input", layer("Input", shape=(4,)), (200.0, 0.0)))
    for place, key in enumerate(("dense", "dense_1", "dense_2")):
        graph = graph.add(Node(key, layer("Dense", units=3), (200.0 * place, 160.0))).connect(Edge("input", key))
    graph = graph.add(Node("add", layer("Add"), (200.0, 320.0)))
    for key in ("dense", "dense_1", "dense_2"):
        graph = graph.connect(Edge(key, "add", "y", graph.nodes["add"].layer.inputs[0].name))
    return graph.add(Node("input_1", layer("Input", shape=(2,)), (900.0, 0.0)))


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        ("input", DOWN, "dense_1"),
        ("dense", DOWN, "add"),
        ("add", DOWN, "add"),
        ("add", UP, "dense_1"),
        ("dense_2", UP, "input"),
        ("input", UP, "input"),
        ("dense", RIGHT, "dense_1"),
        ("dense_1", RIGHT, "dense_2"),
        ("dense_2", RIGHT, "dense_2"),
        ("dense_1", LEFT, "dense"),
        ("input", RIGHT, "input_1"),
        ("input_1", LEFT, "input"),
        ("add", RIGHT, "add"),
    ],
)
def test_a_step(qtbot, start: str, key: Qt.Key, end: str) -> None:
    stage = Stagehand(qtbot, forked())
    before = stage.graph
    stage.selection.set({start})
    stage.key(key, ALT)
    assert stage.selection.only_node == end
    assert stage.graph is before


def test_without_a_selection_it_begins_at_an_end(qtbot) -> None:
    stage = Stagehand(qtbot, forked())
    stage.key(DOWN, ALT)
    assert stage.selection.only_node == "input"
    stage.selection.set({"dense", "dense_1"})
    stage.key(UP, ALT)
    assert stage.selection.only_node == stage.graph.order[-1]


def test_an_empty_canvas_stays_calm(qtbot) -> None:
    stage = Stagehand(qtbot, Graph())
    for key in (UP, DOWN, LEFT, RIGHT):
        stage.key(key, ALT)
    assert not stage.selection.nodes
    assert "empty" in stage.view.accessibleDescription()


def test_where_it_leads_is_brought_into_sight(qtbot) -> None:
    tall = chain(layer("Input", shape=(4,)), *(layer("Dense", units=3) for _ in range(30)))
    stage = Stagehand(qtbot, tall)
    for _ in range(31):
        stage.key(DOWN, ALT)
    last = stage.graph.order[-1]
    assert stage.selection.only_node == last
    seen = stage.view.mapToScene(stage.view.viewport().rect()).boundingRect()
    assert seen.contains(stage.box(last).rect)


def test_the_selected_layer_is_described(stage: Stagehand) -> None:
    stage.selection.set({"dense"})
    said = stage.view.accessibleDescription()
    for part in (
        "dense, a layer of the kind Dense",
        "Comes after input",
        "Leads to dense_1",
        "15 parameters",
        "output",
    ):
        assert part in said
    stage.selection.set({"dense_2"})
    assert "Nothing leads into it" in stage.view.accessibleDescription()
    assert "Problem: " in stage.view.accessibleDescription()


def test_other_selections_are_described(stage: Stagehand) -> None:
    assert "4 layers and 2 wires" in stage.view.accessibleDescription()
    assert "F8" in stage.view.accessibleDescription()
    stage.selection.set({"dense", "dense_1"})
    assert stage.view.accessibleDescription() == "2 layers are selected: dense, dense_1."
    stage.selection.set((), [Edge("input", "dense")])
    assert stage.view.accessibleDescription() == "A wire from input to dense."
    stage.view.select_all()
    assert stage.view.accessibleDescription().startswith("4 layers are selected")
    stage.document.edit("Rename", stage.document.project.with_graph(stage.graph.labelled("dense", "first")))
    assert "first" in described(stage.document, stage.selection)


def test_many_selected_layers_are_not_all_named(qtbot) -> None:
    stage = Stagehand(qtbot, chain(*(layer("Dense", units=3) for _ in range(20))))
    stage.view.select_all()
    assert stage.view.accessibleDescription().endswith("dense_7 ….")
