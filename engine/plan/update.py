"""The update: gradients that are still missing, limits on them, the optimizer, and what holds for weights after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.optimizers.base import AVERAGE, Optimizer
from engine.kernels.averaging import average_step
from engine.kernels.elementwise import add_into
from engine.kernels.limits import clip_values, shorten, shrink, square_sum
from engine.kernels.totals import add_partials
from engine.plan.lane import TRAINING, Block, NodeLane, Span
from engine.plan.parameters import Entry
from engine.plan.program import Calls

if TYPE_CHECKING:
    from engine.plan.plan import Plan

Array = npt.NDArray[Any]
#: Trainable numbers below which the whole update is one task.
SMALL_UPDATE = 65536
#: Numbers of a gradient whose squares one task adds up.
PIECE = 65536


@dataclass(frozen=True)
class Piece:
    """A part of a weight's gradient for a task of its own, and the cells that decide how it is shortened."""

    start: int
    stop: int
    square: Array
    squares: Array


class Update:
    """Lists the calls that change the weights of a plan.

    The optimizer follows each block of a gradient at once, while it is in cache. Where a penalty is to be added
    first, a norm to be known, or a rule to hold afterwards, it waits for another phase.

    Args:
        plan: whose weights are changed.
        rows: rows of the batch.
        shards: number of shards that computed gradients.
    """

    def __init__(self, plan: Plan, rows: int, shards: int) -> None:
        assert plan.optimizer is not None, "a plan for training needs an optimizer"
        self.plan, self.rows, self.shards = plan, rows, shards
        self.optimizer: Optimizer = plan.optimizer
        self.parameters = plan.parameters
        self.entries = self.parameters.trainable()
        self.single = shards == 1 and len(self.parameters.flat) < SMALL_UPDATE
        self.normed = self.optimizer.clipnorm is not None or self.optimizer.global_clipnorm is not None
        self.regularized = {(e.node, e.spec.name) for e in plan.regularized}

    def phases(self) -> list[list[Calls]]:
        """Everything, in phases of tasks."""
        early = not self.single and not self.normed
        tasks = list(self._gradients(early))
        late = [entry for entry in self.entries if self._is_late(entry)]
        completed = [[*self._gather(entry), *self._penalize(entry)] for entry in late]
        pieces = self._pieces() if self.normed else []
        if self.single:
            joined = [call for task in (*tasks, *completed) for call in task]
            joined += [call for piece in pieces for call in self._measure(piece)]
            joined += [call for piece in pieces for call in self._shorten(piece)]
            joined += self._step(0, len(self.parameters.flat))
            return [[joined + [call for entry in self.entries for call in self._constrain(entry)]]]
        phases = [tasks]
        if early:
            phases.append(
                [[*c, *self._step(e.start, e.stop), *self._constrain(e)] for e, c in zip(late, completed, strict=True)]
            )
        else:
            phases.append(completed)
            phases.append([self._measure(piece) for piece in pieces])
            phases.append([[*self._shorten(piece), *self._step(piece.start, piece.stop)] for piece in pieces])
            phases.append([self._constrain(entry) for entry in self.entries])
        return [kept for phase in phases if (kept := [task for task in phase if task])]

    def _is_late(self, entry: Entry) -> bool:
        """Whether something must happen to the whole gradient before the step, or to the weight after it."""
        shared = len(self._users(entry)) > 1
        return shared or (entry.node, entry.spec.name) in self.regularized or entry.spec.constraint is not None

    def _users(self, entry: Entry) -> tuple[str, ...]:
        """The nodes of the plan that compute a gradient of a weight."""
        return self.plan.families.get(entry.node, (entry.node,))

    def _gradients(self, early: bool) -> Iterator[Calls]:
        """Gradient tasks, each followed by the optimizer on what it completed when that may be early."""
        by_name = {(e.node, e.spec.name): e for e in self.entries}
        done: set[tuple[str, str]] = set()
        for keys in self._together():
            joined: Calls = []
            for key in keys:
                for block in self._blocks(key):
                    entry = by_name.get((self.plan.graph.owner(key), block.weight or ""))
                    if entry is not None:
                        done.add((key, entry.spec.name))
                        if early and not self._is_late(entry):
                            block.calls.extend(self._step(*_extent(entry, block)))
                    if len(keys) > 1:
                        joined += block.calls
                    else:
                        yield block.calls
            yield joined
        for entry in self.entries:
            missing = [key for key in self._users(entry) if (key, entry.spec.name) not in done]
            last = self._step(entry.start, entry.stop) if early and not self._is_late(entry) else []
            if missing:
                yield [*(call for key in missing for call in self._reduce(key, entry)), *last]

    def _together(self) -> Iterator[tuple[str, ...]]:
        """Nodes whose gradient stages are one task: those that share weights which they change themselves."""
        for key in reversed(self.plan.order):
            family = self.plan.families[self.plan.graph.owner(key)]
            fixed = any(not spec.trainable for spec in self.plan.inference.weights[key])
            if len(family) == 1 or not fixed:
                yield (key,)
            elif key == family[0]:
                yield family

    def _blocks(self, key: str) -> list[Block]:
        """What a layer lists for the gradient stage; nothing where it is frozen."""
        trains = any(spec.trainable for spec in self.plan.inference.weights[key])
        owner = self.plan.graph.owner(key)
        if trains and not any(entry.node == owner for entry in self.entries):
            return []
        lane = NodeLane(self.plan, key, Span(0, self.rows, 0, 1), self.rows, TRAINING, [[]])
        lane.dy = tuple(array[: self.rows] for array in self.plan.backward.slopes.get(key, ()))
        blocks = lane.collect()
        self.plan.graph.nodes[key].layer.gradient(lane)
        return blocks

    def _reduce(self, key: str, entry: Entry) -> Calls:
        if self.shards == 1 or not self.plan.has_partials(key, entry.spec.name):
            return []
        total = self.plan.gradients[key][entry.spec.name].reshape(-1)
        return [(add_partials, (self.plan.partials(key, entry.spec.name, self.shards), total))]

    def _gather(self, entry: Entry) -> Calls:
        """Add up the gradients of a weight that several nodes use, in the order of the graph."""
        users = self.plan.families.get(entry.node, ())
        gradients = [self.plan.gradients[key][entry.spec.name].reshape(1, -1) for key in users]
        return [(add_into, (other, gradients[0])) for other in gradients[1:]]

    def _penalize(self, entry: Entry) -> Calls:
        if (entry.node, entry.spec.name) not in self.regularized:
            return []
        regularizer: Any = entry.spec.regularizer
        place = self.plan.regularized.index(entry)
        part = slice(entry.start, entry.stop)
        scalars = tuple(np.asarray(c, self.plan.dtype)[()] for c in regularizer.constants())
        penalty = self.plan.penalties[place : place + 1]
        weight, gradient = (
            flat[part].reshape(entry.spec.shape) for flat in (self.parameters.flat, self.parameters.gradient)
        )
        return [(regularizer.kernel(), (*regularizer.arguments(weight, gradient, penalty), *scalars))]

    def _pieces(self) -> list[Piece]:
        """The gradient in parts, each with its cell for the sum of squares."""
        starts = [[*range(e.start, e.stop, PIECE), e.stop] for e in self.entries]
        cells = self.plan.memory("squares", (sum(len(edges) - 1 for edges in starts),), np.float64)
        found: list[Piece] = []
        for edges in starts:
            first = len(found)
            own = cells[first : first + len(edges) - 1]
            squares = own if self.optimizer.clipnorm is not None else cells
            found += [Piece(start, stop, own[n : n + 1], squares) for n, (start, stop) in enumerate(pairwise(edges))]
        return found

    def _measure(self, piece: Piece) -> Calls:
        return [(square_sum, (self.parameters.gradient[piece.start : piece.stop], piece.square))]

    def _shorten(self, piece: Piece) -> Calls:
        limit = self.optimizer.clipnorm if self.optimizer.clipnorm is not None else self.optimizer.global_clipnorm
        gradient = self.parameters.gradient[piece.start : piece.stop]
        return [(shorten, (gradient, piece.squares, self.plan.dtype.type(limit)))]

    def _constrain(self, entry: Entry) -> Calls:
        """Bring a weight back to its rule."""
        constraint: Any = entry.spec.constraint
        return [] if constraint is None else constraint.calls(self.parameters.view(self.parameters.flat, entry))

    def _step(self, start: int, stop: int) -> Calls:
        """The optimizer on a range of the flat arrays, with what needs no more than that range."""
        weight, gradient = self.parameters.flat[start:stop], self.parameters.gradient[start:stop]
        calls: Calls = []
        if self.optimizer.clipvalue is not None:
            calls.append((clip_values, (gradient, self.plan.dtype.type(self.optimizer.clipvalue))))
        if self.optimizer.weight_decay is not None:
            calls.append((shrink, (weight, self.plan.decay)))
        slots = [self.parameters.slots[name][start:stop] for name in self.optimizer.slots()]
        calls.append((self.optimizer.kernel(), (weight, gradient, *slots, self.plan.hyper)))
        if self.optimizer.use_ema:
            calls.append((average_step, (weight, self.parameters.slots[AVERAGE][start:stop], self.plan.averaging)))
        return calls


def _extent(entry: Entry, block: Block) -> tuple[int, int]:
    """Flat range of a block of leading-axis rows."""
    row = entry.spec.size // entry.spec.shape[0]
    return entry.start + block.part.start * row, entry.start + block.part.stop * row
