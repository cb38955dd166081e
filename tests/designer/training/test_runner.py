import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset, Field
from engine.errors import DataError
from engine.graph import Graph
from engine.problems import Problem
from engine.templates import TEMPLATES
from engine.train.control import Control
from engine.train.events import (
    BatchEnd,
    Compiling,
    EpochEnd,
    Event,
    Failed,
    Finished,
    Paused,
    Resumed,
    Snapshot,
    Started,
)
from engine.train.state import RunHistory, RunState


def state_at(step: int) -> RunState:
    steps = np.column_stack([np.arange(1, step + 1), np.ones(step)]).astype(float)
    return RunState(Graph(), {}, step=step, history=RunHistory(steps))


def counting(updates: int, rest: float = 0.0) -> Callable[[Control], Iterator[Event]]:
    """A job that counts, and obeys its control as the contract says."""

    def job(control: Control) -> Iterator[Event]:
        yield Compiling(0, 1, "count")
        yield Started(0, 0, 0, 1, updates, updates, 0, (), 1)
        for step in range(1, updates + 1):
            if control.take_snapshot_request():
                yield Snapshot(state_at(step - 1))
            if control.paused:
                yield Paused(step - 1)
                while not control.wait(0.01):
                    if control.take_snapshot_request():
                        yield Snapshot(state_at(step - 1))
                yield Resumed(step - 1)
            if control.stopped:
                yield Finished("stopped", state_at(step - 1))
                return
            yield BatchEnd(step, 0, step, 1.0, 1.0, (), step * 1e-4)
            if rest:
                time.sleep(rest)
        yield EpochEnd(1, updates, {"loss": 1.0}, 0.1)
        yield Finished("done", state_at(updates))

    return job


def failing(error: BaseException) -> Callable[[Control], Iterator[Event]]:
    def job(control: Control) -> Iterator[Event]:
        yield Started(0, 0, 0, 1, 1, 1, 0, (), 1)
        raise error

    return job


def until(qtbot: QtBot, *wanted: RunStatus) -> Callable[[Runner], None]:
    def wait(runner: Runner) -> None:
        qtbot.waitUntil(lambda: runner.status in wanted, timeout=10_000)

    return wait


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    assert made.shutdown(10.0)


def test_a_job_runs_to_its_end_and_every_event_arrives(qtbot: QtBot, runner: Runner) -> None:
    seen: list[RunStatus] = []
    runner.status_changed.connect(seen.append)
    assert runner.start_job(counting(30_000))
    until(qtbot, RunStatus.FINISHED)(runner)
    assert len(runner.run_log.curves.batches) == 30_000
    assert runner.state is not None
    assert runner.state.step == 30_000
    assert seen[0] is RunStatus.LOADING
    assert seen[-2:] == [RunStatus.RUNNING, RunStatus.FINISHED]
    assert not runner.is_active
    assert "layerloom-engine" not in {thread.name for thread in threading.enumerate()}


def test_only_one_job_at_a_time_and_another_right_after(qtbot: QtBot, runner: Runner) -> None:
    assert runner.start_job(counting(100_000, 1e-3))
    assert not runner.start_job(counting(5))
    until(qtbot, RunStatus.RUNNING)(runner)
    runner.stop()
    assert runner.status is RunStatus.STOPPING
    # Whoever starts again as soon as it is over must find the thread gone.
    again: list[bool] = []
    runner.status_changed.connect(
        lambda status: (
            None if again or status is not RunStatus.FINISHED else again.append(runner.start_job(counting(5)))
        )
    )
    qtbot.waitUntil(lambda: runner.state is not None and runner.state.step == 5, timeout=10_000)
    assert again == [True]


def test_pause_holds_the_run_and_resume_goes_on(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(100_000, 1e-3))
    until(qtbot, RunStatus.RUNNING)(runner)
    runner.pause()
    until(qtbot, RunStatus.PAUSED)(runner)
    held = len(runner.run_log.curves.batches)
    qtbot.wait(80)
    assert len(runner.run_log.curves.batches) == held
    runner.resume()
    qtbot.waitUntil(lambda: len(runner.run_log.curves.batches) > held, timeout=10_000)
    runner.stop()
    until(qtbot, RunStatus.FINISHED)(runner)
    assert runner.state is not None
    assert len(runner.run_log.curves.batches) == runner.state.step


def test_stop_ends_a_pause_and_keeps_the_state(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(100_000, 1e-3))
    until(qtbot, RunStatus.RUNNING)(runner)
    runner.pause()
    until(qtbot, RunStatus.PAUSED)(runner)
    runner.stop()
    until(qtbot, RunStatus.FINISHED)(runner)
    assert runner.state is not None
    assert runner.state.step == len(runner.run_log.curves.batches)


def test_snapshots_are_answered_while_running_paused_and_idle(qtbot: QtBot, runner: Runner) -> None:
    found: list[RunState | None] = []
    runner.request_snapshot(found.append)
    assert found == [None]
    runner.start_job(counting(100_000, 1e-3))
    until(qtbot, RunStatus.RUNNING)(runner)
    runner.request_snapshot(found.append)
    runner.request_snapshot(found.append)
    qtbot.waitUntil(lambda: len(found) == 3)
    assert found[1] is found[2] is runner.state
    runner.pause()
    until(qtbot, RunStatus.PAUSED)(runner)
    runner.request_snapshot(found.append)
    qtbot.waitUntil(lambda: len(found) == 4)
    assert found[3] is not None
    assert found[3].step == len(runner.run_log.curves.batches)


