"""Layers that use each other's weights: values, gradients, updates, edits and files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.errors import FileError, GraphError
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.io import load_project, save_project
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from engine.train.state import RunState
from tests.engine.workbench import GraphBench


def made(kind: str, **parameters: Any) -> Any:
    return registry.layers.get(kind)(**parameters)


def built(nodes: dict[str, Any], wires: list[tuple[str, str]]) -> Graph:
    graph = Graph()
    for key, layer in nodes.items():
        graph = graph.add(Node(key, layer))
    for source, target in wires:
        graph = graph.connect(Edge(source, target))
    return graph


def twins(layer: Any = None, **end: Any) -> Graph:
    """Two inputs through one layer, joined."""
    layer = layer or made("Dense", units=3, activation="tanh", **end)
    graph = built(
        {
            "left": made("Input", shape=(4,)),
            "right": made("Input", shape=(4,)),
            "first": layer,
            "second": layer,
            "join": made("Multiply"),
            "end": made("Dense", units=2),
        },
        [("left", "first"), ("right", "second"), ("first", "join"), ("second", "join"), ("join", "end")],
    )
    return graph.sharing("second", "first")


def test_shared_weights_exist_once() -> None:
    graph = twins()
    inference = infer(graph)

    assert inference.problems == ()
    assert inference.parameter_count() == (4 * 3 + 3 + 3 * 2 + 2, 0)
    assert inference.parameter_count("second") == (15, 0)
    bench = GraphBench(graph)
    assert [entry.node for entry in bench.parameters.entries].count("second") == 0
    assert bench.parameters.of("second")["kernel"] is not None
    assert np.shares_memory(bench.parameters.of("second")["kernel"], bench.parameters.of("first")["kernel"])


def test_a_shared_layer_computes_what_two_equal_layers_compute() -> None:
    shared = GraphBench(twins())
    apart = GraphBench(twins().independent(["second"]))
    apart.parameters.load(shared.parameters.copy())
    for source, target in ((shared.feed.inputs, apart.feed.inputs), (shared.feed.targets, apart.feed.targets)):
        for key, values in source.items():
            target[key][...] = values  # type: ignore[index]

    assert np.array_equal(shared.predict(), apart.predict())
    shared.loss()
    apart.loss()
    sums = {
        name: apart.parameters.gradients_of("first")[name] + apart.parameters.gradients_of("second")[name]
        for name in ("kernel", "bias")
    }
    for name, gradient in shared.parameters.gradients_of("first").items():
        np.testing.assert_allclose(gradient, sums[name], rtol=1e-13)


SHARED = {
    "dense": twins(),
    "regularized": twins(kernel_regularizer="l2", kernel_constraint="max_norm"),
    "normalized": twins(made("BatchNormalization")),
    "wide": twins(made("Dense", units=300)),
}


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("graph", SHARED.values(), ids=SHARED)
def test_gradients_add_up(graph: Graph, shards: int) -> None:
    bench = GraphBench(graph, shards=shards)

    for numeric, analytic in bench.slopes():
        assert abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic))


def test_a_chain_may_pass_one_layer_several_times() -> None:
    dense = made("Dense", units=4, activation="tanh")
    nodes = {"in": made("Input", shape=(4,)), "a": dense, "b": dense, "c": dense, "end": made("Dense", units=1)}
    graph = built(nodes, [("in", "a"), ("a", "b"), ("b", "c"), ("c", "end")]).sharing("b", "a").sharing("c", "b")

    assert graph.nodes["c"].shares == "a"
    bench = GraphBench(graph, shards=2)
    for numeric, analytic in bench.slopes():
        assert abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic))


@pytest.mark.parametrize("graph", [SHARED["normalized"], SHARED["wide"]], ids=["normalized", "wide"])
def test_same_bits_on_any_number_of_threads(graph: Graph) -> None:
    found = []
    for threads in (1, 2, 4):
        bench = GraphBench(graph, rows=9, dtype="float32", shards=3, threads=threads)
        losses = [bench.loss() for _ in range(3)]
        fixed = [bench.parameters.view(bench.parameters.flat, e).tobytes() for e in bench.parameters.entries]
        found.append((losses, bench.parameters.gradient.tobytes(), fixed))
        bench.crew.close()

    assert found[0] == found[1] == found[2]


def test_shared_moving_statistics_take_every_use_in_order() -> None:
    bench = GraphBench(twins(made("BatchNormalization", momentum=0.9)))
    bench.loss()

    expected = np.zeros(4)
    for side in ("left", "right"):
        expected = 0.9 * expected + 0.1 * bench.x[side].mean(axis=0)
    np.testing.assert_allclose(bench.parameters.of("first")["moving_mean"], expected, rtol=1e-12)


def test_one_source_may_enter_a_merging_layer_twice() -> None:
    nodes = {"in": made("Input", shape=(3,)), "a": made("Dense", units=3), "square": made("Multiply")}
    graph = built(nodes, [("in", "a"), ("a", "square"), ("a", "square")])

    assert len(set(graph.into("square"))) == 2
    bench = GraphBench(graph, shards=2)
    before = bench.plan.values["a"][0]
    assert np.array_equal(bench.predict(), before * before)
    for numeric, analytic in bench.slopes():
        assert abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic))
    again = project_from_json(project_to_json(Project(graph=graph), None, Path())).project.graph
    assert again == graph
    single = graph.disconnected([graph.into("square")[0]])
    assert single.into("square") == (Edge("a", "square"),)


def test_a_single_port_refuses_the_same_wire_twice() -> None:
    graph = built({"in": made("Input", shape=(3,)), "a": made("Dense", units=3)}, [("in", "a")])

    with pytest.raises(GraphError, match="already connected"):
        graph.connect(Edge("in", "a"))


# -- edits ------------------------------------------------------------------------------------


def test_editing_one_edits_all_that_share() -> None:
    graph = twins().with_layer("second", made("Dense", units=5))

    assert graph.nodes["first"].layer.units == graph.nodes["second"].layer.units == 5
    frozen = graph.with_trainable(["second"], False)
    assert frozen.frozen == {"first", "second"}


def test_the_next_sharer_inherits_the_weights_of_a_deleted_owner() -> None:
    graph = twins()
    bench = GraphBench(graph)
    learnt = bench.parameters.copy()
    left = graph.without(["first"]).connect(Edge("left", "second"))

    assert left.nodes["second"].shares == ""
    left = left.without(["left", "join"]).connect(Edge("right", "second")).connect(Edge("second", "end"))
    after = GraphBench(left, seed=9)
    assert not after.parameters.load(learnt)
    assert np.array_equal(after.parameters.of("second")["kernel"], learnt["first"]["kernel"])


def test_independent_layers_keep_what_they_learnt_together() -> None:
    graph = twins()
    learnt = GraphBench(graph).parameters.copy()
    apart = graph.independent(["first"])

    assert [node.shares for node in apart.nodes.values()] == [""] * 6
    after = GraphBench(apart, seed=9)
    assert not after.parameters.load(learnt)
    assert np.array_equal(after.parameters.of("second")["kernel"], after.parameters.of("first")["kernel"])
    assert not np.shares_memory(after.parameters.of("second")["kernel"], after.parameters.of("first")["kernel"])


def test_three_that_share_stay_together_when_the_owner_leaves() -> None:
    graph = twins()
    third = graph.add(Node("third", made("Dense", units=3))).sharing("third", "second")

    assert third.independent(["first"]).nodes["third"].shares == "second"
    assert third.without(["first"]).nodes["third"].shares == "second"
    assert third.renamed("first", "tower").nodes["third"].shares == "tower"


def test_copies_share_among_themselves() -> None:
    graph = twins()
    both, names = graph.merged(graph.part(["first", "second"]))
    one, alone = graph.merged(graph.part(["second"]))

    assert both.nodes[names["second"]].shares == names["first"]
    assert one.nodes[alone["second"]].shares == ""


def test_sharing_with_itself_or_with_nothing_is_refused() -> None:
    with pytest.raises(GraphError, match="itself"):
        twins().sharing("first", "first")
    with pytest.raises(GraphError, match="no layer called"):
        twins().sharing("first", "nobody")


def test_the_owner_may_turn_to_its_sharer() -> None:
    graph = twins().sharing("first", "second")

    assert (graph.nodes["first"].shares, graph.nodes["second"].shares) == ("second", "")


def test_weights_that_do_not_fit_both_are_a_sentence_with_a_way_out() -> None:
    graph = twins()
    graph = graph.with_layer("right", made("Input", shape=(6,)))
    (problem,) = infer(graph).errors

    assert problem.node == "second"
    assert "whose kernel is 4 × 3; here it would be 6 × 3" in problem.text.replace(" there", "")
    assert problem.fix is not None
    assert not infer(problem.fix.apply(graph)).errors


# -- files ------------------------------------------------------------------------------------


def test_project_text_comes_back() -> None:
    graph = twins().with_trainable(["first", "end"], False)
    text = project_to_json(Project(graph=graph), None, Path())
    again = project_from_json(text)

    assert again.project.graph == graph
    assert again.unknown == ()
    assert b'{"id": "second", "shares": "first"}' in text


@pytest.mark.parametrize("owner", ["nobody", "second"])
def test_a_file_that_shares_with_nothing_is_refused(owner: str) -> None:
    text = project_to_json(Project(graph=twins()), None, Path())
    text = text.replace(b'"shares": "first"', b'"shares": "%s"' % owner.encode())

    with pytest.raises(FileError, match="shares the weights of"):
        project_from_json(text)


def test_weights_are_saved_once_and_come_back_for_both(tmp_path: Path) -> None:
    graph = twins(made("Dense", units=3))
    bench = GraphBench(graph, dtype="float32")
    bench.parameters.add_slot("momentum", 0.25)
    state = RunState(graph, bench.parameters.copy(), bench.parameters.copy_slots(), "SGD")
    save_project(tmp_path / "a.loom", Project(graph=graph), state)
    opened = load_project(tmp_path / "a.loom")

    assert opened.state is not None
    assert opened.state.weights["second"] is opened.state.weights["first"]
    assert np.array_equal(opened.state.weights["second"]["kernel"], state.weights["first"]["kernel"])
    assert np.array_equal(opened.state.slots["momentum"]["first"]["kernel"], np.full((4, 3), 0.25, np.float32))
    apart = GraphBench(replace(opened.state.graph).independent(["second"]), dtype="float32")
    assert not apart.parameters.load(opened.state.weights)
