"""Arranging, aligning, distributing: one undo step each; nodes glide to their places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from designer.canvas.aligning import AXES, LINES, evenly, in_line
from designer.canvas.arranging import arranged
from designer.canvas.placing import cards
from engine.graph import Edge, Graph, Node
from engine.layout import positions
from tests.designer.canvas.stagehand import CTRL, SHIFT, Stagehand, layer
from tests.designer.canvas.test_commands import OFFSCREEN_POPUPS, menu_at

numbers = st.floats(-1e4, 1e4)
many_places = st.dictionaries(st.sampled_from("abcdefg"), st.tuples(numbers, numbers), min_size=1)


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds."""
    yield
    assert stage.is_in_step()


def tangle() -> Graph:
    """Two branches, all over the place."""
    graph = Graph()
    places = {"input": (0.0, 500.0), "dense": (-300.0, 0.0), "dense_1": (500.0, 900.0), "add": (40.0, 20.0)}
    for key, place in places.items():
        kind = key.split("_")[0]
        made = {"input": layer("Input", shape=(4,)), "dense": layer("Dense", units=4), "add": layer("Add")}[kind]
        graph = graph.add(Node(key, made, place))
    for source, target in (("input", "dense"), ("input", "dense_1"), ("dense", "add"), ("dense_1", "add")):
        graph = graph.connect(Edge(source, target))
    return graph


def test_the_network_is_drawn_anew_in_one_step(stage: Stagehand, qtbot: QtBot) -> None:
    stage.document.edit("Tangle", stage.document.project.with_graph(tangle()))
    before = stage.document.project
    stage.key(Qt.Key.Key_L, CTRL)
    nodes = stage.graph.nodes
    assert nodes["input"].position == (0.0, 500.0)
    assert nodes["dense"].position[1] == nodes["dense_1"].position[1] == 610.0
    assert nodes["add"].position == (0.0, 720.0)
    assert stage.document.stack.undoText() == "Arrange the network"
    assert stage.document.stack.count() == 2
    qtbot.waitUntil(lambda: not stage.view.glide.is_gliding)
    assert stage.is_in_step()
    stage.document.undo()
    assert stage.document.project == before
    assert stage.is_in_step()


def test_only_the_selected_layers_are_drawn_anew(stage: Stagehand) -> None:
    stage.document.edit("Tangle", stage.document.project.with_graph(tangle()))
    stage.selection.set(["dense", "dense_1"])
    stage.view.arranging.arrange()
    assert stage.graph.nodes["add"].position == (40.0, 20.0)
    assert stage.document.stack.undoText() == "Arrange 2 layers"
    stage.view.glide.end()
    rects = cards(stage.graph)
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))


def test_what_is_in_order_stays(stage: Stagehand) -> None:
    stage.view.arranging.arrange()
    count = stage.document.stack.count()
    stage.view.arranging.arrange()
    assert stage.document.stack.count() == count
    stage.view.glide.end()
    assert stage.said[-1] == "This is in good order already."


def test_nothing_to_arrange_is_said(qtbot: QtBot) -> None:
    empty = Stagehand(qtbot, Graph())
    empty.view.arranging.arrange()
    assert empty.said == ["There is no layer to arrange."]


@given(st.sets(st.sampled_from(sorted(tangle().nodes)), min_size=1))
def test_arranged_layers_keep_clear_of_others(chosen: set[str]) -> None:
    graph = tangle()
    found = arranged(graph, frozenset(chosen))
    assert found.keys() == chosen
    rects = cards(graph.placed(found))
    overlaps = {frozenset(pair) for pair in combinations(graph.nodes, 2) if _meet(graph.placed(found), *pair)}
    assert len(rects) == len(graph.nodes)
    assert not {pair for pair in overlaps if pair & chosen}


def _meet(graph: Graph, a: str, b: str) -> bool:
    first, second = cards(graph.part([a])), cards(graph.part([b]))
    return first[0].intersects(second[0])


def test_nodes_glide_to_their_places(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, tangle())
    stage.view.arranging.arrange()
    qtbot.waitUntil(lambda: not stage.view.glide.is_gliding)
    assert stage.is_in_step()
    shifted = {key: (x, y + 500.0) for key, (x, y) in positions(stage.graph).items()}
    assert {key: node.position for key, node in stage.graph.nodes.items()} == shifted


