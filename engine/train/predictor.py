"""Answers of a trained network, and how good they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.graph import Graph
from engine.infer import infer
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Head, Plan
from engine.plan.program import Program
from engine.project import Project
from engine.train.answering import Answering
from engine.train.feeds import bound, make_feed
from engine.train.heads import project_heads
from engine.train.scores import Scores

Array = npt.NDArray[Any]


class Predictor:
    """A network with weights, ready to answer.

    Samples are looked at by themselves: layers that hand states on begin every batch with zeros.

    Args:
        graph: the network.
        weights: arrays by node id and weight name.
        dtype: element type.
        threads: worker threads (default: all cores).

    Raises:
        UsageError: the network has faults, or weights are missing.
    """

    def __init__(
        self,
        graph: Graph,
        weights: Mapping[str, Mapping[str, Array]],
        dtype: str = "float32",
        threads: int | None = None,
    ) -> None:
        self.graph = graph
        self.inference = infer(graph)
        self.threads = threads
        self.dtype = dtype
        if self.inference.errors:
            raise UsageError(self.inference.errors[0].text)
        self._answering: Answering | None = None
        self.parameters = Parameters(graph, self.inference, np.dtype(dtype))
        missing = self.parameters.load(weights)
        if missing:
            raise UsageError(f"There are no trained weights for {', '.join(sorted(missing))}. Train the network first.")

    def predict(
        self, inputs: Mapping[str, Array], batch_size: int = 256, outputs: Sequence[str] | None = None
    ) -> dict[str, Array]:
        """Outputs for inputs by Input node id.

        Args:
            inputs: one array (samples, ...) per Input node.
            batch_size: rows at a time.
            outputs: ids of nodes to answer (default: the graph's outputs).
        """
        feed = make_feed(self.inference, (), inputs, {}, None, self.dtype)
        samples = len(next(iter(feed.inputs.values())))
        wanted = tuple(outputs if outputs is not None else self.graph.outputs)
        found = {key: np.zeros((samples, *self.inference.outputs[key][0].sizes), self.dtype) for key in wanted}
        if not samples:
            return found
        answering = self._answering_of(min(batch_size, samples), batch_size, wanted, feed.inputs)
        with Crew(self.threads) as crew:
            for start in range(0, samples, answering.capacity):
                part = slice(start, start + answering.capacity)
                answered = answering.answer(crew, {key: rows[part] for key, rows in feed.inputs.items()})
                for key in wanted:
                    found[key][part] = answered[key]
        return found

    def _answering_of(self, batch: int, most: int, wanted: tuple[str, ...], rows: Mapping[str, Array]) -> Answering:
        if self._answering is None or not self._answering.serves(batch, most, wanted, rows):
            self._answering = Answering(self.graph, self.inference, self.parameters, batch, wanted, rows)
        return self._answering

    def judge(self, heads: Sequence[Head], feed: Feed, samples: int, batch_size: int = 256) -> dict[str, float]:
        """Loss and metrics over all rows of a feed."""
        figures: dict[str, float] = {}
        for item in self.judging(heads, feed, samples, batch_size):
            if not isinstance(item, int):
                figures = item
        return figures

    def judging(
        self, heads: Sequence[Head], feed: Feed, samples: int, batch_size: int = 256
    ) -> Iterator[int | dict[str, float]]:
        """Like ``judge``, in steps: the number of rows done after every batch, then the figures.

        Whoever stops iterating stops the work.
        """
        plan = Plan(self.graph, self.inference, self.parameters, max(1, min(batch_size, samples)), heads)
        sums = np.zeros(plan.columns)
        for start, rows, program in self._batches(plan, samples, feed):
            sums += plan.sums[: program.shards].sum(axis=0)
            yield start + rows
        scores = Scores(self.graph, self.inference, heads)
        total = scores.loss(sums, samples) + plan.penalty()
        yield {"loss": total} | dict(zip(scores.names, scores.metrics(sums, samples), strict=True))

    def evaluate(
        self, project: Project, inputs: Mapping[str, Array], targets: Mapping[str, Array], batch_size: int = 256
    ) -> dict[str, float]:
        """Loss and metrics of a project on data by field name (as ``Parts`` holds them)."""
        heads = project_heads(project, self.inference)
        names = {t.node: t.field for t in project.targets if t.field}
        rows = bound(self.graph.inputs, dict(project.inputs), inputs, "input")
        answers = bound([h.node for h in heads], names, targets, "target")
        feed = make_feed(self.inference, heads, rows, answers, None, self.dtype)
        return self.judge(heads, feed, len(next(iter(rows.values()))), batch_size)

    def _batches(self, plan: Plan, samples: int, feed: Feed) -> Iterator[tuple[int, int, Program]]:
        programs: dict[int, Program] = {}
        with Crew(self.threads) as crew:
            for start in range(0, samples, plan.capacity):
                rows = min(plan.capacity, samples - start)
                if rows not in programs:
                    made = plan.evaluating(rows, feed)
                    made.bind()
                    programs[rows] = made
                plan.index[:rows] = np.arange(start, start + rows)
                plan.carried.reset()
                programs[rows].run_compute(crew)
                yield start, rows, programs[rows]
