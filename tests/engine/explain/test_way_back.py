"""Gradients of a network as it predicts: by finite differences, for every layer and for whole networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine import registry
from engine.catalogue.layers.base import Example, Layer
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Plan
from tests.engine.explain.nets import NETS, weights_of
from tests.engine.workbench import ShardedPlan, drawn

Array = npt.NDArray[Any]
ROWS = 3
STEP = 1e-6
LAYERS: list[type[Layer]] = [cls for cls in registry.layers if cls.inputs and not getattr(cls, "hidden", False)]
CASES = [pytest.param(cls, ex, id=f"{cls.key}-{n}") for cls in LAYERS for n, ex in enumerate(cls.examples)]


class ThreeShards(ShardedPlan):
    wanted = 3


class Slope:
    """The sum of an output weighted by random numbers, and its gradient by a layer's output."""

    def __init__(self, graph: Graph, layer: str, output: str, kind: type[Plan] = Plan) -> None:
        self.graph, self.layer, self.output = graph, layer, output
        self.inference = infer(graph)
        assert not self.inference.problems, self.inference.problems
        random = np.random.default_rng(9)
        self.weights = weights_of(graph)
        reader = next((n.layer for n in graph.nodes.values() if n.layer.index_range), graph.nodes[layer].layer)
        self.x = {k: drawn(reader, random, (ROWS, self.inference.outputs[k][0].size)) for k in graph.inputs}
        self.pull = random.standard_normal((ROWS, *self.inference.outputs[output][0].sizes))
        parameters = Parameters(graph, self.inference, np.dtype("float64"), frozenset(graph.nodes))
        parameters.load(self.weights)
        self.plan = kind(graph, self.inference, parameters, ROWS)
        self.plan.index[:] = np.arange(ROWS)
        self.forward = self.plan.keeping(ROWS, Feed(self.x, {}))
        self.back = self.plan.explaining(ROWS, layer, output)

    def gradient(self) -> tuple[Array, Array]:
        """The layer's output and the gradient by it."""
        with Crew(2) as crew:
            self.forward.bind()
            self.forward.run_compute(crew)
            self.back.program.bind()
            self.back.start[...] = self.pull
            self.back.program.run_compute(crew)
        return self.plan.values[self.layer][0].copy(), self.back.end.copy()

    def cut(self, at: Array) -> float:
        """The weighted sum when the layer's output is replaced by given numbers, without any way back."""
        source: Any = registry.layers.get("Input")(shape=at.shape[1:])
        graph = self.graph.disconnected(self.graph.into(self.layer)).with_layer(self.layer, source)
        used = graph.upstream(self.output)
        graph = graph.without(set(graph.nodes) - used)
        inference = infer(graph)
        parameters = Parameters(graph, inference, np.dtype("float64"))
        parameters.load(self.weights)
        plan = Plan(graph, inference, parameters, ROWS)
        plan.index[:] = np.arange(ROWS)
        feed = {k: self.x[k] for k in graph.inputs if k != self.layer} | {self.layer: at.reshape(ROWS, -1)}
        program = plan.predicting(ROWS, Feed(feed, {}))
        program.bind()
        with Crew(1) as crew:
            program.run_compute(crew)
        return float((plan.values[self.output][0] * self.pull).sum())


def assert_gradient_is_the_slope(slope: Slope, tolerance: float = 1e-6) -> None:
    """Compare along random directions."""
    value, gradient = slope.gradient()
    for seed in range(3):
        direction = np.random.default_rng(seed).standard_normal(value.shape)
        expected = (slope.cut(value + STEP * direction) - slope.cut(value - STEP * direction)) / (2 * STEP)
        scale = max(1.0, abs(expected), float(np.sqrt((gradient**2).sum())))
        assert abs((gradient * direction).sum() - expected) <= tolerance * scale


@pytest.mark.parametrize("kind", [Plan, ThreeShards], ids=["whole", "shards"])
@pytest.mark.parametrize(("cls", "example"), CASES)
def test_every_layer_by_finite_differences(cls: type[Layer], example: Example, kind: type[Plan]) -> None:
    graph = Graph()
    layer = cls(**dict(example.parameters))
    for place, shape in enumerate(example.shapes):
        made: Any = registry.layers.get("Input")(shape=shape)
        graph = graph.add(Node(f"in{place}", made))
    graph = graph.add(Node("subject", layer))
    for place in range(len(example.shapes)):
        port = layer.inputs[min(place, len(layer.inputs) - 1)].name
        graph = graph.inserted_after(Node(f"pass{place}", _passing()), f"in{place}")
        graph = graph.connect(Edge(f"pass{place}", "subject", target_port=port))

    for place in range(len(example.shapes)):
        assert_gradient_is_the_slope(Slope(graph, f"pass{place}", "subject", kind))


def _passing() -> Any:
    return registry.layers.get("Activation")(activation="linear")


NODES = [pytest.param(name, node, id=f"{name}-{node}") for name, make in NETS.items() for node in make().nodes]


@pytest.mark.parametrize(("name", "node"), NODES)
def test_whole_networks_by_finite_differences(name: str, node: str) -> None:
    graph = NETS[name]()
    for output in graph.outputs:
        if node in graph.upstream(output):
            assert_gradient_is_the_slope(Slope(graph, node, output))