def test_a_snapshot_asked_too_late_gets_the_final_state(qtbot: QtBot, runner: Runner) -> None:
    found: list[RunState | None] = []

    def job(control: Control) -> Iterator[Event]:
        time.sleep(0.05)
        yield Finished("done", state_at(7))

    runner.start_job(job)
    runner.request_snapshot(found.append)
    until(qtbot, RunStatus.FINISHED)(runner)
    assert [state.step for state in found if state] == [7]


def test_a_users_mistake_is_told_as_it_is(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(failing(DataError("No sample is left to train on.")))
    until(qtbot, RunStatus.FAILED)(runner)
    assert runner.failure == Problem("No sample is left to train on.")


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), SystemExit(3)])
def test_a_fault_is_told_and_logged_with_its_origin(
    qtbot: QtBot,
    runner: Runner,
    error: BaseException,
    caplog: pytest.LogCaptureFixture,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("internal fault")
    runner.start_job(failing(error))
    until(qtbot, RunStatus.FAILED)(runner)
    assert runner.failure is not None
    assert runner.failure.text.startswith("Training stopped because of an internal fault")
    assert type(error).__name__ in runner.failure.text
    assert "in failing" in caplog.text or "test_runner.py" in caplog.text


def test_lack_of_memory_says_what_to_do(qtbot: QtBot, runner: Runner, expected_warnings: list[str]) -> None:
    expected_warnings.append("out of memory")
    runner.start_job(failing(MemoryError()))
    until(qtbot, RunStatus.FAILED)(runner)
    assert runner.failure is not None
    assert "smaller batch" in runner.failure.text


def test_a_failure_keeps_the_last_good_state(qtbot: QtBot, runner: Runner) -> None:
    runner.restore(state_at(3))

    def job(control: Control) -> Iterator[Event]:
        yield Failed(Problem("The loss became not a number."), None)

    runner.start_job(job)
    until(qtbot, RunStatus.FAILED)(runner)
    assert runner.state is not None
    assert runner.state.step == 3
    assert runner.failure == Problem("The loss became not a number.")


def test_shutdown_joins_and_delivers_everything(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(1_000_000))
    until(qtbot, RunStatus.RUNNING)(runner)
    assert runner.shutdown(10.0)
    assert not runner.is_active
    assert runner.status is RunStatus.FINISHED
    assert runner.state is not None
    assert len(runner.run_log.curves.batches) == runner.state.step


def test_nothing_starts_while_shutting_down(qtbot: QtBot, runner: Runner) -> None:
    runner.status_changed.connect(
        lambda status: runner.start_job(counting(5)) if status is RunStatus.FINISHED else None
    )
    runner.start_job(counting(1_000_000))
    assert runner.shutdown(10.0)
    assert not runner.is_active


def test_shutdown_has_a_time_limit(qtbot: QtBot, runner: Runner) -> None:
    gate = threading.Event()

    def job(control: Control) -> Iterator[Event]:
        gate.wait(10)
        yield Finished("stopped", state_at(1))

    runner.start_job(job)
    assert not runner.shutdown(0.05)
    gate.set()
    until(qtbot, RunStatus.FINISHED)(runner)


def test_a_job_that_ends_without_a_word_has_finished(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(lambda control: iter(()))
    until(qtbot, RunStatus.FINISHED)(runner)
    assert runner.state is None


def test_start_over_and_bring_back(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(20))
    until(qtbot, RunStatus.FINISHED)(runner)
    state, curves = runner.state, runner.run_log.curves
    runner.start_over()
    assert runner.state is None
    assert runner.run_log.past == (curves,)
    assert runner.can_bring_back
    runner.bring_back()
    assert runner.state is state
    assert runner.run_log.curves is curves
    assert runner.run_log.past == ()
    runner.start_over()
    runner.start_job(counting(10))
    until(qtbot, RunStatus.FINISHED)(runner)
    assert not runner.can_bring_back
    assert len(runner.run_log.curves.batches) == 10
    assert runner.run_log.past == (curves,)


def test_restore_is_refused_while_a_run_is_under_way(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(100_000, 1e-3))
    assert not runner.restore(None)
    runner.stop()
    until(qtbot, RunStatus.FINISHED)(runner)
    assert runner.restore(state_at(4))
    assert runner.status is RunStatus.IDLE
    assert len(runner.run_log.curves.batches) == 4


def test_a_stalled_window_loses_nothing_for_good(qtbot: QtBot, runner: Runner) -> None:
    runner.start_job(counting(180_000))
    # Nobody looks at the queue until the thread is done.
    thread = next(t for t in threading.enumerate() if t.name == "layerloom-engine")
    thread.join(20)
    until(qtbot, RunStatus.FINISHED)(runner)
    assert len(runner.run_log.curves.batches) == 180_000


def test_a_project_that_cannot_be_trained_says_why(qtbot: QtBot, runner: Runner) -> None:
    field = Field(np.zeros((4, 2), np.float32))
    assert runner.start(TEMPLATES["empty"].make(), Dataset({"x": field}, {"y": field}))
    until(qtbot, RunStatus.FAILED)(runner)
    assert runner.failure is not None
    assert "canvas is empty" in runner.failure.text
    assert runner.state is None
