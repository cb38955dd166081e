"""One update of a training, made again and again to be timed; nobody learns from it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from time import perf_counter, thread_time

import numpy as np

from engine.plan.crew import Crew, Task
from engine.train.control import Control
from engine.train.job import Job
from engine.train.loop import Loop

#: Whether the system's clock of a thread is finer than a task. Windows counts in sixty-fourths of a second.
TELLS_THREADS = sys.platform != "win32"


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


class Rehearsal:
    """Updates of one training, timed in turns that may lie far apart; the fastest of all counts.

    Updates are timed in two ways by turns: by the clock on the wall, and by the processor time of their tasks. The
    second tells how long an update takes when nothing else wants the processors, also while something does.

    Args:
        job: the training.

    Attributes:
        wall: the fastest update (s), before the first turn infinite.
        undisturbed: the fastest as processor times tell it (s); infinite where the system does not tell them.
    """

    def __init__(self, job: Job) -> None:
        loop = rehearsed(job)
        self._program = loop.program("train", job.batch_size)
        self._crew = Crew(loop.threads)
        self._phases = [_Metered(phase) for phase in self._program.phases()] if TELLS_THREADS else []
        self.wall = self.undisturbed = float("inf")

    @property
    def seconds(self) -> float:
        """The fastest update of a machine that does nothing else (s)."""
        return min(self.wall, self.undisturbed)

    def turn(self, patience: float, fewest: int = 2) -> None:
        """Make updates for a while.

        Args:
            patience: for how long (s).
            fewest: and how many at least, in either way.
        """
        began, made = perf_counter(), 0
        while made < fewest or perf_counter() - began < patience:
            self.wall = min(self.wall, self._by_wall())
            if self._phases:
                self.undisturbed = min(self.undisturbed, self._by_processor())
            made += 1

    def close(self) -> None:
        """Send the threads home."""
        self._crew.close()

    def _by_wall(self) -> float:
        began = perf_counter()
        self._program.run_compute(self._crew)
        self._program.run_update(self._crew)
        return perf_counter() - began

    def _by_processor(self) -> float:
        began = thread_time()
        for phase in self._phases:
            self._crew.run(phase.tasks)
        between = thread_time() - began - sum(phase.own() for phase in self._phases)
        return between + sum(phase.span(self._crew.threads) for phase in self._phases)


class _Metered:
    """The tasks of a phase with a look at the thread's own clock before and after each."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._times = [0.0] * len(tasks)
        self._threads = [0] * len(tasks)
        self.tasks: list[Task] = [
            [(self._enter, (place,)), *task, (self._leave, (place,))] for place, task in enumerate(tasks)
        ]

    def _enter(self, place: int) -> None:
        self._times[place] = -thread_time()

    def _leave(self, place: int) -> None:
        self._times[place] += thread_time()
        self._threads[place] = threading.get_ident()

    def own(self) -> float:
        """Seconds of the tasks that the calling thread took."""
        here = threading.get_ident()
        return sum(time for time, thread in zip(self._times, self._threads, strict=True) if thread == here)

    def span(self, threads: int) -> float:
        """Seconds from the first task to the last, when every thread takes the next task as soon as it is free."""
        free = [0.0] * threads
        for time in self._times:
            first = free.index(min(free))
            free[first] += time
        return max(free)
