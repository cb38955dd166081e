"""Measure how the window keeps up: `python -m tests.designer.plots.measure_frames`.

A job puts 100,000 events a second while four plots of 200,000 points are visible. Reported are the lateness of a
16 ms timer in the window's thread, the frames redrawn, and what one redraw costs. Before that, one plot of 700 x 200
pixels with four curves is redrawn and painted for every ten updates, alone and beside a busy Python thread.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from designer.plots.curve_plot import CurvePlot
from designer.plots.redraw import Redrawer
from designer.theme import apply_theme
from designer.training.run_log import RunLog
from designer.training.runner import Runner
from engine.graph import Graph
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Event, Finished, Started
from engine.train.state import RunHistory, RunState

RATE = 100_000
FILLED = 200_000
SECONDS = float(os.environ.get("SECONDS", "6"))
#: Redraws of the single plot.
REDRAWS = 150


def state_of(updates: int) -> RunState:
    """A run that has made so many updates."""
    random = np.random.default_rng(0)
    steps = np.arange(1, updates + 1, dtype=float)
    losses = 2 * np.exp(-steps / 4e4) * np.exp(random.normal(0, 0.2, updates)) + 0.05
    epochs = tuple({"loss": 2 * np.exp(-n / 40), "val_loss": 2 * np.exp(-n / 30) + 0.1} for n in range(200))
    history = RunHistory(np.column_stack([steps, losses]), epochs)
    return RunState(Graph(), {}, epoch=len(epochs), step=updates, history=history)


def flood(control: Control) -> Iterator[Event]:
    """``RATE`` updates a second, until told to stop."""
    yield Started(200, 0, FILLED, 10_000, 1000, 100_000, 0, ("accuracy",), 2)
    random = np.random.default_rng(1).normal(0, 0.2, 4096).tolist()
    began, made = time.perf_counter(), 0
    while not control.stopped:
        for _ in range(500):
            made += 1
            step = FILLED + made
            batch = (made - 1) % 1000 + 1
            yield BatchEnd(step, 200 + (made - 1) // 1000, batch, 0.1 + 0.1 * random[made % 4096] ** 2, 0.1,
                           (0.97,), made / RATE, (0.97,))  # fmt: skip
            if batch == 1000:
                yield EpochEnd(201 + (made - 1) // 1000, step, {"loss": 0.1, "accuracy": 0.97, "val_loss": 0.2}, 0.01)
        wait = began + made / RATE - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
    print(f"events put: {made / (time.perf_counter() - began):,.0f} a second")
    yield Finished("stopped", state_of(FILLED))


class Measure:
    """Lateness of a 16 ms timer, and the times of redraws."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.draws: list[float] = []
        self.busy = 0.0
        self._last = 0.0
        self.timer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(16)
        self.timer.timeout.connect(self._tick)

    def run(self, seconds: float) -> None:
        """Measure for a while."""
        self._last = began = time.perf_counter()
        computed = time.thread_time()
        self.timer.start()
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
        self.timer.stop()
        self.busy = (time.thread_time() - computed) / (time.perf_counter() - began)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append((now - self._last - 0.016) * 1e3)
        self._last = now


def table(name: str, values: list[float]) -> str:
    """Percentiles of some times (ms)."""
    p50, p90, p99 = np.percentile(values, (50, 90, 99))
    return f"{name}: p50 {p50:.1f}  p90 {p90:.1f}  p99 {p99:.1f}  max {max(values):.1f} ms  ({len(values)} samples)"


