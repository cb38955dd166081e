"""Penalties on what layers put out: activity regularizers, shared by the samples of the batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.regularizers.base import Regularizer
from engine.kernels.activity import add_scaled, clear
from engine.plan.lane import Span
from engine.plan.program import Calls

if TYPE_CHECKING:
    from engine.plan.plan import Plan

Array = npt.NDArray[Any]


class Activity:
    """Lists the calls that add the activity regularizers of a plan to its loss and to its gradients.

    Every penalty has a column of the plan's sums, after those of the heads. The loss takes their total divided by
    the number of samples, as Keras 3 does; so do the gradients.

    Args:
        plan: whose layers are looked at.
        column: the first column that is free.
    """

    def __init__(self, plan: Plan, column: int) -> None:
        self.plan = plan
        free = count(column)
        #: The penalty of a node and the column of each of its outputs.
        self.found: dict[str, tuple[Regularizer, tuple[int, ...]]] = {}
        for key in plan.order:
            penalty = plan.graph.nodes[key].layer.activity_penalty
            if penalty is not None:
                assert isinstance(penalty, Regularizer)
                self.found[key] = (penalty, tuple(next(free) for _ in plan.inference.outputs[key]))
        self.columns = next(free) - column

    def list_penalties(self, span: Span, rows: int, phases: list[Calls]) -> None:
        """List what one shard does after the way forward: penalties, and their slopes for the way back."""
        whole = any(penalty.whole for penalty, _ in self.found.values())
        if whole:
            phases.append([])  # such penalties look at all rows
        for key, (penalty, columns) in self.found.items():
            part = slice(0, rows) if penalty.whole else slice(span.first, span.stop)
            mine = span.shard == 0 or not penalty.whole
            for port, column in enumerate(columns):
                cell = self.plan.sums[span.shard, column : column + 1]
                cell[0] = 0.0
                if mine:
                    phases[-1] += self._penalize(key, port, penalty, part, cell)
        if whole:
            phases.append([])

    def _penalize(self, key: str, port: int, penalty: Regularizer, part: slice, cell: Array) -> Iterator[Any]:
        y, slope = self.plan.values[key][port][part], self._slope(key, port)[part]
        yield clear, (slope.reshape(-1),)
        scalars = tuple(np.asarray(c, self.plan.dtype)[()] for c in penalty.constants())
        yield penalty.kernel(), (*penalty.arguments(y, slope, cell), *scalars)

    def list_slopes(self, key: str, span: Span, rows: int, calls: Calls) -> None:
        """List what adds a node's slopes to the gradient by its outputs, which must be complete."""
        if key not in self.found:
            return
        part = slice(span.first, span.stop)
        share = self.plan.dtype.type(1 / rows)
        for port, total in enumerate(self.plan.backward.slopes[key]):
            source, target = self._slope(key, port)[part], total[part]
            calls.append((add_scaled, (source.reshape(-1), share, target.reshape(-1))))

    def _slope(self, key: str, port: int) -> Array:
        return self.plan.memory(("activity slope", key, port), self.plan.values[key][port].shape)