def test_a_press_lets_gliding_nodes_arrive(stage: Stagehand) -> None:
    stage.document.edit("Tangle", stage.document.project.with_graph(tangle()))
    stage.view.arranging.arrange()
    stage.click(QPointF(-800, -800))
    assert not stage.view.glide.is_gliding
    assert stage.is_in_step()


@pytest.mark.parametrize("ending", ["click", "undo", "edit"])
def test_whatever_ends_a_glide_halfway_leaves_no_layer_there(stage: Stagehand, ending: str) -> None:
    stage.document.edit("Tangle", stage.document.project.with_graph(tangle()))
    stage.key(Qt.Key.Key_L, CTRL)
    assert stage.view.glide.is_gliding
    stage.view.glide.setCurrentTime(100)
    assert not stage.is_in_step()
    if ending == "click":
        stage.click(QPointF(-800, -800))
    elif ending == "undo":
        stage.document.undo()
    else:
        stage.document.edit("Name", stage.document.project.with_graph(stage.graph.labelled("dense", "First")))
    assert not stage.view.glide.is_gliding
    assert stage.is_in_step()


def test_a_layer_deleted_on_its_way_is_gone(stage: Stagehand) -> None:
    stage.document.edit("Tangle", stage.document.project.with_graph(tangle()))
    stage.view.arranging.arrange()
    stage.document.edit("Less", stage.document.project.with_graph(stage.graph.without(["dense"])))
    assert not stage.view.glide.is_gliding
    assert stage.is_in_step()


# -- lines and distances -----------------------------------------------------------------------------


@given(many_places, st.sampled_from(sorted(LINES)))
def test_layers_come_onto_one_line(places: dict[str, tuple[float, float]], line: str) -> None:
    axis, share = LINES[line]
    found = in_line(places, line)
    values = [place[axis] for place in places.values()]
    lines = {place[axis] for place in found.values()}
    assert len(lines) == 1
    assert min(values) - 1e-6 <= lines.pop() <= max(values) + 1e-6
    assert all(found[key][1 - axis] == places[key][1 - axis] for key in places)
    if share in (0.0, 1.0):
        assert found[next(iter(found))][axis] == pytest.approx((min if share == 0 else max)(values))


@given(many_places, st.sampled_from(sorted(AXES)))
def test_distances_become_equal(places: dict[str, tuple[float, float]], way: str) -> None:
    axis = AXES[way]
    before, found = sorted(p[axis] for p in places.values()), evenly(places, way)
    after = sorted(place[axis] for place in found.values())
    assert (after[0], after[-1]) == pytest.approx((before[0], before[-1]))
    if len(after) > 2:
        gaps = [b - a for a, b in pairwise(after)]
        assert max(gaps) - min(gaps) <= 1e-6
    assert all(found[key][1 - axis] == places[key][1 - axis] for key in places)


def test_align_and_distribute_are_one_step_each(stage: Stagehand) -> None:
    stage.view.select_all()
    stage.view.arranging.align_left()
    assert {node.position[0] for node in stage.graph.nodes.values()} == {0.0}
    assert stage.document.stack.undoText() == "Align 4 layers"
    stage.document.undo()
    stage.view.arranging.distribute_across()
    assert sorted(node.position[0] for node in stage.graph.nodes.values()) == pytest.approx([0, 320 / 3, 640 / 3, 320])
    stage.view.glide.end()
    assert stage.document.stack.count() == 1


def test_too_few_layers_are_told(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.view.arranging.align_top()
    assert stage.said[-1] == "Select several layers to align them."
    stage.view.arranging.distribute_down()
    assert stage.said[-1].startswith("Select three layers or more")
    assert not stage.document.stack.canUndo()


@OFFSCREEN_POPUPS
def test_the_menu_offers_lines_for_several_layers(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.click(stage.body("dense_2"), SHIFT)
    menu_at(stage, stage.body("dense"))
    entries = {action.objectName(): action for action in stage.view.findChildren(QAction)}
    assert entries["menu-arranging.align_right"].isEnabled()
    assert not entries["menu-arranging.distribute_down"].isEnabled()
    entries["menu-arranging.align_right"].trigger()
    assert stage.graph.nodes["dense"].position == (320.0, 160.0)
    stage.view.glide.end()
