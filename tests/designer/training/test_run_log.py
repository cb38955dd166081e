import math

import numpy as np
import pytest

from designer.training.curves import RunCurves
from designer.training.run_log import KEPT_RUNS, RunLog
from engine.graph import Graph
from engine.train.events import (
    BatchEnd,
    Compiling,
    EpochEnd,
    Event,
    Finished,
    Paused,
    Resumed,
    Started,
    Validating,
)
from engine.train.state import RunHistory, RunState


def started(epoch: int = 0, step: int = 0, epochs: int = 3) -> Started:
    return Started(epoch, 0, step, epochs, 10, 320, 80, ("accuracy",), 2)


def epoch_of(number: int, seconds_per_batch: float = 0.1, base: int = 0) -> list[Event]:
    """Events of epoch ``number`` (from 0) of ten updates."""
    found: list[Event] = []
    for batch in range(1, 11):
        step = number * 10 + batch
        time = (step - base * 10) * seconds_per_batch
        found.append(BatchEnd(step, number, batch, 1 / step, 2 / step, (0.5,), time, (1 - 1 / step,)))
    logs = {"loss": 1 / (number + 1), "accuracy": 0.5, "val_loss": abs(number - 1) + 0.5, "val_accuracy": 0.4}
    return [*found, Validating(0, 2), EpochEnd(number + 1, number * 10 + 10, logs, 1.5)]


def state_at(step: int, epochs: int) -> RunState:
    steps = np.column_stack([np.arange(1, step + 1), 1 / np.arange(1, step + 1)]).astype(float)
    history = RunHistory(steps, tuple({"loss": 1 / (n + 1), "val_loss": 2.0 + n} for n in range(epochs)))
    return RunState(Graph(), {}, epoch=epochs, step=step, batch=step - 10 * epochs, history=history)


def test_curves_have_every_update_over_every_axis() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0), *epoch_of(1)])
    table = log.curves.batches
    assert table.axes["updates"].values.tolist() == list(range(1, 21))
    assert table.axes["epochs"].values[[0, 9, 10, 19]].tolist() == [0.1, 1.0, 1.1, 2.0]
    np.testing.assert_allclose(table.axes["time"].values, np.arange(1, 21) * 0.1)
    np.testing.assert_allclose(table.figures["loss"].values, 1 / np.arange(1, 21))
    np.testing.assert_allclose(table.figures["accuracy"].values, 1 - 1 / np.arange(1, 21))
    assert log.curves.epochs.figures["val_loss"].values.tolist() == [1.5, 0.5]
    np.testing.assert_allclose(log.curves.epochs.axes["time"].values, [1.0, 2.0])
    assert log.curves.names == ("loss", "accuracy")


def test_metrics_are_drawn_of_each_batch_and_shown_of_the_epoch() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0), *epoch_of(1)[:4]])
    # The mean of the epoch so far would begin anew with update 11.
    np.testing.assert_allclose(log.curves.batches.figures["accuracy"].values, 1 - 1 / np.arange(1, 15))
    assert log.progress.metrics == (0.5,)
    assert log.curves.epochs.figures["accuracy"].values.tolist() == [0.5]


def test_updates_without_own_metrics_are_gaps_and_not_the_means() -> None:
    log = RunLog()
    silent = [event._replace(batch_metrics=()) for event in epoch_of(0) if isinstance(event, BatchEnd)]
    log.apply([started(), *silent])
    assert tuple(log.curves.batches.figures) == ("loss",)
    log.apply([silent[-1]._replace(step=11), epoch_of(1)[1]])
    accuracy = log.curves.batches.figures["accuracy"].values
    assert np.isnan(accuracy[:11]).all()
    assert accuracy[11] == pytest.approx(1 - 1 / 12)


def test_events_one_by_one_give_the_same_as_in_one_list() -> None:
    events: list[Event] = [started(), *epoch_of(0), *epoch_of(1), *epoch_of(2)]
    whole, single = RunLog(), RunLog()
    whole.apply(events)
    for event in events:
        single.apply([event])
    for name, series in whole.curves.batches.figures.items():
        np.testing.assert_array_equal(series.values, single.curves.batches.figures[name].values)
    for name, series in whole.curves.epochs.figures.items():
        np.testing.assert_array_equal(series.values, single.curves.epochs.figures[name].values)
    assert (whole.progress.epoch, whole.progress.batch) == (single.progress.epoch, single.progress.batch) == (3, 0)


def test_best_epoch_is_the_first_of_the_best() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0), *epoch_of(1), *epoch_of(2)])
    assert log.curves.best_epoch("val_loss", "lower") == (1, 0.5)
    assert log.curves.best_epoch("accuracy", "higher") == (0, 0.5)
    assert log.curves.best_epoch("unknown", "higher") is None


