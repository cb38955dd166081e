"""Shares frames among plots: at most one is redrawn in each."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer

#: Time of a frame (ms).
FRAME = 16


class Redrawable(Protocol):
    """What can be redrawn when it is worth it."""

    def needs_redraw(self) -> bool:
        """Whether it is visible and shows something that is out of date."""

    def redraw(self) -> None:
        """Bring it up to date."""


class Redrawer(QObject):
    """Redraws plots in turn, one per frame, and rests when all are up to date or hidden."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plots: list[Redrawable] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._next)

    def add(self, plot: Redrawable) -> None:
        """Look after a plot."""
        self._plots.append(plot)

    @property
    def is_busy(self) -> bool:
        """Whether there may be something left to redraw."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Something may have changed."""
        if not self._timer.isActive() and any(plot.needs_redraw() for plot in self._plots):
            self._next()
            self._timer.start()

    def _next(self) -> None:
        for place, plot in enumerate(self._plots):
            if plot.needs_redraw():
                # To the end of the queue, so that a plot with a new event in every frame cannot starve the rest.
                self._plots = [*self._plots[:place], *self._plots[place + 1 :], plot]
                plot.redraw()
                return
        self._timer.stop()
