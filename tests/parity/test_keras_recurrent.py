"""Recurrent layers against Keras, with masks and initial states, forward and backward."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.component import resolved
from engine.graph import Edge, Graph, Node
from engine.plan.parameters import Entry
from tests.engine.workbench import GraphBench, Offset
from tests.measured import assert_agree
from tests.parity.golden import KERAS, golden
from tests.parity.recurrent_cases import BATCHES, CASES, ROWS, STATEFUL, Case, states

GOLDEN = golden("make_golden_recurrent.py", "recurrent.npz")
KEPT = golden("make_golden_stateful.py", "stateful.npz")


def layer(kind: str, **values: Any) -> Any:
    return resolved("layer", {"type": kind, **values})


def network(case: Case) -> Graph:
    """Masking, a Dense that changes nothing (it shows the gradient), the layer, and all its outputs in one row."""
    declared, (steps, features), _, length = case
    graph = Graph().add(Node("in0", layer("Input", shape=(steps, features)))).add(Node("masking", layer("Masking")))
    graph = graph.add(Node("offset0", layer("Dense", units=features, use_bias=False)))
    subject = resolved("layer", declared)
    graph = graph.add(Node("subject", subject))  # type: ignore[arg-type]
    chain = ("in0", "masking", "offset0", "subject")
    for source, target in pairwise(chain):
        graph = graph.connect(Edge(source, target))
    for n in range(1, 1 + states(case)):
        graph = graph.add(Node(f"in{n}", layer("Input", shape=(length,)))).add(Node(f"offset{n}", Offset()))
        graph = graph.connect(Edge(f"in{n}", f"offset{n}")).connect(Edge(f"offset{n}", "subject", "y", "initial_state"))
    ports = [port.name for port in subject.outputs]  # type: ignore[attr-defined]
    for port in ports:
        graph = graph.add(Node(f"flat {port}", layer("Flatten"))).connect(Edge("subject", f"flat {port}", port))
    if len(ports) > 1:
        graph = graph.add(Node("all", layer("Concatenate")))
        for port in ports:
            graph = graph.connect(Edge(f"flat {port}", "all", target_port=graph.nodes["all"].layer.inputs[0].name))
    return graph


def prepared(
    case: Case, dtype: str, arrays: dict[str, Any], place: int, shards: int = 1
) -> tuple[GraphBench, list[Entry]]:
    """The network with Keras's weights, and where those lie."""
    bench = GraphBench(network(case), rows=ROWS, dtype=dtype, shards=shards)
    parameters = bench.parameters
    parameters.flat[:] = 0
    own = [entry for entry in parameters.entries if entry.node == "subject"]
    for n, entry in enumerate(own):
        parameters.view(parameters.flat, entry)[...] = arrays[f"{place} w{n}"]
    for entry in parameters.entries:
        if entry.node == "offset0":
            parameters.view(parameters.flat, entry)[...] = np.eye(entry.spec.shape[0])
    return bench, own


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 2e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{n}-{case[0]['type']}" for n, case in enumerate(CASES)])
def test_answers_and_gradients_are_those_of_keras(place: int, dtype: str, tolerance: float) -> None:
    case = CASES[place]
    kind = case[0]["type"]
    bench, own = prepared(case, dtype, GOLDEN, place)
    parameters, last = bench.parameters, bench.graph.outputs[0]
    for n in range(1 + states(case)):
        bench.feed.inputs[f"in{n}"][...] = GOLDEN[f"{place} x{n}"].reshape(ROWS, -1)
    y, slope = GOLDEN[f"{place} y"], GOLDEN[f"{place} dy"]
    # With these targets the mean of squares has the gradient that Keras was given.
    bench.feed.targets[last][...] = y - slope * y.size / 2

    bench.loss()

    found = bench.plan.values[last][0]
    assert_agree("layer", kind, found, y, rtol=tolerance, atol=tolerance, peer=KERAS)
    for n in range(1 + states(case)):
        ours, theirs = bench.plan.backward.slopes[f"offset{n}"][0], GOLDEN[f"{place} dx{n}"]
        assert_agree("layer", kind, ours, theirs, rtol=tolerance, atol=20 * tolerance, peer=KERAS)
    for n, entry in enumerate(own):
        gradient = parameters.view(parameters.gradient, entry)
        assert_agree("layer", kind, gradient, GOLDEN[f"{place} dw{n}"], rtol=tolerance, atol=20 * tolerance, peer=KERAS)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 2e-5)])
@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("place", range(len(STATEFUL)), ids=[f"{n}-{c[0]['type']}" for n, c in enumerate(STATEFUL)])
def test_states_live_on_from_batch_to_batch_as_in_keras(place: int, shards: int, dtype: str, tolerance: float) -> None:
    case = STATEFUL[place]
    bench, own = prepared(case, dtype, KEPT, place, shards)
    last, parameters = bench.graph.outputs[0], bench.parameters
    for batch in range(BATCHES):
        key = f"{place} {batch}"
        bench.feed.inputs["in0"][...] = KEPT[f"{key} x"].reshape(ROWS, -1)
        bench.feed.targets[last][...] = KEPT[f"{key} y"] - KEPT[f"{key} dy"] * KEPT[f"{key} y"].size / 2

        bench.loss()

        pairs = [(bench.plan.values[last][0], KEPT[f"{key} y"])]
        pairs += [(bench.plan.backward.slopes["offset0"][0], KEPT[f"{key} dx"])]
        pairs += [(parameters.view(parameters.gradient, e), KEPT[f"{key} dw{n}"]) for n, e in enumerate(own)]
        for ours, theirs in pairs:
            assert_agree("layer", case[0]["type"], ours, theirs, rtol=tolerance, atol=20 * tolerance, peer=KERAS)
