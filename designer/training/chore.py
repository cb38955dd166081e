"""One piece of work at a time on a thread of its own, told step by step in the window's thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

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
        self._thread: threading.Thread | None = None
        self._said: deque[object] = deque()
        self._stopping = False
        self._next: Work | None = None
        self.seconds = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._collect)

    @property
    def busy(self) -> bool:
        """Whether work is under way, or its end not told yet."""
        return self._thread is not None

    def start(self, work: Work) -> None:
        """Do this; what is under way is stopped first."""
        if self._thread is not None:
            self._next = work
            self._stopping = True
            return
        self._stopping = False
        self._said.clear()
        self._thread = threading.Thread(target=self._do, args=(work,), name=f"layerloom-{self._name}", daemon=False)
        self._thread.start()
        self._timer.start()

    def stop(self) -> None:
        """End after the current step."""
        self._next = None
        self._stopping = True

    def shutdown(self, timeout_s: float) -> bool:
        """Stop and wait; whether the thread ended in time."""
        self.stop()
        self._timer.stop()
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        thread.join(timeout_s)
        return not thread.is_alive()

    def _do(self, work: Work) -> None:
        """On the thread: the last thing said is how it ended, a text."""
        begun = time.perf_counter()
        end = ""
        try:
            for item in work():
                if self._stopping:
                    break
                self._said.append(item)
        except LayerloomError as error:
            end = str(error)
        except MemoryError:
            end = tr("There is not enough memory for this; close other programs and try again.")
        except Exception as error:
            log.exception("%s failed", self._name)
            end = tr("An internal fault prevented it ({fault}); nothing is lost.", fault=type(error).__name__)
        self.seconds = time.perf_counter() - begun
        self._said.append(_End(end))

    def _collect(self) -> None:
        newest: object = None
        end: _End | None = None
        while self._said:
            item = self._said.popleft()
            if isinstance(item, _End):
                end = item
            else:
                newest = item
        if newest is not None and not self._stopping:
            self.told.emit(newest)
        if end is not None:
            self._finish(end)

    def _finish(self, end: _End) -> None:
        if self._thread is not None:
            self._thread.join()  # its last act was to say so
        self._thread = None
        self._timer.stop()
        following, self._next = self._next, None
        if following is not None:
            self.start(following)
        else:
            self.ended.emit(end.sentence)


class _End:
    """How work ended."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
