"""Answers and judgements batch by batch, for data that do not lie in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.plan.carried import States
from engine.plan.crew import Crew
from engine.plan.plan import Feed, Head, Plan
from engine.plan.program import Program
from engine.train.predictor import Predictor
from engine.train.scores import Scores
from engine.train.tray import Tray, rows_of

Array = npt.NDArray[Any]


class Streaming:
    """Lets batches run through a network, one after the other.

    Args:
        predictor: the network with its weights.
        heads: what judges it; nothing to answer only.
        outputs: ids of nodes to answer (default: the graph's outputs).
        carried: states that the first batch begins with.

    Attributes:
        carried: the states after the last batch.
    """

    def __init__(
        self,
        predictor: Predictor,
        heads: Sequence[Head] = (),
        outputs: Sequence[str] | None = None,
        carried: States | None = None,
    ) -> None:
        self._predictor, self._heads = predictor, tuple(heads)
        self._outputs = tuple(outputs if outputs is not None else predictor.graph.outputs)
        self.carried: States = carried or {}
        self._plan: Plan | None = None
        self._tray: Tray | None = None
        self._programs: dict[int, Program] = {}

    def judged(self, feeds: Iterable[Feed]) -> Iterator[dict[str, float]]:
        """Loss and metrics of everything so far, after each batch."""
        scores = Scores(self._predictor.graph, self._predictor.inference, self._heads)
        sums, seen = np.zeros(0), 0
        for plan, program, rows in self._run(feeds):
            batch = plan.sums[: program.shards].sum(axis=0)
            sums, seen = sums + batch if seen else batch, seen + rows
            total = scores.loss(sums, seen) + plan.penalty()
            yield {"loss": total} | dict(zip(scores.names, scores.metrics(sums, seen), strict=True))

    def answered(self, feeds: Iterable[Feed]) -> Iterator[dict[str, Array]]:
        """The outputs of each batch."""
        for plan, _, rows in self._run(feeds):
            yield {key: plan.values[key][0][:rows].copy() for key in self._outputs}

    def _run(self, feeds: Iterable[Feed]) -> Iterator[tuple[Plan, Program, int]]:
        with Crew(self._predictor.threads) as crew:
            for feed in feeds:
                plan, tray, rows = *self._room(feed), rows_of(feed)
                tray.put(feed)
                if rows not in self._programs:
                    make = plan.evaluating if self._heads else plan.predicting
                    self._programs[rows] = make(rows, tray.feed)
                    self._programs[rows].bind()
                plan.index[:rows] = np.arange(rows)
                plan.carried.take(rows)
                self._programs[rows].run_compute(crew)
                self.carried = plan.carried.copy()
                yield plan, self._programs[rows], rows

    def _room(self, feed: Feed) -> tuple[Plan, Tray]:
        """A plan and a tray that are large enough for a batch and of its form."""
        rows, known = rows_of(feed), self._predictor
        if self._plan is None or rows > self._plan.capacity:
            outputs = None if self._heads else self._outputs
            self._plan = Plan(known.graph, known.inference, known.parameters, rows, self._heads, outputs=outputs)
            self._plan.carried.load(self.carried)
            self._tray = None
        if self._tray is None or not self._tray.takes(feed):
            self._tray = Tray(feed, self._plan.capacity)
            self._programs.clear()
        return self._plan, self._tray
