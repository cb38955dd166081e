"""The engine's side of :class:`engine.catalogue.layers.base.Lane`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from engine.catalogue.activations.base import Activation
from engine.component import Component
from engine.kernels.elementwise import copy
from engine.plan.program import Calls
from engine.tensor_spec import Shape, TensorSpec

if TYPE_CHECKING:
    from engine.plan.plan import Plan

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Span:
    """A shard: which rows of the batch, and its place among the shards."""

    first: int
    stop: int
    shard: int
    shards: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.stop - self.first


@dataclass(frozen=True)
class Mode:
    """How layers behave in a program.

    Attributes:
        training: act as in training: drop, normalize by the batch, gather gradients of weights.
        keeps: a way back follows, so keep what it needs.
    """

    training: bool
    keeps: bool


PREDICTING = Mode(training=False, keeps=False)
EXPLAINING = Mode(training=False, keeps=True)
TRAINING = Mode(training=True, keeps=True)


@dataclass
class Block:
    """A task of the gradient stage: its calls and the part of a weight that it completes."""

    weight: str | None
    part: slice
    calls: Calls = field(default_factory=list)


class NodeLane:
    """Arrays of one node for one shard (or, in the gradient stage, for the whole batch)."""

    def __init__(self, plan: Plan, node: str, span: Span, batch: int, mode: Mode, phases: list[Calls]) -> None:
        self._plan = plan
        self._node = node
        self._span = span
        self._phases = phases
        self._tasks: list[Block] | None = None
        self.rows, self.first, self.batch = span.rows, span.first, batch
        self.shard, self.shards = span.shard, span.shards
        self.training, self.keeps = mode.training, mode.keeps
        self.frozen = node in plan.parameters.frozen
        self.carries = mode.training or not mode.keeps
        self.dtype = plan.dtype
        self.clock = plan.clock
        self.number = plan.number[node]
        self.paired = node in plan.paired
        self.specs: tuple[TensorSpec, ...] = plan.inference.inputs[node]
        self.weights: Mapping[str, Array] = plan.weights[node]
        self.gradients: Mapping[str, Array] = plan.gradients[node]
        self.x = tuple(self._rows_of(array) for array in plan.inputs_of(node))
        self.y = tuple(self._rows_of(array) for array in plan.values[node])
        self.masks = tuple(None if mask is None else self._rows_of(mask) for mask in plan.masks_into(node))
        self.mask_out = tuple(None if mask is None else self._rows_of(mask) for mask in plan.masks[node])
        self.dx: tuple[Array | None, ...] = ()
        self.dy: tuple[Array, ...] = ()

    def _rows_of(self, array: Array) -> Array:
        return array[self._span.first : self._span.stop]

    def call(self, kernel: Callable[..., None], *args: Any) -> None:
        """List one kernel call."""
        calls = self._phases[-1] if self._tasks is None else self._tasks[-1].calls
        calls.append((kernel, args))

    def join(self) -> None:
        """Let every shard arrive here before any goes on."""
        self._phases.append([])

    def buffer(self, name: str, shape: Shape, dtype: Any = None) -> Array:
        """Rows that live from forward to backward."""
        full = (self._plan.capacity, *(int(n or 0) for n in shape))
        return self._rows_of(self._plan.memory(("buffer", self._node, name), full, dtype))

    def scratch(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """Working memory of this shard."""
        return self._plan.memory(("scratch", self._span.shard, name, shape), shape, dtype)

    def shared(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """An array that all shards of this layer see."""
        return self._plan.memory(("shared", self._node, name, shape), shape, dtype)

    def carried(self, name: str, shape: Shape) -> Array:
        """Rows that live from batch to batch."""
        sizes = tuple(int(n or 0) for n in shape)
        return self._rows_of(self._plan.carried.array(self._plan.graph.owner(self._node), name, sizes))

    def partial(self, weight: str) -> Array:
        """This shard's own gradient of a weight."""
        whole = self.gradients[weight]
        if self.shards == 1:
            return whole
        flat = self._plan.partials(self._node, weight, self.shards)
        mine: Array = flat[self.shard].reshape(whole.shape)
        return mine

    def copy(self, source: Array, target: Array) -> None:
        """List target = source."""
        columns = source.shape[-1] if source.ndim > 1 else 1
        self.call(copy, source.reshape(-1, columns), target.reshape(-1, columns))

    def activate(self, activation: Component, x: Array, y: Array) -> None:
        """List y = activation(x)."""
        assert isinstance(activation, Activation)
        if activation.key == "linear":
            if x is not y:
                self.copy(x, y)
            return
        self.call(activation.forward(), x, y, *self._scalars(activation.constants()))

    def activate_backward(self, activation: Component, x: Array, y: Array, dy: Array, dx: Array) -> None:
        """List dx = dy · activation'(x)."""
        assert isinstance(activation, Activation)
        if activation.key == "linear":
            if dx is not dy:
                self.copy(dy, dx)
            return
        kept = x if activation.keeps == "x" else y
        self.call(activation.backward(), kept, dy, dx, *self._scalars(activation.constants()))

    def keeps_input(self, activation: Component) -> bool:
        """Whether the derivative needs the activation's input."""
        assert isinstance(activation, Activation)
        return activation.keeps == "x"

    def number_of(self, value: float) -> Any:
        """A scalar in the lane's element type."""
        return self.dtype.type(value)

    def _scalars(self, values: tuple[float, ...]) -> tuple[Any, ...]:
        return self._plan.scalars(values)

    def blocks(self, weight: str, rows_per_block: int) -> Iterator[slice]:
        """Leading-axis blocks of a weight, each a task of its own."""
        assert self._tasks is not None, "blocks belong to the gradient stage"
        length = self.weights[weight].shape[0]
        count = max(1, round(length / max(1, rows_per_block)))
        edges = [length * place // count for place in range(count + 1)]
        for start, stop in pairwise(edges):
            self._tasks.append(Block(weight, slice(start, stop)))
            yield slice(start, stop)

    def task(self) -> None:
        """What follows may run beside what came before."""
        assert self._tasks is not None, "tasks belong to the gradient stage"
        self._tasks.append(Block(None, slice(0, 0)))

    def collect(self) -> list[Block]:
        """Begin the gradient stage; returns the list that fills with tasks."""
        self._tasks = [Block(None, slice(0, 0))]
        return self._tasks
