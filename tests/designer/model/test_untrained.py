"""Which layers say that they are untrained."""

from __future__ import annotations

import numpy as np
import pytest

from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.untrained import shapes_of_arrays, shapes_of_specs, untrained
from engine import registry
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.problems import Fix
from engine.project import Project

pytestmark = pytest.mark.usefixtures("qapp")


def layer(key: str, **values: object) -> object:
    return registry.layers.get(key)(**values)


def network(units: int = 3) -> Graph:
    graph = Graph()
    for made in (layer("Input", shape=(4,)), layer("Dense", units=units), layer("Dense", units=2)):
        graph = graph.add(Node(graph.fresh_id(made), made))
    return graph.connect(Edge("input", "dense")).connect(Edge("dense", "dense_1"))


def learnt(units: int = 3) -> dict[str, dict[str, tuple[int, ...]]]:
    specs = infer(network(units)).weights
    arrays = {node: {spec.name: np.zeros(spec.shape) for spec in own} for node, own in specs.items()}
    return shapes_of_arrays(arrays)


def test_nothing_is_untrained_while_nothing_was_trained_or_all_fits() -> None:
    wanted = shapes_of_specs(infer(network()).weights)
    assert untrained(wanted, None) == frozenset()
    assert untrained(wanted, learnt()) == frozenset()


def test_other_shapes_make_a_layer_and_its_follower_untrained() -> None:
    wanted = shapes_of_specs(infer(network(5)).weights)
    assert untrained(wanted, learnt(3)) == {"dense", "dense_1"}


def test_a_layer_without_weights_is_never_untrained_and_one_missing_weight_is_enough() -> None:
    wanted = shapes_of_specs(infer(network()).weights)
    partial = {**learnt(), "dense": {"kernel": (4, 3)}}
    assert untrained(wanted, {}) == {"dense", "dense_1"}
    assert untrained(wanted, partial) == {"dense"}


def test_the_document_follows_edits_and_tells_what_it_learns_once() -> None:
    document = Document(Project(graph=network()))
    seen: list[Diff] = []
    document.changed.connect(seen.append)
    document.set_learnt(learnt())
    assert seen == []  # nothing that is shown has changed

    document.edit("Units", document.project.with_graph(network(5)))
    assert document.untrained == {"dense", "dense_1"}
    document.undo()
    assert document.untrained == frozenset()

    seen.clear()
    document.set_learnt(learnt(7))
    document.set_learnt(learnt(7))
    assert seen == [Diff(learnt=True)]
    document.set_learnt(None)
    assert document.untrained == frozenset()
    assert not document.is_modified


def test_a_new_layer_never_takes_the_id_of_one_that_learnt() -> None:
    document = Document(Project(graph=network()))
    document.set_learnt(learnt())
    graph = document.project.graph.without(["dense"])
    document.edit("Delete", document.project.with_graph(graph))
    made = layer("Dense", units=3)
    graph = graph.add(Node(graph.fresh_id(made), made)).connect(Edge("input", "dense"))
    graph, key = document.begun_anew(graph, "dense")
    document.edit("Add", document.project.with_graph(graph))

    assert key == "dense_2"
    assert graph.into(key) == (Edge("input", key),)
    assert document.untrained == {key}
    document.stack.undo()
    document.stack.undo()
    assert document.untrained == frozenset()


def test_a_layer_that_a_remedy_adds_inherits_nobodys_weights() -> None:
    document = Document(Project(graph=network()))
    document.set_learnt(learnt())
    document.edit("Delete", document.project.with_graph(document.project.graph.without(["dense_1"])))
    made = layer("Dense", units=2)
    fix = Fix("Put Dense behind", lambda graph: graph.inserted_after(Node(graph.fresh_id(made), made), "dense"))
    document.mend(fix)

    assert set(document.project.graph.nodes) == {"input", "dense", "dense_2"}
    assert document.project.graph.into("dense_2") == (Edge("dense", "dense_2"),)
    assert document.untrained == {"dense_2"}
    assert document.stack.undoText() == "Put Dense behind"
