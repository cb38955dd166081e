"""A bench for single layers: a small network around one layer, with gradients to look at."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from engine import registry
from engine.catalogue.layers.base import Example, Lane, Layer
from engine.component import component, resolved
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.kernels.jit import kernel
from engine.plan.crew import Crew
from engine.plan.lane import Span
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Head, Plan
from engine.tensor_spec import TensorSpec, WeightSpec


@kernel
def add_offset(x: Any, offset: Any, y: Any) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] + offset[j]


@kernel
def sum_rows(dy: Any, total: Any) -> None:
    for j in range(dy.shape[1]):
        total[j] = 0
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            total[j] += dy[i, j]


@component
class Offset(Layer):
    """y = x + offset: makes the gradient of whatever follows visible as a weight's gradient."""

    category: ClassVar[str] = "Core"
    supports_masking: ClassVar[bool] = True

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return (WeightSpec("offset", inputs[0].shape, resolved("initializer", "zeros")),)  # type: ignore[arg-type]

    def forward(self, lane: Lane) -> None:
        offset = lane.weights["offset"].reshape(-1)
        lane.call(add_offset, lane.x[0].reshape(lane.rows, -1), offset, lane.y[0].reshape(lane.rows, -1))

    def backward(self, lane: Lane) -> None:
        lane.call(sum_rows, lane.dy[0].reshape(lane.rows, -1), lane.partial("offset").reshape(-1))
        if lane.dx[0] is not None:
            lane.copy(lane.dy[0].reshape(lane.rows, -1), lane.dx[0].reshape(lane.rows, -1))