def test_progress_speed_and_time_left() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0)[:10]])
    now = log.progress
    assert (now.epoch, now.batch, now.batches, now.step) == (0, 10, 10, 10)
    assert now.updates_per_second == pytest.approx(10.0)
    assert now.samples_per_second == pytest.approx(320.0)
    assert now.seconds_left == pytest.approx(2.0)
    assert now.fraction == pytest.approx(1 / 3)
    log.apply(epoch_of(0)[10:])
    log.apply(epoch_of(1)[:1])
    # With validation an epoch took 1.5 s, so the estimate moves from 1.9 s towards 2.4 s.
    assert 1.9 <= log.progress.seconds_left < 2.4
    log.apply([*epoch_of(1)[1:], *epoch_of(2)])
    assert log.progress.seconds_left == 0.0


def test_a_pause_does_not_count_as_slowness() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0)[:5], Paused(5), Resumed(5)])
    late = [event._replace(seconds=event.seconds + 100) for event in epoch_of(0)[5:10]]
    log.apply(late)
    assert log.progress.updates_per_second == pytest.approx(10.0)


def test_preparation_and_validation_are_known_while_they_last() -> None:
    log = RunLog()
    log.apply([Compiling(2, 12, "dense")])
    assert log.compiling == Compiling(2, 12, "dense")
    log.apply([started(), *epoch_of(0)[:11]])
    assert log.compiling is None
    assert log.validating == Validating(0, 2)
    log.apply([epoch_of(0)[11], *epoch_of(1)[:1]])
    assert log.validating is None


def test_going_on_appends_and_going_on_from_before_takes_back() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0), *epoch_of(1)])
    log.apply([started(2, 20), *epoch_of(2, base=2)])
    times = log.curves.batches.axes["time"].values
    assert len(times) == 30
    assert (np.diff(times) > 0).all()
    log.apply([started(1, 10), *epoch_of(1, base=1)[:3]])
    assert log.curves.batches.axes["updates"].values.tolist() == list(range(1, 14))
    assert len(log.curves.epochs) == 1
    assert len(log.curves.batches.figures["loss"].places(0, 13, 2)) <= 13


def test_a_fresh_start_keeps_the_last_runs_for_comparison() -> None:
    log = RunLog()
    for _ in range(KEPT_RUNS + 2):
        log.apply([started(), *epoch_of(0)])
    assert len(log.past) == KEPT_RUNS
    assert [run.number for run in (*log.past, log.curves)] == [2, 3, 4, 5]


def test_a_reopened_run_shows_its_curves_and_goes_on() -> None:
    log = RunLog()
    log.restore(state_at(25, 2))
    curves = log.curves
    np.testing.assert_allclose(curves.batches.figures["loss"].values, 1 / np.arange(1, 26))
    np.testing.assert_allclose(curves.batches.axes["epochs"].values[[9, 24]], [1.0, 2.5])
    assert curves.epochs.axes["updates"].values.tolist() == [10, 20]
    assert (log.logs["val_loss"], curves.timed_from, log.progress.epoch) == (3.0, 25, 2)
    log.apply([started(2, 25), *[event for event in epoch_of(2) if isinstance(event, BatchEnd)][5:]])
    accuracy = curves.batches.figures["accuracy"].values
    assert np.isnan(accuracy[:25]).all()
    assert np.isfinite(accuracy[25:]).all()


def test_an_empty_state_restores_to_nothing() -> None:
    log = RunLog()
    log.restore(RunState(Graph(), {}))
    assert len(log.curves) == 0
    log.restore(None)
    assert log.logs == {}


def test_another_project_does_not_inherit_the_metrics_of_the_last() -> None:
    log = RunLog()
    log.apply([started(), *epoch_of(0)])
    log.restore(None)
    assert log.metrics == ()
    assert len(log.curves) == 0


def test_thinned_events_are_made_good_from_the_history() -> None:
    log = RunLog()
    events = [event for event in epoch_of(0) if isinstance(event, BatchEnd)]
    log.apply([started(), *events[::2], Finished("stopped", state_at(10, 1))])
    table = log.curves.batches
    np.testing.assert_allclose(table.figures["loss"].values, 1 / np.arange(1, 11))
    np.testing.assert_allclose(table.axes["time"].values[:9], np.arange(1, 10) * 0.1)
    assert len(log.curves.epochs) == 1


def test_undrawable_figures_do_not_hide_the_best() -> None:
    curves = RunCurves()
    logs = [{"loss": math.nan}, {"loss": 2.0}, {"loss": math.inf}, {"loss": 1.0}, {}]
    curves.take_epochs([EpochEnd(n + 1, n + 1, log, 0.0) for n, log in enumerate(logs)])
    assert curves.best_epoch("loss", "lower") == (3, 1.0)
