"""A list of kernel calls, grouped into tasks that may run beside each other and phases that may not."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.kernels import jit
from engine.kernels.claims import claim_path, claimed
from engine.kernels.jit import ready, types_of
from engine.plan.crew import Crew, Task

Call = tuple[Callable[..., None], tuple[Any, ...]]
Calls = list[Call]
#: Seconds between two looks at what other processes compile, and how long to leave it to them.
LOOK, PATIENCE = 0.02, 4.0


@dataclass
class Program:
    """What one step does.

    Attributes:
        compute: phases that produce loss, metrics and per-shard gradients.
        update: phases that finish the gradients and change the weights.
        shards: number of shards, which is the number of rows of sums that count.
    """

    compute: list[list[Calls]] = field(default_factory=list)
    update: list[list[Calls]] = field(default_factory=list)
    shards: int = 1
    _compute: list[list[Task]] = field(default_factory=list)
    _update: list[list[Task]] = field(default_factory=list)

    def bind(self) -> None:
        """Look up the compiled entry of every call (compiling what is still missing)."""
        self._compute = [[_bound(task) for task in phase] for phase in self.compute]
        self._update = [[_bound(task) for task in phase] for phase in self.update]

    def run_compute(self, crew: Crew) -> None:
        """Forward, loss, backward."""
        for phase in self._compute:
            crew.run(phase)

    def run_update(self, crew: Crew) -> None:
        """Remaining gradients and the optimizer."""
        for phase in self._update:
            crew.run(phase)

    def calls(self) -> Iterator[Call]:
        """Every call, in order."""
        for phases in (self.compute, self.update):
            for phase in phases:
                for task in phase:
                    yield from task

    def phases(self) -> list[list[Task]]:
        """The bound tasks of every phase, in order."""
        return [*self._compute, *self._update]

    def entries(self) -> Iterator[tuple[Callable[..., None], tuple[Any, ...]]]:
        """The same calls as they were bound."""
        for phase in self.phases():
            for task in phase:
                yield from task


def _bound(task: Calls) -> Task:
    return [(ready(function, args), args) for function, args in task]


def compile_all(programs: Sequence[Program]) -> Iterator[tuple[int, int, str]]:
    """Make programs ready to run, yielding (done, total, name of the next kernel) as it goes on.

    Kernels that another process is compiling come last; they are loaded when it is done with them.
    """
    missing = _missing(programs)
    total = len(missing)
    waited = 0.0
    while missing:
        left = len(missing)
        for key, (function, args) in list(missing.items()):
            with claimed(claim_path(jit.CACHE, function)) as held:
                if held or waited > PATIENCE:
                    yield total - len(missing), total, _name(function)
                    with _uncollected():
                        ready(function, args)
                    del missing[key]
        waited = 0.0 if len(missing) < left else waited + LOOK
        if waited:
            yield total - len(missing), total, _name(next(iter(missing.values()))[0])
            time.sleep(LOOK)
    if total:
        yield total, total, ""
    for program in programs:
        program.bind()


def _missing(programs: Sequence[Program]) -> dict[Any, Call]:
    found: dict[Any, Call] = {}
    for program in programs:
        for function, args in program.calls():
            types = types_of(args)
            if types not in function.overloads:  # type: ignore[attr-defined]
                found.setdefault((function, types), (function, args))
    return found


def _name(function: Any) -> str:
    return getattr(function, "__name__", "kernel").replace("_", " ")


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Compiling makes much and leaves little; looking for cycles meanwhile takes an eighth of its time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