def drawn(layer: Layer, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers that a layer can read: whole ones where it looks something up."""
    if layer.index_range is not None:
        return random.integers(0, layer.index_range, shape).astype(float)
    return random.standard_normal(shape)


class ShardedPlan(Plan):
    """A plan with a chosen number of shards."""

    wanted = 1

    def spans(self, rows: int) -> list[Span]:
        count = min(self.wanted, rows)
        edges = [rows * place // count for place in range(count + 1)]
        return [Span(a, b, n, count) for n, (a, b) in enumerate(pairwise(edges))]


def _drawn_for(graph: Graph, key: str, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers for an Input: behind a Masking some steps are empty."""
    behind = [graph.nodes[name].layer for name in graph.downstream(key)]
    found = drawn(next((layer for layer in behind if layer.index_range is not None), behind[0]), random, shape)
    if any(layer.key == "Masking" for layer in behind):
        steps = found.reshape(-1, shape[-1])
        steps[random.random(len(steps)) < 0.4] = 0
    return found.reshape(shape[0], -1)


class GraphBench:
    """A network with a squared loss against random targets behind every output, and its gradient."""

    def __init__(
        self, graph: Graph, rows: int = 5, dtype: str = "float64", shards: int = 1, seed: int = 1, threads: int = 1
    ) -> None:
        random = np.random.default_rng(seed)
        self.inference = infer(graph)
        assert not self.inference.problems, self.inference.problems
        self.graph = graph
        self.rows = rows
        self.parameters = Parameters(graph, self.inference, np.dtype(dtype))
        self.parameters.initialize(seed)
        for entry in self.parameters.trainable():
            # Zeros (offsets, biases) hide faults: start anywhere but there.
            self.parameters.view(self.parameters.flat, entry)[...] += 0.1 * random.standard_normal(entry.spec.shape)
        shapes = self.inference.outputs
        self.x = {key: _drawn_for(graph, key, random, (rows, *shapes[key][0].sizes)) for key in graph.inputs}
        self.targets = {key: random.standard_normal((rows, shapes[key][0].size)) for key in graph.outputs}
        loss: Any = resolved("loss", "mean_squared_error")
        heads = tuple(Head(key, loss) for key in graph.outputs)
        optimizer: Any = registry.optimizers.get("SGD")(learning_rate=0.0)
        plan_class = type("Chosen", (ShardedPlan,), {"wanted": shards})
        self.plan: Plan = plan_class(graph, self.inference, self.parameters, rows, heads, optimizer)
        for key in graph.outputs:
            width = shapes[key][0].shape[-1] or 1
            self.plan.scale[key][0] = 1.0 / (rows * (shapes[key][0].size // width))
        self.plan.index[:] = np.arange(rows)
        self.plan.clock[:] = (7, 3)
        self.feed = Feed(
            {key: values.astype(dtype) for key, values in self.x.items()},
            {key: values.astype(dtype) for key, values in self.targets.items()},
        )
        self.training = self.plan.training(rows, self.feed)
        self.training.bind()
        self.crew = Crew(threads)

    def loss(self) -> float:
        """One pass forward and backward without an update: the loss, penalties included."""
        self.training.run_compute(self.crew)
        self.plan.hyper[:] = self.plan.optimizer.hyper(1, 0.0)  # type: ignore[union-attr]
        self.training.run_update(self.crew)
        sums = self.plan.sums[: self.training.shards].sum(axis=0)
        heads = len(self.plan.heads)
        total = sum(sums[place] * self.plan.scale[head.node][0] for place, head in enumerate(self.plan.heads))
        return float(total + self.plan.penalties.sum() + sums[heads:].sum() / self.rows)

    def slopes(self, directions: int = 3, seed: int = 5, step: float = 1e-6) -> list[tuple[float, float]]:
        """Slopes of the loss along random directions of the weights: by differences, and by the gradient."""
        self.loss()
        gradient = self.parameters.gradient.copy()
        around = self._around(directions, seed, step)
        return [((ahead - behind) / (2 * step), float(gradient @ way)) for way, ahead, behind in around]

    def bend(self, directions: int = 3, seed: int = 5, step: float = 1e-6) -> float:
        """By how much the loss's slopes ahead and behind differ at most, along the directions of ``slopes``."""
        here = self.loss()
        around = self._around(directions, seed, step)
        return max(abs(ahead + behind - 2 * here) / step for _, ahead, behind in around)

    def _around(self, directions: int, seed: int, step: float) -> list[tuple[np.ndarray, float, float]]:
        """Random directions of the weights, and the loss a step ahead and behind; nothing has changed after."""
        random = np.random.default_rng(seed)
        flat = self.parameters.flat
        used = np.zeros(len(flat), bool)
        for entry in self.parameters.trainable():
            used[entry.start : entry.stop] = True
        start = flat.copy()
        fixed = [(e, self.parameters.view(flat, e).copy()) for e in self.parameters.entries if e.start < 0]
        found = []
        for _ in range(directions):
            direction = np.where(used, random.standard_normal(len(flat)), 0.0)
            losses = []
            for sign in (1, -1):
                flat[:] = start + sign * step * direction
                losses.append(self.loss())
            flat[:] = start
            found.append((direction, *losses))
        for entry, before in fixed:
            self.parameters.view(flat, entry)[...] = before
        return found

    def predict(self, output: str | None = None) -> np.ndarray:
        """An output (the first if none is named) when predicting."""
        program = self.plan.predicting(self.rows, self.feed)
        program.bind()
        program.run_compute(self.crew)
        return self.plan.values[output or self.graph.outputs[0]][0].copy()


class Bench(GraphBench):
    """One layer between offsets and a squared loss against random targets.

    Args:
        layer: what is looked at.
        example: its parameters and shapes.
        rows, dtype, shards, seed, threads: of the run.
        masked: some steps of its inputs are padding.
    """

    def __init__(
        self,
        layer: Layer,
        example: Example,
        rows: int = 5,
        dtype: str = "float64",
        shards: int = 1,
        seed: int = 1,
        threads: int = 1,
        masked: bool = False,
    ) -> None:
        graph = Graph()
        before = []
        for place, shape in enumerate(example.shapes):
            graph = graph.add(Node(f"in{place}", registry.layers.get("Input")(shape=shape)))  # type: ignore[arg-type]
            graph = graph.add(Node(f"offset{place}", Offset()))
            graph = graph.connect(Edge(f"in{place}", f"offset{place}"))
            if masked:
                masking: Any = registry.layers.get("Masking")()
                graph = graph.inserted_after(Node(f"masking{place}", masking), f"in{place}")
            before.append(f"offset{place}")
        graph = graph.add(Node("subject", layer))
        for place, source in enumerate(before):
            port = layer.inputs[min(place, len(layer.inputs) - 1)].name
            graph = graph.connect(Edge(source, "subject", target_port=port))
        super().__init__(graph, rows, dtype, shards, seed, threads)
