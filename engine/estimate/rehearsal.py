"""One update of a training, made again and again to be timed; nobody learns from it."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from engine.plan.crew import Crew
from engine.train.control import Control
from engine.train.job import Job
from engine.train.loop import Loop


def rehearsed(job: Job, threads: int | None = None) -> Loop:
    """A run that stands before an update of a full batch, its kernels compiled.

    Args:
        job: the training.
        threads: as in :class:`Loop`.
    """
    loop = Loop(job, threads=threads)
    for _ in loop.prepare(Control()):
        pass
    rows = job.batch_size
    loop.plan.index[:rows] = np.arange(rows) % job.samples
    loop.plan.tune(1, job.optimizer.rate(1))
    loop.scale(rows)
    return loop


def update_seconds(job: Job, turns: int, warm: int = 2) -> float:
    """The fastest of some updates (s)."""
    loop = rehearsed(job)
    program = loop.program("train", job.batch_size)
    best = np.inf
    with Crew(loop.threads) as crew:
        for turn in range(warm + turns):
            began = perf_counter()
            program.run_compute(crew)
            program.run_update(crew)
            if turn >= warm:
                best = min(best, perf_counter() - began)
    return float(best)
