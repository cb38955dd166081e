"""Worker threads that share the tasks of a phase."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from queue import SimpleQueue
from typing import Any

from threadpoolctl import ThreadpoolController

Task = Sequence[tuple[Callable[..., None], tuple[Any, ...]]]


class _Phase:
    """One list of tasks being taken by several threads; which thread takes which does not matter."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks: Iterator[Task] = iter(tasks)  # list iterators hand out each item once, under the GIL
        self.fault: BaseException | None = None

    def work(self) -> None:
        try:
            for task in self.tasks:
                for entry, args in task:
                    entry(*args)
        except BaseException as error:
            self.fault = error


class Crew:
    """The calling thread and some helpers.

    Results never depend on the number of threads: tasks are fixed beforehand and write to
    places of their own.
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = max(1, threads or cores())
        # Every thread runs its own serial BLAS; BLAS threads on top would wait for each other.
        self._blas: SerialBlas | None = _serial_blas()
        self._blas.hold()
        self._orders: list[SimpleQueue[_Phase | None]] = [SimpleQueue() for _ in range(self.threads - 1)]
        self._done: SimpleQueue[None] = SimpleQueue()
        self._helpers: list[threading.Thread] = []

    def run(self, tasks: Sequence[Task]) -> None:
        """Do all tasks and return when the last is done."""
        if len(tasks) == 1 or self.threads == 1:
            for task in tasks:
                for entry, args in task:
                    entry(*args)
            return
        if not self._helpers:
            self._hire()
        phase = _Phase(tasks)
        wanted = self._orders[: len(tasks) - 1]
        for orders in wanted:
            orders.put(phase)
        phase.work()
        for _ in wanted:
            self._done.get()
        if phase.fault is not None:
            raise phase.fault

    def close(self) -> None:
        """Send the helpers home and give BLAS its threads back."""
        for orders in self._orders[: len(self._helpers)]:
            orders.put(None)
        for helper in self._helpers:
            helper.join()
        self._helpers = []
        if self._blas is not None:
            self._blas.release()
            self._blas = None

    def _hire(self) -> None:
        for place, orders in enumerate(self._orders):
            helper = threading.Thread(target=self._serve, args=(orders,), name=f"crew-{place + 1}", daemon=True)
            helper.start()
            self._helpers.append(helper)

    def _serve(self, orders: SimpleQueue[_Phase | None]) -> None:
        while (phase := orders.get()) is not None:
            phase.work()
            self._done.put(None)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SerialBlas:
    """Holds the BLAS libraries of this process at one thread for as long as anybody wants it.

    Crews come and go in any order: some train while others look into a network or answer. The first
    that comes sets the limit, and only the last that goes gives the threads back.
    """

    def __init__(self) -> None:
        self._libraries = ThreadpoolController()  # looking for them takes milliseconds, so only once
        self._lock = threading.Lock()
        self._wanted = 0
        self._limits: Any = None

    def hold(self) -> None:
        """Keep to one thread until released as often."""
        with self._lock:
            if self._wanted == 0:
                self._limits = self._libraries.limit(limits=1, user_api="blas")
            self._wanted += 1

    def release(self) -> None:
        """Take back one ``hold``."""
        with self._lock:
            self._wanted -= 1
            if self._wanted == 0:
                self._limits.restore_original_limits()


@cache
def _serial_blas() -> SerialBlas:
    return SerialBlas()


def cores() -> int:
    """Processors this process may use; ``LAYERLOOM_THREADS`` overrides."""
    given = os.environ.get("LAYERLOOM_THREADS", "")
    if given.isdigit() and int(given) > 0:
        return int(given)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
