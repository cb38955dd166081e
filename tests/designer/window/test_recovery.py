"""Unsaved work is kept aside in time, and nothing is left when it is not needed any more."""

from __future__ import annotations

import shutil
import time
from itertools import count
from pathlib import Path

from designer.window import autosave
from designer.window.session import Session
from engine.io.recovery import brought_back, found_in
from tests.designer.window.conftest import answer, seeded, settled, small
from tests.designer.window.leftover import kept, leftovers
from tests.engine.io.samples import state_of


def test_work_is_kept_shortly_after_the_last_edit(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.wait(50)
    assert leftovers() == []
    seeded(window, 5)
    qtbot.waitUntil(lambda: len(kept()) == 1, timeout=20_000)
    settled(qtbot, window)
    assert brought_back(kept()[0]).project == window.document.project


def test_work_is_kept_while_edits_never_cease(qtbot, window) -> None:
    window.files._show(small(), None, None)
    window.autosave._calm.setInterval(60_000)  # it is never calm
    seeds = count(1)

    def edited() -> bool:
        seeded(window, next(seeds))
        return bool(kept())

    qtbot.waitUntil(edited, timeout=20_000)
    settled(qtbot, window)
    assert 1 <= brought_back(kept()[0]).project.training.seed <= window.document.project.training.seed
    assert 50 < autosave.CALM < autosave.LATEST < 2000


def test_edits_are_kept_while_a_run_goes_on(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    window.training.toggle()
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > 5, timeout=60_000)
    settled(qtbot, window)
    window.autosave._snapped_at = time.monotonic()  # the state is not due for half a minute
    before = [work.note.epoch for work in kept()]
    seeded(window, 7)
    qtbot.waitUntil(lambda: [brought_back(k).project.training.seed for k in kept()] == [7], timeout=20_000)
    assert window.runner.is_active
    assert before in ([], [work.note.epoch for work in kept()])
    window.runner.stop()
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=20_000)


def test_work_is_kept_before_training_starts(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    window.autosave._calm.setInterval(60_000)
    window.autosave._snapped_at = time.monotonic()  # the run itself is kept later
    seeded(window, 3)
    assert kept() == []
    window.training.toggle()
    settled(qtbot, window)
    assert brought_back(kept()[0]).project.training.seed == 3


def test_a_run_is_kept_at_the_end_of_epochs_now_and_then(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    window.training.toggle()
    qtbot.waitUntil(lambda: [k.note.epoch for k in kept()] > [0], timeout=60_000)
    settled(qtbot, window)
    first = kept()[0].note.epoch
    step = window.runner.run_log.progress.step
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > step + 200, timeout=60_000)
    settled(qtbot, window)
    assert kept()[0].note.epoch == first  # half a minute has not gone by
    window.autosave._snapped_at -= autosave.PERIOD
    qtbot.waitUntil(lambda: kept()[0].note.epoch > first, timeout=20_000)
    window.runner.stop()
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=20_000)
    qtbot.waitUntil(lambda: not window.autosave._soon.isActive(), timeout=2000)
    settled(qtbot, window)
    state = brought_back(kept()[0]).state
    assert state is not None
    assert state.step == window.runner.state.step


def test_undoing_everything_leaves_nothing(qtbot, window) -> None:
    window.files._show(small(), None, None)
    seeded(window, 5)
    window.autosave.flush()
    settled(qtbot, window)
    assert len(kept()) == 1
    window.document.undo()
    window.autosave.flush()
    settled(qtbot, window)
    assert kept() == []


def test_saving_leaves_nothing(qtbot, window, tmp_path: Path) -> None:
    window.files._show(small(), None, None)
    seeded(window, 5)
    window.autosave.flush()
    window.files._save_to(tmp_path / "a.loom", None)
    settled(qtbot, window)
    qtbot.waitUntil(lambda: kept() == [], timeout=20_000)
    window.close_now()
    assert leftovers() == []
    assert not list(tmp_path.glob(".*.lock"))


def test_work_given_up_leaves_nothing(qtbot, window) -> None:
    window.files._show(small(), None, None)
    seeded(window, 5)
    window.autosave.flush()
    settled(qtbot, window)
    window.files.new_from("digits-dense")
    answer(window, "discard")
    qtbot.waitUntil(lambda: kept() == [], timeout=20_000)
    seeded(window, 6)
    window.autosave.flush()
    settled(qtbot, window)
    assert len(kept()) == 1
    window.close()
    answer(window, "discard")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert leftovers() == []


def test_a_place_that_cannot_be_written_is_said_once(qtbot, window, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    window.autosave._session = Session(tmp_path / "file" / "recovery")
    window.files._show(small(), None, None)
    for seed in range(3):
        seeded(window, seed + 1)
        window.autosave.flush()
        settled(qtbot, window)
        assert window.messages.isVisible() == (seed == 0)
        assert "cannot be kept aside" in window.messages.text
        window.messages.hide()
    (tmp_path / "file").unlink()  # what was in the way is gone
    window.autosave._retry.start(100)
    qtbot.waitUntil(lambda: found_in(window.autosave._session.folder) is not None, timeout=20_000)


def test_work_is_kept_anew_when_somebody_tidied_up(qtbot, window) -> None:
    window.files._show(small(), state_of(small().graph), None, unsaved=True)
    window.autosave.flush()
    settled(qtbot, window)
    shutil.rmtree(window.autosave._session.folder)
    seeded(window, 4)
    window.autosave.flush()
    settled(qtbot, window)
    opened = brought_back(kept()[0])
    assert opened.project.training.seed == 4
    assert opened.state is not None
    assert opened.state.step == 12
