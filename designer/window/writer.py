"""The one thread that reads and writes project folders.

Saving and opening are never done in the window's thread: HDF5 may hold its lock for seconds. Jobs
run one after another, in order; their results come back through a deque that a timer of the window's
thread empties, so no Qt signal crosses threads.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer

#: How often results are looked for while a job is under way (ms).
POLL = 16
#: The same while nothing else is done than waiting for the last jobs (s).
PAUSE = 0.005


@dataclass(frozen=True)
class Done:
    """How a job ended: with a value, or with an error."""

    value: Any = None
    error: BaseException | None = None


Receiver = Callable[[Done], None]


class Writer(QObject):
    """Runs jobs on its own thread and delivers each result in the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Receiver] | None] = queue.SimpleQueue()
        self._results: deque[tuple[Receiver, Done]] = deque()
        self._pending = 0
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether a job is under way or its result not delivered yet."""
        return self._pending > 0

    def submit(self, job: Callable[[], Any], receiver: Receiver) -> None:
        """Run a job after those before it.

        Args:
            job: called on the writer's thread; may raise.
            receiver: called with its result in the window's thread.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
            self._thread.start()
        self._pending += 1
        self._jobs.put((job, receiver))
        self._timer.start()

    def shutdown(self, seconds: float) -> bool:
        """Finish the jobs that wait and those that their receivers submit, deliver all results and end the thread.

        Returns:
            Whether the thread ended in time.
        """
        until = time.monotonic() + seconds
        self._deliver_all()
        while self._pending and time.monotonic() < until:
            time.sleep(PAUSE)
            self._deliver_all()
        self._timer.stop()
        if self._pending:
            return False  # a later shutdown goes on from here
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()  # it has nothing to do
            self._thread = None
        return True

    def _work(self) -> None:
        while (entry := self._jobs.get()) is not None:
            job, receiver = entry
            try:
                done = Done(job())
            except Exception as error:  # whatever it was, the window must hear of it
                done = Done(error=error)
            self._results.append((receiver, done))
            del entry, job, receiver, done  # nothing of the window may die on this thread

    def _deliver_all(self) -> None:
        """Deliver although a receiver fails: those after it may have something to let go."""
        while self._results:
            try:
                self._deliver()
            except Exception:  # told as Qt tells what is raised in a timer's slot
                sys.excepthook(*sys.exc_info())

    def _deliver(self) -> None:
        while self._results:
            receiver, done = self._results.popleft()
            self._pending -= 1
            receiver(done)
        if self._pending == 0:
            self._timer.stop()
