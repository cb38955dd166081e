"""Shares frames among plots: at most one is redrawn at a time, and training keeps the processor."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer

#: Shortest time between two redraws that a person waits for (s): 60 frames a second.
FRAME = 0.016
#: Shortest and longest time between two redraws for new events alone (s). Nobody sees more of a growing curve,
#: and every redraw is taken from the training: from one of few cores, and from Python's lock.
LIVE, LONGEST = 0.033, 0.25
#: Between them, redraws for new events, their painting included, may take one part in so many of the time.
SHARE = 20.0


class Redrawable(Protocol):
    """What can be redrawn when it is worth it."""

    def needs_redraw(self) -> bool:
        """Whether it is visible and shows something that is out of date."""

    def redraw(self) -> None:
        """Bring it up to date."""

    def take_spent(self) -> float:
        """Processor time that painting it took since this was asked last (s)."""


class Redrawer(QObject):
    """Redraws plots in turn, and rests when all are up to date or hidden."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plots: list[Redrawable] = []
        self._last = 0.0
        self._pause = 0.0
        self._is_hurried = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def add(self, plot: Redrawable) -> None:
        """Look after a plot."""
        self._plots.append(plot)

    @property
    def is_busy(self) -> bool:
        """Whether there may be something left to redraw."""
        return self._timer.isActive()

    def wake(self) -> None:
        """There may be new events."""
        if not self._timer.isActive() and any(plot.needs_redraw() for plot in self._plots):
            self._schedule()

    def hurry(self) -> None:
        """A person changed something and looks at it."""
        if any(plot.needs_redraw() for plot in self._plots):
            self._is_hurried = True
            self._schedule()

    def _schedule(self) -> None:
        pause = FRAME if self._is_hurried else self._pause
        due = self._last + pause - time.perf_counter()
        if due <= 0:
            self._timer.stop()
            self._next()
        else:
            self._timer.start(max(round(due * 1e3), 1))

    def _next(self) -> None:
        for place, plot in enumerate(self._plots):
            if plot.needs_redraw():
                # To the end of the queue, so that a plot with a new event in every frame cannot starve the rest.
                self._plots = [*self._plots[:place], *self._plots[place + 1 :], plot]
                # Time of this thread alone: on a busy machine, waiting for a turn is no reason to draw less.
                began = time.thread_time()
                painted = plot.take_spent()  # after its last redraw; this one is painted later
                plot.redraw()
                self._pause = min(max(SHARE * (painted + time.thread_time() - began), LIVE), LONGEST)
                self._last = time.perf_counter()
                break
        if any(plot.needs_redraw() for plot in self._plots):
            # The next one comes in a frame of its own, even when it is due.
            pause = FRAME if self._is_hurried else self._pause
            self._timer.start(round(pause * 1e3))
        else:
            self._is_hurried = False
