"""Trained in the window or without it, watched or not: the same bits, and curves that come back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from designer.training.curves import RunCurves, Table
from designer.training.run_log import RunLog
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import split
from engine.graph import Graph
from engine.io import load_project, save_project
from engine.project import Project
from engine.train.events import BatchEnd, EpochEnd, Event, Finished, Probe, Started
from engine.train.recorder import EPOCH_ROOM, ROOM, Recorder
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, halted, parts, project

EPOCHS = 300  # some tenths of a second
ENDLESS = 100_000  # epochs of a run that goes on until it is stopped


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    assert made.shutdown(10.0)


def dataset() -> Dataset:
    """Blobs to divide as the window does."""
    given = parts(samples=240)
    return Dataset({"x": Field(given.inputs["x"])}, {"y": Field(given.targets["y"])})


def headless(made: Project, step: int | None = None) -> RunState:
    """The same training without window and event loop, to its end or to an update."""
    return halted(
        Trainer(made, split(dataset(), made.split)), lambda event: isinstance(event, BatchEnd) and event.step == step
    )


def begun(qtbot: QtBot, runner: Runner, made: Project, updates: int) -> None:
    """Let a runner make some updates of a project, going on from its own state."""
    done = runner.state.step if runner.state is not None else 0
    assert runner.start(made, dataset(), runner.state)
    qtbot.waitUntil(lambda: runner.run_log.progress.step > done + updates, timeout=60_000)


def ended(qtbot: QtBot, runner: Runner) -> RunState:
    """What a runner has learnt when its run is over."""
    qtbot.waitUntil(lambda: runner.status is RunStatus.FINISHED, timeout=60_000)
    assert runner.state is not None
    return runner.state


def test_the_window_gives_the_bits_of_the_headless_trainer(qtbot: QtBot, runner: Runner) -> None:
    made = project(epochs=EPOCHS)
    assert runner.start(made, dataset())
    assert bits(ended(qtbot, runner)) == bits(headless(made))


def test_probes_and_snapshots_all_the_time_change_no_bit(qtbot: QtBot, runner: Runner) -> None:
    made = project(epochs=ENDLESS)
    probes: list[Probe] = []
    snapshots: list[RunState | None] = []

    def look(probe: Probe) -> None:
        probes.append(probe)
        for arrays in probe.weights.values():
            for array in arrays.values():
                array.fill(3)  # whoever looks may do with the copy what they like
        runner.request_probe()

    runner.probed.connect(look)
    always = QTimer(interval=0)
    always.timeout.connect(runner.request_probe)
    often = QTimer(interval=5)
    often.timeout.connect(lambda: runner.request_snapshot(snapshots.append) if runner.is_active else None)
    always.start()
    often.start()
    begun(qtbot, runner, made, 100)
    qtbot.waitUntil(lambda: len({probe.step for probe in probes}) > 3 and len(snapshots) > 3, timeout=60_000)
    runner.stop()
    state = ended(qtbot, runner)
    always.stop()
    often.stop()
    assert bits(state) == bits(headless(made, state.step))


def test_paused_stopped_saved_and_reopened_in_the_window(qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    made, folder = project(epochs=ENDLESS), tmp_path / "p.loom"
    begun(qtbot, runner, made, 30)
    runner.pause()
    qtbot.waitUntil(lambda: runner.status is RunStatus.PAUSED, timeout=60_000)
    held = runner.run_log.progress.step
    runner.resume()
    qtbot.waitUntil(lambda: runner.run_log.progress.step > held + 30, timeout=60_000)
    runner.stop()
    ended(qtbot, runner)
    save_project(folder, made, runner.state)
    reopened = Runner()
    opened = load_project(folder)
    reopened.restore(opened.state)
    assert_same_curves(reopened.run_log.curves, runner.run_log.curves)
    begun(qtbot, reopened, opened.project, 30)
    reopened.stop()
    state = ended(qtbot, reopened)
    assert bits(state) == bits(headless(made, state.step))
    times = reopened.run_log.curves.batches.axes["time"].values
    assert (np.diff(times) > 0).all()
    restored = RunLog()
    restored.restore(reopened.state)
    assert_same_curves(restored.curves, reopened.run_log.curves)


def assert_same_curves(found: RunCurves, wanted: RunCurves) -> None:
    """Compare every row of two runs' curves, the clock included."""
    assert found.timed_from == wanted.timed_from
    assert found.names == wanted.names
    assert_same_table(found.batches, wanted.batches)
    assert_same_table(found.epochs, wanted.epochs)


def assert_same_table(found: Table, wanted: Table) -> None:
    """Compare axes and figures bit by bit."""
    assert list(found.figures) == list(wanted.figures)
    for name, axis in wanted.axes.items():
        np.testing.assert_array_equal(found.axes[name].values, axis.values, err_msg=name)
    for name, series in wanted.figures.items():
        np.testing.assert_array_equal(found.figures[name].values, series.values, err_msg=name)


def test_a_run_opened_in_mid_epoch_shows_the_figures_of_that_epoch(tmp_path: Path) -> None:
    state = halted(Trainer(project(), parts()), lambda event: isinstance(event, BatchEnd) and event.step == 3)
    log = RunLog()
    log.restore(state)
    assert log.logs == {}
    assert {"loss": log.progress.loss, **dict(zip(log.metrics, log.progress.metrics, strict=True))} == (
        state.history.running
    )


UPDATES, BATCHES = 310_000, 12  # more updates and more epochs than the tables hold


@cache
def long_run() -> tuple[list[Event], RunState]:
    """The events of a long run and the state at its end."""
    recorder = Recorder(("accuracy",))
    events: list[Event] = [Started(0, 0, 0, UPDATES // BATCHES, BATCHES, 96, 0, ("accuracy",), 2)]
    for step in range(1, UPDATES + 1):
        epoch, batch = divmod(step - 1, BATCHES)
        event = BatchEnd(step, epoch, batch + 1, 1 / step, 1.0, (0.5,), step * 1e-4, (step % 3 / 3,))
        recorder.update(step, epoch + (batch + 1) / BATCHES, event.seconds, event.loss, event.batch_metrics)
        events.append(event)
        if batch + 1 == BATCHES:
            events.append(EpochEnd(epoch + 1, step, {"loss": 1 / step, "val_loss": 2 / step}, 1.0))
            recorder.end_epoch(epoch + 1, step, {"loss": 1 / step, "val_loss": 2 / step})
    return events, RunState(Graph(), {}, epoch=UPDATES // BATCHES, step=UPDATES, history=recorder.history({}))


@pytest.mark.parametrize("bulk", [997, 20_000])
def test_long_curves_are_thinned_row_for_row_as_the_history(bulk: int) -> None:
    log, (events, state) = RunLog(), long_run()
    for start in range(0, len(events), bulk):
        log.apply(events[start : start + bulk])
        assert len(log.curves.batches) < ROOM
        assert len(log.curves.epochs) < EPOCH_ROOM
    assert log.progress.updates_per_second == pytest.approx(10_000)
    restored = RunLog()
    restored.restore(state)
    assert_same_curves(restored.curves, log.curves)
    before = log.curves
    log.apply([Finished("done", state)])
    assert log.curves is before  # nothing was missing
    series = log.curves.batches.figures["loss"]
    drawn = series.places(0, len(series), 500)
    assert 500 <= len(drawn) <= 6 * 502
    assert {0, len(series) - 1} <= set(drawn.tolist())
