"""A network's answers to many samples, a batch at a time, so that whoever waits can see it go on and stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError, UsageError
from engine.plan.crew import Crew
from engine.plan.plan import Plan
from engine.plan.program import Program
from engine.train.feeds import make_feed
from engine.train.predictor import Predictor

Array = npt.NDArray[Any]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` samples have been answered."""

    done: int
    total: int


@dataclass(frozen=True)
class Batch:
    """Answers to the samples from ``start`` on, by output node; of ``total`` samples."""

    start: int
    total: int
    values: dict[str, Array]


def batches(
    predictor: Predictor, inputs: Mapping[str, Array], outputs: Sequence[str], batch_size: int, stop: Stop | None
) -> Iterator[Batch]:
    """Answer all samples; ends early when ``stop`` says so before a batch.

    Raises:
        DataError: the inputs do not fit the network.
        UsageError: the batch size is not positive.
    """
    if batch_size < 1:
        raise UsageError(f"A batch needs at least one sample; received a batch size of {batch_size}.")
    for key in predictor.graph.inputs:
        if key not in inputs:
            raise DataError(f"The input '{key}' needs samples, but none were given.")
    given = {key: inputs[key] for key in predictor.graph.inputs}
    feed = make_feed(predictor.inference, (), given, {}, None, predictor.dtype)
    total = min((len(rows) for rows in feed.inputs.values()), default=0)
    capacity = max(1, min(batch_size, total))
    plan = Plan(predictor.graph, predictor.inference, predictor.parameters, capacity, outputs=outputs)
    programs: dict[int, Program] = {}
    with Crew(predictor.threads) as crew:
        for start in range(0, total, capacity):
            if stop is not None and stop():
                return
            rows = min(capacity, total - start)
            if rows not in programs:
                programs[rows] = plan.predicting(rows, feed)
                programs[rows].bind()
            plan.index[:rows] = np.arange(start, start + rows)
            plan.carried.reset()
            programs[rows].run_compute(crew)
            yield Batch(start, total, {key: plan.values[key][0][:rows].copy() for key in outputs})
