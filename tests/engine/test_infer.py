"""Shapes through the whole graph, and one problem at the node that cannot go on."""

from __future__ import annotations

from typing import Any

import pytest

from engine import registry
from engine.catalogue.layers.base import Layer
from engine.errors import Remedy
from engine.graph import Edge, Graph, Node
from engine.infer import NODE_STEP, apply_remedy, infer
from engine.templates import chain


def layer(kind: str, **values: Any) -> Layer:
    made = registry.layers.get(kind)(**values)
    assert isinstance(made, Layer)
    return made


def joined(join: str, *shapes: tuple[int, ...]) -> Graph:
    """An Input for every shape, all into one merging layer and a Dense behind it."""
    graph = (
        Graph().add(Node("join", layer(join))).add(Node("end", layer("Dense", units=2))).connect(Edge("join", "end"))
    )
    for number, shape in enumerate(shapes):
        key = f"in_{number}"
        graph = graph.add(Node(key, layer("Input", shape=shape))).connect(Edge(key, "join"))
    return graph


def test_shapes_and_weights_of_a_chain() -> None:
    found = infer(
        chain(("Input", {"shape": (4, 4, 1)}), ("Flatten", {}), ("BatchNormalization", {}), ("Dense", {"units": 3}))
    )
    assert {key: str(specs[0]) for key, specs in found.outputs.items()} == {
        "input": "4 × 4 × 1", "flatten": "16", "batch_normalization": "16", "dense": "3",
    }  # fmt: skip
    assert found.inputs["input"] == ()
    assert found.inputs["dense"] == found.outputs["batch_normalization"]
    assert found.parameter_count("dense") == (16 * 3 + 3, 0)
    assert found.parameter_count() == (16 * 3 + 3 + 32, 32)
    assert found.parameter_count("flatten") == found.parameter_count("unknown") == (0, 0)
    assert found.problems == found.errors == ()


def test_an_empty_graph_has_nothing() -> None:
    found = infer(Graph())
    assert (found.inputs, found.outputs, found.weights, found.problems) == ({}, {}, {}, ())


def test_a_merging_layer_sees_its_wires_in_order() -> None:
    found = infer(joined("Concatenate", (3,), (5,), (2,)))
    assert [str(spec) for spec in found.inputs["join"]] == ["3", "5", "2"]
    assert str(found.outputs["join"][0]) == "10"


def test_a_fault_is_told_once_and_where_it_is() -> None:
    graph = chain(
        ("Input", {"shape": (784,)}),
        ("Conv2D", {"filters": 2, "kernel_size": (3, 3)}),
        ("Flatten", {}),
        ("Dense", {"units": 3}),
    )
    found = infer(graph)
    (problem,) = found.problems
    assert (problem.node, problem.severity) == ("conv2d", "error")
    assert set(found.outputs) == {"input"}
    assert set(found.inputs) == {"input", "conv2d"}
    assert problem.fix is not None
    assert infer(problem.fix.apply(graph)).problems == ()


def test_a_loose_input_names_its_port_and_what_follows_is_quiet() -> None:
    graph = Graph().add(Node("a", layer("Dense", units=3))).add(Node("b", layer("Flatten"))).connect(Edge("a", "b"))
    (problem,) = infer(graph.labelled("a", "first")).problems
    assert problem.node == "a"
    assert problem.text.startswith("'first' has nothing connected to its input. Drag a wire")


def test_two_faults_in_two_branches_are_both_told() -> None:
    graph = joined("Add", (3,), (4,)).add(Node("loose", layer("Flatten")))
    assert {p.node for p in infer(graph).problems} == {"join", "loose"}


@pytest.mark.parametrize(
    ("shapes", "labels"),
    [
        (((3,), (4,)), ["Insert Dense with 3 units"]),
        (((3,), (3,), (4,)), ["Insert Dense with 3 units"]),
        (((5, 3), (5, 7)), ["Insert Dense with 3 units"]),
        (((5, 3), (7, 3)), ["Insert Flatten", "Insert Dense with 15 units"]),
        (((5, 3), (15,)), ["Insert Flatten"]),
        (((8,), (2, 2)), ["Insert Flatten", "Insert Dense with 8 units"]),
    ],
)
def test_branches_are_brought_to_one_shape(shapes: tuple[tuple[int, ...], ...], labels: list[str]) -> None:
    graph = joined("Add", *shapes)
    pressed = []
    while problems := infer(graph).problems:
        assert problems[0].fix is not None
        pressed.append(problems[0].fix.label)
        graph = problems[0].fix.apply(graph)
        assert len(graph.into("join")) == len(shapes)
    assert pressed == labels


def test_only_the_wires_at_fault_get_a_layer() -> None:
    graph = joined("Add", (3,), (4,), (3,), (5,))
    (problem,) = infer(graph).problems
    assert problem.fix is not None
    mended = problem.fix.apply(graph)
    assert [e.source for e in mended.into("join")] == ["in_0", "dense", "in_2", "dense_1"]
    assert [mended.into(key)[0].source for key in ("dense", "dense_1")] == ["in_1", "in_3"]


def test_one_wire_into_a_merging_layer_asks_for_another() -> None:
    (problem,) = infer(joined("Add", (3,))).problems
    assert "Wire another one" in problem.text
    assert problem.fix is None


def test_room_is_made_for_what_a_remedy_inserts() -> None:
    graph = chain(("Input", {"shape": (4,)}), ("Dense", {"units": 3}), ("Dense", {"units": 2}))
    before = apply_remedy(graph, "dense", Remedy("", "Flatten"))
    assert [n.position[1] / NODE_STEP for n in before.nodes.values()] == [0, 2, 3, 1]
    after = apply_remedy(graph, "dense", Remedy("", "Flatten", after=True))
    assert [n.position[1] / NODE_STEP for n in after.nodes.values()] == [0, 1, 3, 2]
    assert after.order == ("input", "dense", "flatten", "dense_1")
    changed = apply_remedy(graph, "dense", Remedy("", parameters=(("units", 9),)))
    assert changed == graph.with_layer("dense", layer("Dense", units=9))
    assert apply_remedy(graph, "unknown", Remedy("", "Flatten")) is graph
