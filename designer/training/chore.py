"""One piece of work at a time on a thread of its own, told step by step in the window's thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from designer.text import tr
from engine.errors import LayerloomError

log = logging.getLogger(__name__)
#: How often steps are collected (ms).
LOOK = 33

Work = Callable[[], Iterator[object]]


class Chore(QObject):
    """Iterates a generator on a thread; another one waits until it ended.

    Attributes:
        told: emitted with what the work yields, the newest only of what came since the last time.
        ended: emitted with "" when it is done or was stopped, else with a sentence about what went wrong.
        seconds: processor-independent duration of the last piece of work (s).
    """

    told = Signal(object)
    ended = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._job: _Job | None = None
        self._next: Work | None = None
        self.seconds = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._collect)

    @property
    def busy(self) -> bool:
        """Whether work is under way, or its end not told yet."""
        return self._job is not None

    def start(self, work: Work) -> None:
        """Do this; what is under way is stopped first."""
        if self._job is not None:
            self._next = work
            self._job.stopping = True
            return
        self._job = _Job(work, f"layerloom-{self._name}")
        self._job.thread.start()
        self._timer.start()

    def stop(self) -> None:
        """End after the current step."""
        self._next = None
        if self._job is not None:
            self._job.stopping = True

    def shutdown(self, timeout_s: float) -> bool:
        """Stop and wait; whether the thread ended in time."""
        self.stop()
        self._timer.stop()
        job, self._job = self._job, None
        if job is None:
            return True
        job.thread.join(timeout_s)
        return not job.thread.is_alive()

    def _collect(self) -> None:
        job = self._job
        if job is None:
            return
        newest: object = None
        end: _End | None = None
        while job.said:
            item = job.said.popleft()
            if isinstance(item, _End):
                end = item
            else:
                newest = item
        if newest is not None and not job.stopping:
            self.told.emit(newest)
        if end is not None and job is self._job:  # who was told may have shut it down
            self._finish(job, end)

    def _finish(self, job: _Job, end: _End) -> None:
        job.thread.join()  # its last act was to say so
        self.seconds = end.seconds
        self._job = None
        self._timer.stop()
        following, self._next = self._next, None
        if following is not None:
            self.start(following)
        else:
            self.ended.emit(end.sentence)


@dataclass(frozen=True)
class _End:
    """How work ended, and how long it took (s)."""

    sentence: str
    seconds: float


class _Job:
    """A thread with what it says: one that outlives its time limit must not speak for the next.

    It knows no Qt object, so none can be destroyed on its thread.
    """

    def __init__(self, work: Work, name: str) -> None:
        self.said: deque[object] = deque()
        self.stopping = False
        self.thread = threading.Thread(target=self._do, args=(work,), name=name, daemon=False)

    def _do(self, work: Work) -> None:
        """On the thread: the last thing said is how it ended."""
        begun = time.perf_counter()
        sentence = ""
        try:
            for item in work():
                if self.stopping:
                    break
                self.said.append(item)
        except LayerloomError as error:
            sentence = str(error)
        except MemoryError:
            sentence = tr("There is not enough memory for this; close other programs and try again.")
        except Exception as error:
            log.exception("%s failed", self.thread.name)
            sentence = tr("An internal fault prevented it ({fault}); nothing is lost.", fault=type(error).__name__)
        self.said.append(_End(sentence, time.perf_counter() - begun))
