"""Deleting layers: data go on where that is plain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt

from engine.graph import Edge, Graph, Node
from engine.healing import healed
from tests.designer.canvas.stagehand import SHIFT, Stagehand, chain, layer


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds."""
    yield
    assert stage.is_in_step()


def branches() -> Graph:
    """input -> dense -> add, and input -> dense_1 -> dense_2 -> add -> dense_3."""
    graph = chain(layer("Input", shape=(4,)), layer("Dense", units=4))
    for key in ("dense_1", "dense_2", "dense_3"):
        graph = graph.add(Node(key, layer("Dense", units=4)))
    graph = graph.add(Node("add", layer("Add")))
    for source, target in (("input", "dense_1"), ("dense_1", "dense_2"), ("dense", "add"), ("dense_2", "add")):
        graph = graph.connect(Edge(source, target))
    return graph.connect(Edge("add", "dense_3"))


def test_deleting_in_a_chain_closes_it(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_Backspace)
    assert stage.graph.edges == (Edge("input", "dense_1"),)
    assert stage.selection.nodes == frozenset()
    assert stage.document.stack.count() == 1
    assert stage.document.stack.undoText() == "Delete dense"
    stage.document.undo()
    assert set(stage.graph.edges) == {Edge("input", "dense"), Edge("dense", "dense_1")}


def test_with_shift_the_gap_stays(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_Delete, SHIFT)
    assert "dense" not in stage.graph.nodes
    assert stage.graph.edges == ()


def test_several_in_a_row_caught_with_their_wires_close_it_too(stage: Stagehand) -> None:
    graph = chain(layer("Input", shape=(4,)), *(layer("Dense", units=3) for _ in range(3)), step=160.0)
    stage.document.edit("Longer", stage.document.project.with_graph(graph))
    stage.drag(QPointF(-60, 120), QPointF(230, 420))
    assert stage.selection.nodes == {"dense", "dense_1"}
    assert Edge("dense", "dense_1") in stage.selection.edges
    stage.key(Qt.Key.Key_Delete)
    assert stage.graph.edges == (Edge("input", "dense_2"),)


def test_cutting_heals_as_deleting_does(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.view.cut()
    assert stage.graph.edges == (Edge("input", "dense_1"),)


def test_a_branch_is_bridged_in_the_order_of_the_inputs() -> None:
    found = healed(branches(), {"dense"})
    assert found.into("add") == (Edge("input", "add"), Edge("dense_2", "add"))
    found = healed(branches(), {"dense_1", "dense_2"})
    assert found.into("add") == (Edge("dense", "add"), Edge("input", "add"))


def test_the_same_wire_does_not_come_twice() -> None:
    assert healed(branches(), {"dense", "dense_1", "dense_2"}).into("add") == (Edge("input", "add"),)


def test_where_several_wires_end_nothing_is_guessed() -> None:
    found = healed(branches(), {"add"})
    assert found.into("dense_3") == ()
    assert found.edges == branches().without({"add"}).edges


def test_an_entry_leaves_a_gap() -> None:
    assert healed(branches(), {"input"}).edges == branches().without({"input"}).edges


@given(st.sets(st.sampled_from(sorted(branches().nodes))))
def test_what_is_left_is_a_sound_network(gone: set[str]) -> None:
    found = healed(branches(), gone)
    assert found.nodes.keys() == branches().nodes.keys() - gone
    built = Graph(found.nodes)
    for edge in found.edges:
        built = built.connect(edge)
    assert built.edges == found.edges
    assert set(branches().without(gone).edges) <= set(found.edges)
    # Whoever was reached is reached, as long as nothing that takes several wires went.
    if "add" not in gone:
        for key in found.nodes:
            assert found.downstream(key) == branches().downstream(key) - gone
