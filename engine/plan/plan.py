"""A graph compiled for training or prediction: order, buffers, shards, kernel calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import AVERAGE, Optimizer
from engine.graph import Graph
from engine.infer import Inference
from engine.kernels.elementwise import gather_rows
from engine.plan.activity import Activity
from engine.plan.backward import Backward, WayBack
from engine.plan.carried import Carried
from engine.plan.judge import Judge
from engine.plan.lane import EXPLAINING, PREDICTING, TRAINING, Mode, NodeLane, Span
from engine.plan.parameters import Parameters
from engine.plan.program import Calls, Program
from engine.plan.update import Update
from engine.tensor_spec import TensorSpec

Array = npt.NDArray[Any]
#: Operations below which a step is not worth dividing (threads would cost more than they save).
SMALL_STEP = 1.5e6
MOST_SHARDS = 16


@dataclass(frozen=True)
class Head:
    """What judges one output.

    Attributes:
        node: id of the output node.
        loss: what training makes small.
        weight: its share in the total loss.
        metrics: figures made for this output.
        weighted: how many of the last metrics heed the weights of samples.
        names: how the figures are called in ``logs``, in the same order.
    """

    node: str
    loss: Loss
    weight: float = 1.0
    metrics: tuple[Metric, ...] = ()
    names: tuple[str, ...] = ()
    weighted: int = 0


@dataclass(frozen=True)
class Feed:
    """Arrays that batches are taken from: (samples, values per sample), by node id.

    Attributes:
        inputs: by Input node.
        targets: by output node.
        weights: by output node, (samples, 1) or (samples, rows that a sample contributes to the loss), or ``None``.
    """

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    weights: Mapping[str, Array] | None = None


class Plan:
    """Buffers and programs of one graph.

    Attributes:
        index: row numbers of the batch under way, written before each step.
        clock: int64 [seed, step], read by kernels that draw random numbers.
        hyper: the optimizer's scalars of this step.
        decay: the share of every weight that this step takes away.
        averaging: the momentum of the weights' moving averages, and whether these become the weights after this step.
        scale: by head, 1 / number of rows that count.
        sums: float64 (shards, columns): loss and metric sums of each shard, then its activity penalties.
        activity: the penalties on what layers put out.
        penalties: float64, one per regularized weight.
        carried: what layers hand on from batch to batch.
    """

    def __init__(
        self,
        graph: Graph,
        inference: Inference,
        parameters: Parameters,
        capacity: int,
        heads: Sequence[Head] = (),
        optimizer: Optimizer | None = None,
        outputs: Sequence[str] | None = None,
    ) -> None:
        self.graph, self.inference, self.parameters = graph, inference, parameters
        self.capacity, self.dtype, self.optimizer = capacity, parameters.dtype, optimizer
        self.heads = tuple(heads)
        self.carried = Carried(capacity, self.dtype)
        self.outputs = tuple(outputs if outputs is not None else graph.outputs)
        self._memory: dict[Any, Array] = {}
        self._used_partials: set[tuple[str, str]] = set()
        wanted = frozenset().union(*(graph.upstream(key) for key in self.outputs)) if self.outputs else frozenset()
        self.order = tuple(key for key in graph.order if key in wanted)
        # By id, not by place: editing elsewhere in the graph leaves a layer's random numbers alone.
        self.number = {key: crc32(key.encode()) for key in graph.order}
        self.weights = {key: parameters.of(key) for key in self.order}
        self.families = self._families()
        self.gradients = {key: self._gradients(key) for key in self.order}
        self.paired = frozenset(h.node for h in self.heads if self._is_pair(h))
        self.index = np.zeros(capacity, np.int64)
        self.clock = np.zeros(2, np.int64)
        self.hyper = np.zeros(len(optimizer.hyper(1, 0.0)) if optimizer else 0, self.dtype)
        self.decay, self.averaging = np.zeros(1, self.dtype), np.zeros(2, self.dtype)
        self.scale = {head.node: np.zeros(1, self.dtype) for head in self.heads}
        self.columns = sum(1 + sum(m.width for m in head.metrics) for head in self.heads)
        self.activity = Activity(self, self.columns)
        self.columns += self.activity.columns
        self.sums = np.zeros((MOST_SHARDS, self.columns))
        self.regularized = [e for e in parameters.entries if e.start >= 0 and e.spec.regularizer is not None]
        self.penalties = np.zeros(len(self.regularized))
        if optimizer is not None:
            for name in optimizer.slots():
                parameters.add_slot(name, optimizer.start(name))
            if optimizer.use_ema:
                parameters.add_slot(AVERAGE)
        self.values: dict[str, tuple[Array, ...]] = {}
        self.masks: dict[str, tuple[Array | None, ...]] = {}
        for key in self.order:
            self.values[key] = self._values(key)
            self.masks[key] = self._masks(key)
        self.judge = Judge(self)

    def tune(self, step: int, learning_rate: float) -> None:
        """Hand the optimizer's scalars for an update (1 is the first) to its kernels."""
        assert self.optimizer is not None, "a plan for training needs an optimizer"
        self.hyper[:] = self.optimizer.hyper(step, learning_rate)
        self.averaging[:] = self.optimizer.averaging(step)
        self.decay[0] = learning_rate * (self.optimizer.weight_decay or 0.0)

    def penalty(self) -> float:
        """What the regularizers add to the loss for the weights as they are now."""
        flat = self.parameters.flat
        return float(sum(e.spec.regularizer.value(self.parameters.view(flat, e)) for e in self.regularized))  # type: ignore[union-attr]

    def scalars(self, values: tuple[float, ...]) -> tuple[Any, ...]:
        """Numbers in the plan's element type, as kernels take them."""
        return tuple(np.asarray(value, self.dtype)[()] for value in values)

    # -- memory --------------------------------------------------------------------------------

    def memory(self, key: Any, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """An array kept under a key; the same key gives the same array."""
        if key not in self._memory:
            self._memory[key] = np.zeros(shape, dtype or self.dtype)
        return self._memory[key]

    def partials(self, node: str, weight: str, shards: int) -> Array:
        """Gradients of a weight, one row per shard."""
        self._used_partials.add((node, weight))
        size = self.gradients[node][weight].size
        return self.memory(("partial", node, weight), (MOST_SHARDS, size))[:shards]

    def has_partials(self, node: str, weight: str) -> bool:
        """Whether shards compute gradients of a weight for themselves."""
        return (node, weight) in self._used_partials

    def _families(self) -> dict[str, tuple[str, ...]]:
        """By owner of weights: the nodes of this plan that use them, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for key in self.order:
            owner = self.graph.owner(key)
            found[owner] = (*found.get(owner, ()), key)
        return found

    def _gradients(self, key: str) -> dict[str, Array]:
        """Where a node's gradients go: of those that share weights, all but the first have arrays of their own."""
        shared = self.parameters.gradients_of(key)
        if self.families[self.graph.owner(key)][0] == key:
            return shared
        return {name: self.memory(("gradient", key, name), array.shape) for name, array in shared.items()}

    def inputs_of(self, node: str) -> tuple[Array, ...]:
        """Whole-batch arrays that enter a node."""
        return tuple(self.values[source][place] for source, place in self._sources(node))

    def masks_into(self, node: str) -> tuple[Array | None, ...]:
        """Whole-batch masks that come with what enters a node."""
        return tuple(self.masks[source][place] for source, place in self._sources(node))

    def _sources(self, node: str) -> Iterator[tuple[str, int]]:
        for edge in self.graph.into(node):
            ports = [port.name for port in self.graph.nodes[edge.source].layer.outputs]
            yield edge.source, ports.index(edge.source_port)

    def _values(self, key: str) -> tuple[Array, ...]:
        layer = self.graph.nodes[key].layer
        shapes = [(self.capacity, *spec.sizes) for spec in self.inference.outputs[key]]
        if layer.view and layer.inputs:
            return (self.inputs_of(key)[0].reshape(shapes[0]),)
        return tuple(self.memory(("value", key, place), shape) for place, shape in enumerate(shapes))

    def _masks(self, key: str) -> tuple[Array | None, ...]:
        """Masks of a node's outputs: of its own where it makes them, else its first input's."""
        specs, own = self.inference.outputs[key], self.graph.nodes[key].layer.makes_mask
        first = next(iter(self.masks_into(key)), None)

        def mask(place: int, spec: TensorSpec) -> Array | None:
            if not spec.masked:
                return None
            return self.memory(("mask", key, place), (self.capacity, *spec.sizes[:-1]), np.uint8) if own else first

        return tuple(mask(place, spec) for place, spec in enumerate(specs))

    @cached_property
    def backward(self) -> Backward:
        """The way from the heads to everything that is trained, and through what lies behind it."""
        trained = self.parameters.trained_nodes()
        found: set[str] = set()
        for key in self.order:
            if key in trained or any(edge.source in found for edge in self.graph.into(key)):
                found.add(key)
        return Backward(self, TRAINING, frozenset(found), (head.node for head in self.heads))

    def _is_pair(self, head: Head) -> bool:
        layer = self.graph.nodes[head.node].layer
        activation = getattr(layer, "activation", None)
        if (
            activation is None or not layer.pairs or layer.activity_penalty is not None
        ):  # its slope is one by the activation's output
            return False
        return head.loss.pairs_with == activation.key and not self.graph.out_of(head.node)

    # -- shards ----------------------------------------------------------------------------------

    def spans(self, rows: int) -> list[Span]:
        """How a batch is divided: by the work only, never by the number of threads."""
        costs = {k: self.graph.nodes[k].layer.cost(self.inference.inputs[k]) for k in self.order}
        if not costs or sum(costs.values()) * rows < SMALL_STEP:
            return [Span(0, rows, 0, 1)]
        heaviest = self.graph.nodes[max(costs, key=lambda k: costs[k])].layer
        count = 1
        while count * 2 <= min(MOST_SHARDS, rows // max(1, heaviest.shard_rows)):
            count *= 2
        edges = [rows * place // count for place in range(count + 1)]
        return [Span(a, b, place, count) for place, (a, b) in enumerate(pairwise(edges))]

    # -- programs --------------------------------------------------------------------------------

    def predicting(self, rows: int, feed: Feed) -> Program:
        """Forward only; read ``values`` of the outputs afterwards."""
        shards = [self._forward(span, rows, feed, PREDICTING) for span in self.spans(rows)]
        return Program(compute=_beside(shards), shards=len(shards))

    def evaluating(self, rows: int, feed: Feed) -> Program:
        """Forward, loss and metrics."""
        shards = []
        for span in self.spans(rows):
            phases = self._forward(span, rows, feed, PREDICTING)
            self.activity.list_penalties(span, rows, phases)
            self.judge.list_calls(span, rows, feed, phases, training=False)
            shards.append(phases)
        return Program(compute=_beside(shards), shards=len(shards))

    def training(self, rows: int, feed: Feed) -> Program:
        """Forward, loss, backward, and the update apart from them."""
        shards = []
        for span in self.spans(rows):
            phases = self._forward(span, rows, feed, TRAINING)
            self.activity.list_penalties(span, rows, phases)
            self.judge.list_calls(span, rows, feed, phases, training=True)
            self.backward.list_calls(span, rows, phases)
            shards.append(phases)
        update = Update(self, rows, len(shards)).phases()
        return Program(compute=_beside(shards), update=update, shards=len(shards))

    def keeping(self, rows: int, feed: Feed) -> Program:
        """Forward as when predicting, but fit to be followed by ``explaining``."""
        shards = [self._forward(span, rows, feed, EXPLAINING) for span in self.spans(rows)]
        return Program(compute=_beside(shards), shards=len(shards))

    def explaining(self, rows: int, layer: str, output: str) -> WayBack:
        """Backward from an output to a layer's output, after ``keeping``; weights get no gradients."""
        between = {layer} | (self.graph.downstream(layer) & self.graph.upstream(output))
        back = Backward(self, EXPLAINING, frozenset(between), (output,), frozenset({layer}))
        shards = []
        for span in self.spans(rows):
            phases: list[Calls] = [[]]
            back.list_calls(span, rows, phases)
            shards.append(phases)
        program = Program(compute=_beside(shards), shards=len(shards))
        return WayBack(program, back.slopes[output][0][:rows], back.slopes[layer][0][:rows])

    def _forward(self, span: Span, rows: int, feed: Feed, mode: Mode) -> list[Calls]:
        phases: list[Calls] = [[]]
        part = slice(span.first, span.stop)
        for key in self.order:
            layer = self.graph.nodes[key].layer
            if not layer.inputs:
                buffer = self.values[key][0].reshape(self.capacity, -1)
                phases[-1].append((gather_rows, (feed.inputs[key], self.index[part], buffer[part])))
            elif not layer.view:
                layer.forward(NodeLane(self, key, span, rows, mode, phases))
        return phases


def _beside(shards: list[list[Calls]]) -> list[list[Calls]]:
    """Phases of all shards side by side; every shard has the same number of them."""
    assert len({len(phases) for phases in shards}) == 1, "shards must join at the same places"
    return [[phases[place] for phases in shards] for place in range(len(shards[0]))]