def single(updates: int, name: str) -> None:
    """Measure one plot of four curves: an earlier run's and this one's, with rough, smoothed and validation values."""
    log = RunLog()
    log.restore(state_of(updates))
    log.apply([Started(0, 0, 0, 1000, 1000, 100_000, 0, ("accuracy",), 2), *batches(0, updates)])
    plot = CurvePlot(log, "single", lambda log: ("loss",))
    plot.resize(706, 230)
    plot.show()
    for _ in range(10):
        plot.redraw()
        plot.canvas.grab()
    for beside in ("alone", "beside a busy thread"):
        stop = threading.Event()
        thread = threading.Thread(target=busy, args=(stop,))
        if beside != "alone":
            thread.start()
        draws, paints, walls = [], [], []
        for _ in range(REDRAWS):
            log.apply(batches(log.curves.batches.axes["updates"].values[-1], 10))
            began, wall = time.thread_time(), time.perf_counter()
            plot.redraw()
            middle = time.thread_time()
            plot.canvas.grab()
            paints.append((time.thread_time() - middle) * 1e3)
            draws.append((middle - began) * 1e3)
            walls.append((time.perf_counter() - wall) * 1e3)
        stop.set()
        if beside != "alone":
            thread.join()
        print(f"{name}, {plot.canvas.width()} x {plot.canvas.height()} px, {beside}: CPU of redraw "
              f"{np.median(draws):.2f} ms, of paint {np.median(paints):.2f} ms, both p99 "
              f"{np.percentile(np.add(draws, paints), 99):.2f} ms, wall {np.median(walls):.2f} ms")  # fmt: skip
    plot.close()


def batches(done: float, count: int) -> list[Event]:
    """The next updates of a run of 1,000 a second, with an epoch's end every 1,000."""
    made: list[Event] = []
    random = np.random.default_rng(int(done)).normal(0, 0.2, count)
    for step in range(int(done) + 1, int(done) + count + 1):
        value = 2 * float(np.exp(-step / 4e4 + random[step - int(done) - 1])) + 0.05
        made.append(BatchEnd(step, (step - 1) // 1000, (step - 1) % 1000 + 1, value, value, (0.9,), step / 1e3, (0.9,)))
        if step % 1000 == 0:
            made.append(EpochEnd(step // 1000, step, {"loss": value, "val_loss": value + 0.1, "accuracy": 0.9}, 1.0))
    return made


def busy(stop: threading.Event) -> None:
    """Compute in Python until told to stop."""
    total = 0
    while not stop.is_set():
        total += sum(range(100))


def main() -> None:
    """Measure and print."""
    # As designer.app does it: short turns for the window's thread, and no collection on the engine's.
    sys.setswitchinterval(0.0005)
    gc.disable()
    app = QApplication([])
    apply_theme(app, "light")
    single(30_000, "long curves")
    single(300, "short curves")
    runner, window, redrawer = Runner(), QWidget(), Redrawer()
    window.resize(1280, 640)
    grid = QGridLayout(window)
    plots = [CurvePlot(runner.run_log, f"p{n}", lambda log: ("loss",), window) for n in range(4)]
    measure = Measure()
    for place, plot in enumerate(plots):
        grid.addWidget(plot, place // 2, place % 2)
        redrawer.add(plot)
        timed(plot, measure)
    runner.frame.connect(redrawer.wake)
    runner.restore(state_of(FILLED))
    window.show()
    app.processEvents()
    for plot in plots:
        plot.redraw()
        began = time.perf_counter()
        window.grab()
        print(f"redraw and paint of {len(runner.run_log.curves.batches):,} points: all four painted in "
              f"{(time.perf_counter() - began) * 1e3:.1f} ms")  # fmt: skip
    measure.draws.clear()
    measure.run(2.0)
    print(table("without a job, event loop late", measure.late))
    measure.late.clear()
    runner.start_job(flood)
    measure.run(SECONDS)
    print(table("event loop late", measure.late))
    print(table("data of one plot", measure.draws))
    print(f"the window's thread computed {100 * measure.busy:.0f} % of the time")
    print(f"timer ticks a second: {len(measure.late) / SECONDS:.1f}, plots redrawn: {len(measure.draws) / SECONDS:.1f}")
    print(f"points at the end: {len(runner.run_log.curves.batches):,}")
    runner.shutdown(10)


def timed(plot: CurvePlot, measure: Measure) -> None:
    """Note how long a plot's redraws take."""
    redraw = plot.redraw

    def noted() -> None:
        began = time.perf_counter()
        redraw()
        measure.draws.append((time.perf_counter() - began) * 1e3)

    plot.redraw = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
