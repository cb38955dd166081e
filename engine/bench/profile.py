"""Where the time of one update goes, kernel by kernel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.estimate.rehearsal import rehearsed
from engine.plan.crew import Crew
from engine.plan.program import Program
from engine.train.job import Job

#: Updates that warm up, and updates of which the fastest counts for each call.
WARM, TURNS = 2, 7


@dataclass(frozen=True)
class Share:
    """What one kernel takes of an update.

    Attributes:
        kernel: its name.
        calls: how often it is called.
        milliseconds: all its calls together, on one thread, each at its fastest.
        part: of the whole update, from 0 to 1.
    """

    kernel: str
    calls: int
    milliseconds: float
    part: float


def profile(job: Job) -> list[Share]:
    """The kernels of an update, the longest first.

    Calls are timed one after the other on one thread, so what several threads cost each other is not in it.
    """
    program = rehearsed(job, threads=1).program("train", job.batch_size)
    names = [getattr(kernel, "__name__", "kernel") for kernel, _ in program.calls()]
    best = np.full(len(names), np.inf)
    with Crew(1):  # which holds BLAS at one thread
        for turn in range(WARM + TURNS):
            times = np.fromiter(_times(program), np.float64, len(names))
            if turn >= WARM:
                np.minimum(best, times, out=best)
    found: dict[str, list[float]] = {}
    for name, seconds in zip(names, best.tolist(), strict=True):
        found.setdefault(name, []).append(seconds)
    whole = float(best.sum())
    shares = [Share(name.replace("_", " "), len(ts), sum(ts) * 1e3, sum(ts) / whole) for name, ts in found.items()]
    return sorted(shares, key=lambda share: -share.milliseconds)


def _times(program: Program) -> Iterator[float]:
    for entry, args in program.entries():
        began = perf_counter()
        entry(*args)
        yield perf_counter() - began
