"""What is found anew after an edit alone equals what a look at everything finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.canvas.folding import fold
from designer.canvas.scene import CanvasScene
from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.groups import groups_of
from designer.model.selection import Selection
from engine.check import check
from engine.graph import Graph
from engine.infer import Inference, infer
from engine.project import Project
from tests.designer.canvas.stagehand import chain, layer
from tests.designer.canvas.walks import check_scene, some_edit


def told(inference: Inference) -> tuple[object, ...]:
    problems = [(p.text, p.node, p.severity, p.fix.label if p.fix else "") for p in inference.problems]
    return (
        inference.inputs, inference.outputs, inference.weights, problems,
        inference.sharers, inference.frozen, inference.indexes,
    )  # fmt: skip


def line() -> Graph:
    """A network that fits."""
    return chain(layer("Input", shape=(8,)), *(layer("Dense", units=4 + place) for place in range(6)))


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_shapes_after_edits_are_those_of_the_whole_network(seed: int) -> None:
    chance, graph = random.Random(seed), line()
    known = infer(graph)
    for _ in range(40):
        graph = some_edit(graph, chance)
        known = infer(graph, known)
        plain = Graph(dict(graph.nodes), graph.edges)
        assert told(known) == told(infer(plain))
        assert (graph.order, graph.frozen, graph.lenders) == (plain.order, plain.frozen, plain.lenders)
        for key in graph.nodes:
            assert graph.into(key) == plain.into(key) and graph.out_of(key) == plain.out_of(key)
            assert graph.family(key) == plain.family(key)


def test_only_what_lies_behind_a_change_is_asked_again() -> None:
    graph = line()
    known = infer(graph)
    moved = infer(graph.moved(graph.nodes, (8.0, 0.0)), known)
    assert all(moved.outputs[key] is known.outputs[key] for key in graph.nodes)
    wider = infer(graph.with_layer("dense_2", layer("Dense", units=30)), known)
    others = set(graph.nodes) - {"dense_2"}
    assert wider.outputs["dense_2"] != known.outputs["dense_2"]
    assert all(wider.outputs[key] is known.outputs[key] for key in others)
    assert wider.weights["dense_3"] != known.weights["dense_3"]


@pytest.mark.parametrize("seed", range(10))
def test_the_scene_after_edits_is_that_of_the_whole_network(qapp, seed: int) -> None:
    chance = random.Random(seed)
    document = Document(Project(line()))
    scene = CanvasScene(document, Selection(document))
    differences: list[Diff] = []
    document.changed.connect(differences.append)
    for _ in range(60):
        action = chance.random()
        if action < 0.1:
            document.undo()
        elif action < 0.2:
            document.redo()
        elif action < 0.35 and (groups := groups_of(document.project.graph)):
            group = chance.choice(groups)
            fold(document, group, group.name not in document.project.sketch.folded)
        else:
            document.edit("Edit", document.project.with_graph(some_edit(document.project.graph, chance)))
        check_scene(scene, document)
        told_now = [(p.text, p.node) for p in document.problems]
        assert told_now == [(p.text, p.node) for p in check(document.project)]
    assert len(differences) > 30
