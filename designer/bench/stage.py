"""A window to measure: with settings of its own, and clocks that notice when it is late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QSettings, Qt, QTimer

from designer.app import application
from designer.window.main_window import MainWindow
from designer.window.sweeper import Sweeper

#: What the window is shown at (pixels).
SIZE = 1280, 800
#: Longest wait for anything (s).
PATIENCE = 600.0


class StageError(Exception):
    """The window did not do what is to be measured."""


@contextmanager
def shown_window(folder: Path) -> Iterator[MainWindow]:
    """The real window on the screen there is; closed afterwards.

    Args:
        folder: where settings are kept, so that those of the user stay as they are.
    """
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    app = application()
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow()
    sweeper = Sweeper(window)
    window.resize(*SIZE)
    window.show()
    live(0.5)
    try:
        yield window
    finally:
        window.close_now()
        sweeper.stop()


def live(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait(condition: Callable[[], object], what: str) -> None:
    """Let the window live until a condition holds.

    Raises:
        StageError: it never did.
    """
    loop = QEventLoop()
    end = perf_counter() + PATIENCE
    look = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    look.timeout.connect(lambda: loop.quit() if condition() or perf_counter() > end else None)
    look.start()
    loop.exec()
    look.stop()
    if not condition():
        raise StageError(f"{what} did not happen within {PATIENCE:.0f} s")


class Clock(QObject):
    """A precise timer that writes down how late it is.

    Args:
        interval: between two ticks (ms).
    """

    def __init__(self, interval: int) -> None:
        super().__init__()
        self._interval = interval / 1000
        self._late: list[float] = []
        self._timer = QTimer(self, interval=interval, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self._late.clear()
        self._last = perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End; lateness in milliseconds: half of all ticks, all but one of a hundred, the worst."""
        self._timer.stop()
        return spread(np.array(self._late))

    def _tick(self) -> None:
        now = perf_counter()
        self._late.append(max(0.0, now - self._last - self._interval))
        self._last = now


def spread(seconds: np.ndarray) -> dict[str, float]:
    """Median, 99th percentile and maximum, in milliseconds."""
    if not len(seconds):
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}
    middle, high = np.percentile(seconds, (50, 99)) * 1000
    return {"p50": float(middle), "p99": float(high), "max": float(seconds.max() * 1000)}
