"""Curves stay within bounds, whole where they are new, and the same whether a run was interrupted or not."""

from __future__ import annotations

import numpy as np
import pytest

from engine.train.recorder import Recorder, kept
from engine.train.state import RunHistory


def filled(recorder: Recorder, first: int, last: int) -> Recorder:
    """Record updates ``first`` to ``last``; an epoch has ten."""
    for step in range(first, last + 1):
        recorder.update(step, step / 10, (step - first + 1) * 0.5, 1 / step, (step % 7 / 7,))
        if step % 10 == 0:
            recorder.end_epoch(step // 10, step, {"loss": 1 / step})
    return recorder


def test_a_short_run_keeps_everything() -> None:
    found = filled(Recorder(("accuracy",), room=100), 1, 99).history({"loss": 0.5})
    assert found.steps[:, 0].tolist() == list(range(1, 100))
    np.testing.assert_array_equal(found.steps[:, 1], 1 / np.arange(1, 100))
    assert found.metrics == ("accuracy",)
    np.testing.assert_array_equal(found.axes[:, 0], np.arange(1, 100) / 10)
    np.testing.assert_array_equal(found.axes[:, 1], np.arange(1, 100) / 2)
    assert found.ends.tolist() == [[n, 10 * n, 5.0 * n] for n in range(1, 10)]
    assert found.running == {"loss": 0.5}


@pytest.mark.parametrize("room", [16, 100, 1000])
@pytest.mark.parametrize("updates", [1_000, 20_000])
def test_a_long_run_stays_within_its_room(room: int, updates: int) -> None:
    recorder = Recorder(("accuracy",), room=room, epoch_room=room)
    for start in range(1, updates, 500):
        filled(recorder, start, start + 499)
        found = recorder.history({})
        assert len(found.steps) == len(found.axes) < room
        assert len(found.epochs) == len(found.ends) < room
        steps = found.steps[:, 0]
        assert steps[0] == 1
        assert steps[-1] == start + 499
        np.testing.assert_array_equal(found.steps[:, 1], 1 / steps)  # rows stay whole
        np.testing.assert_array_equal(found.steps[:, 2], steps % 7 / 7)
        assert [logs["loss"] for logs in found.epochs] == (1 / found.ends[:, 1]).tolist()


def test_the_newest_quarter_stays_whole_and_the_older_part_even() -> None:
    stays = kept(np.arange(1.0, 1001.0), 1000)
    numbers = np.arange(1, 1001)[stays]
    assert numbers[numbers > 750].tolist() == list(range(751, 1001))
    assert numbers[numbers <= 750].tolist() == [1, *range(2, 751, 2)]
    for room in (16, 100, 1000):
        numbers = np.arange(1.0, room + 1)
        while numbers[-1] < 200 * room:
            numbers = numbers[kept(numbers, room)]
            assert len(numbers) <= room * 3 // 4 + 1
            older = np.diff(numbers[1 : len(numbers) - room // 4])
            assert len(np.unique(older)) <= 1
            assert len(older) >= room // 4 - 3  # and never sparser than it must be
            numbers = np.append(numbers, np.arange(numbers[-1] + 1, numbers[-1] + 1 + room - len(numbers)))


@pytest.mark.parametrize("cuts", [[150], [99, 100, 101], [75, 250, 251, 900], [1, 999]])
def test_an_interrupted_run_keeps_the_same_rows(cuts: list[int]) -> None:
    whole = filled(Recorder(("accuracy",), room=100, epoch_room=20), 1, 1000).history({})
    history: RunHistory | None = None
    for start, stop in zip([0, *cuts], [*cuts, 1000], strict=True):
        history = filled(Recorder(("accuracy",), history, 100, 20), start + 1, stop).history({})
    assert history is not None
    np.testing.assert_array_equal(history.steps, whole.steps)
    np.testing.assert_array_equal(history.axes, whole.axes)  # the clock goes on where it stood
    np.testing.assert_array_equal(history.ends, whole.ends)
    assert history.epochs == whole.epochs


def test_other_metrics_go_on_beside_the_old_ones() -> None:
    before = filled(Recorder(("accuracy",)), 1, 3).history({})
    recorder = Recorder(("error", "accuracy"), before)
    recorder.update(4, 0.4, 0.5, 0.25, (8.0, 9.0))
    found = recorder.history({})
    assert found.metrics == ("accuracy", "error")
    np.testing.assert_array_equal(found.steps[3], [4, 0.25, 9.0, 8.0])
    assert np.isnan(found.steps[:3, 3]).all()
    alone = Recorder((), found)
    alone.update(5, 0.5, 0.5, 0.2, ())
    assert np.isnan(alone.history({}).steps[4, 2:]).all()


def test_what_an_early_file_did_not_keep_stays_unknown() -> None:
    early = RunHistory(np.array([[1.0, 0.5], [2.0, 0.25]]), ({"loss": 0.4},))
    recorder = Recorder(("accuracy",), early)
    assert recorder.seconds == 0.0
    recorder.update(3, 1.5, 2.0, 0.1, (0.75,))
    recorder.end_epoch(2, 3, {"loss": 0.1})
    found = recorder.history({})
    np.testing.assert_array_equal(found.steps[:, :2], [[1, 0.5], [2, 0.25], [3, 0.1]])
    np.testing.assert_array_equal(found.axes, [[np.nan] * 2, [np.nan] * 2, [1.5, 2.0]])
    np.testing.assert_array_equal(found.ends, [[1, np.nan, np.nan], [2, 3, 2.0]])


def test_a_history_is_a_copy() -> None:
    recorder = filled(Recorder(("accuracy",)), 1, 3)
    found = recorder.history({})
    filled(recorder, 4, 9)
    assert len(found.steps) == len(found.axes) == 3
    recorder.clear()
    assert len(recorder.history({}).steps) == 0
