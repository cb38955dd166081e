"""Random small networks of registered layers: gradients, files, and the same bits in any number of shards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import registry
from engine.catalogue.layers.base import Layer
from engine.component import resolved
from engine.errors import LayerloomError
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from tests.engine.workbench import GraphBench

#: Where two numbers are nearly equal, these have a corner that differences of the loss step over.
CORNERS = ("MaxPooling", "GlobalMax", "Maximum", "Minimum", "Maxout")
#: How much slopes to both sides may differ; at a corner it is as much as the slopes themselves.
BEND = 1e-4
MADE: list[Layer] = [
    cls(**dict(example.parameters))
    for cls in registry.layers
    if not getattr(cls, "hidden", False)
    for example in cls.examples
]
PIECES = [layer for layer in MADE if len(layer.inputs) == 1 and len(layer.outputs) == 1]
CORNERED = [layer for layer in PIECES if layer.key.startswith(CORNERS)]
SHAPES = [(4,), (3, 4), (4, 4, 2)]


def grown(graph: Graph, layer: Layer, sources: list[str]) -> Graph | None:
    """The graph with one more layer, where it fits."""
    key = graph.fresh_id(layer)
    taller = graph.add(Node(key, layer))
    for source in sources:
        taller = taller.connect(Edge(source, key, target_port=layer.inputs[0].name))
    try:
        known = infer(taller)
    except LayerloomError:
        return None
    fits = not known.problems and not known.indexes and bool(known.outputs[key][0].shape)
    small = fits and known.outputs[key][0].known and known.outputs[key][0].size <= 200
    return taller if small and sum(known.parameter_count()) < 2000 else None


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    shape = draw(st.sampled_from(SHAPES))
    makes: Any = registry.layers.get
    graph = Graph().add(Node("input", makes("Input")(shape=shape)))
    for _ in range(draw(st.integers(1, 4))):
        keys = list(graph.nodes)
        source = draw(st.sampled_from(keys))
        layer = draw(st.sampled_from(PIECES))
        sources = [source]
        if layer.inputs[0].many:
            sources.append(draw(st.sampled_from(keys)))
        taller = grown(graph, layer, sources)
        if taller is None:
            continue
        graph = taller
        if draw(st.booleans()):  # once more on the same tensor, with the same weights
            again = grown(graph, layer, sources)
            if again is not None:
                graph = again.sharing(list(again.nodes)[-1], list(again.nodes)[-2])
    ends = [key for key in graph.outputs if graph.into(key)]
    if not ends:
        graph = grown(graph, makes("Dense")(units=2), ["input"]) or graph
    return graph


def trained(graph: Graph) -> bool:
    return any(infer(graph).weights[key] for key in graph.nodes)


def assert_slopes_agree(bench: GraphBench) -> None:
    """The gradient is that of differences, where nothing lies at a corner: no two numbers of a maximum are equal."""
    assume(bench.bend(directions=2) < BEND)
    for numeric, analytic in bench.slopes(directions=2):
        assert abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(graph=networks(), shards=st.sampled_from([1, 3]))
def test_gradient_by_random_projection(graph: Graph, shards: int) -> None:
    assert_slopes_agree(GraphBench(graph, shards=shards))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(layer=st.sampled_from(CORNERED), shape=st.sampled_from(SHAPES), shards=st.sampled_from([1, 3]))
def test_the_largest_and_the_smallest_hand_gradients_to_who_won(layer: Layer, shape: Any, shards: int) -> None:
    """Kinds with corners for certain, between layers with weights, on numbers that differ."""
    makes: Any = registry.layers.get
    graph: Graph | None = Graph().add(Node("input", makes("Input")(shape=shape)))
    for activation in ("tanh", "linear"):
        assert graph is not None
        graph = grown(graph, makes("Dense")(units=3, activation=activation), ["input"])
    assert graph is not None
    dense = [key for key in graph.nodes if key != "input"]
    graph = grown(graph, layer, dense if layer.inputs[0].many else dense[:1])
    assume(graph is not None)
    assert graph is not None

    assert_slopes_agree(GraphBench(graph, shards=shards))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(graph=networks())
def test_project_text_comes_back(graph: Graph) -> None:
    text = project_to_json(Project(graph=graph), None, Path())

    assert project_from_json(text).project.graph == graph


@settings(max_examples=12, deadline=None, derandomize=True)
@given(graph=networks())
def test_threads_do_not_change_a_bit(graph: Graph) -> None:
    found = []
    for threads in (1, 3):
        bench = GraphBench(graph, rows=6, dtype="float32", shards=3, threads=threads)
        found.append((bench.loss(), bench.parameters.gradient.tobytes()))
        bench.crew.close()

    assert found[0] == found[1]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(graph=networks())
def test_shards_change_no_more_than_rounding(graph: Graph) -> None:
    one, three = (GraphBench(graph, rows=6, shards=shards) for shards in (1, 3))

    assert np.isclose(one.loss(), three.loss(), rtol=1e-12, atol=1e-12)
    scale = max(1.0, float(np.abs(one.parameters.gradient).max(initial=0)))
    np.testing.assert_allclose(three.parameters.gradient, one.parameters.gradient, rtol=1e-9, atol=1e-11 * scale)


def test_the_networks_are_not_all_alike() -> None:
    assert len({type(layer) for layer in PIECES}) > 40
    dense = resolved("layer", {"type": "Dense", "units": 3})
    assert isinstance(dense, Layer)
    graph = grown(Graph().add(Node("input", registry.layers.get("Input")(shape=(4,)))), dense, ["input"])  # type: ignore[arg-type]
    assert graph is not None
    assert trained(graph)
