"""Unsaved work survives the end of the program, whatever ends it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from designer.window import autosave
from designer.window.main_window import MainWindow
from designer.window.session import Session
from designer.window.settings import recovery_folder
from engine.io import load_project, recovery, save_project
from engine.io.recovery import Note, brought_back, found_in
from engine.train.state import RunState
from tests.designer.window import killed
from tests.designer.window.conftest import answer, seeded, settled, small
from tests.engine.io.samples import state_of

ROOT = Path(killed.__file__).parents[3]


def kept() -> list[recovery.Kept]:
    """What lies in the recovery folder now, of whomever."""
    folders = [path for path in recovery_folder().glob("*") if path.is_dir()]
    return [found for found in map(found_in, folders) if found is not None]


def leftovers() -> list[str]:
    return [path.name for path in recovery_folder().glob("*")]


def offered(qtbot, window: MainWindow) -> list[str]:
    """Look for unsaved work as a start does; returns what was said when there was none to ask about."""
    done: list[str] = []
    window.recovery.offer(lambda: done.append("went on"))
    settled(qtbot, window)
    return done


def said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.sheet.findChildren(QLabel) if label.isVisible())


def orphan(name: str, note: Note, seed: int, state: RunState | None = None) -> Path:
    """What a window leaves behind that ends without a word."""
    folder = recovery_folder() / name
    project = small()
    recovery.keep(folder, note, project.with_training(project.training.changed(seed=seed)), state)
    return folder


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Starts the program in a process of its own, and kills it once its work is kept."""
    running: list[subprocess.Popen[str]] = []

    def work(folder: Path, how: str) -> None:
        environ = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, killed.__file__, str(folder), how]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "kept"
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        process.stdout.close()

    yield work
    for process in running:
        process.kill()
        process.wait(20)


# -- a process that is killed ------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_edits_of_a_killed_program_come_back(qtbot, window, child, tmp_path: Path) -> None:
    folder = tmp_path / "digits.loom"
    save_project(folder, small(), None)
    before = (folder / "project.json").read_bytes()
    child(folder, "edit")
    assert (folder / "project.json").read_bytes() == before

    assert offered(qtbot, window) == []
    assert "digits (edited " in said(window)
    assert "3 layers" in said(window)
    answer(window, "recover")
    settled(qtbot, window)

    assert window.document.project.training.seed == 77
    assert window.files.folder == folder
    assert window.isWindowModified()
    assert "digits is back" in window.messages.text
    assert (folder / "project.json").read_bytes() == before
    assert len(kept()) == 1  # still kept, until it is saved
    window.files.save()
    settled(qtbot, window)
    assert load_project(folder).project.training.seed == 77
    qtbot.waitUntil(lambda: kept() == [], timeout=5000)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_a_run_of_a_killed_program_goes_on(qtbot, window, child, tmp_path: Path) -> None:
    folder = tmp_path / "digits.loom"
    save_project(folder, small(), None)
    child(folder, "train")

    offered(qtbot, window)
    assert "trained" in said(window)
    answer(window, "recover")
    settled(qtbot, window)

    state = window.runner.state
    assert state is not None
    assert state.epoch >= 1
    assert f"{state.epoch} epoch" in window.messages.text
    assert load_project(folder).state is None
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    window.training.toggle()
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > state.step, timeout=60_000)
    window.runner.stop()
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=20_000)
    assert window.runner.state.step > state.step
    np.testing.assert_array_equal(window.runner.state.history.steps[: state.step], state.history.steps)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_an_internal_fault_of_the_program_keeps_the_work_at_once(qtbot, window, child, tmp_path: Path) -> None:
    folder = tmp_path / "digits.loom"
    save_project(folder, small(), None)
    child(folder, "fault")  # there, nothing but the fault makes it write
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 77
    assert window.files.folder == folder


def test_work_brought_back_survives_a_second_death(qtbot, window, tmp_path: Path) -> None:
    orphan("old", Note(tmp_path / "p.loom", 1e9, 2), 9, state_of(small().graph))
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    seeded(window, 10)
    window.autosave.flush()
    settled(qtbot, window)
    window.autosave._session.release()  # as if the process had died
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    offered(qtbot, again)
    answer(again, "recover")
    settled(qtbot, again)
    assert again.document.project.training.seed == 10
    assert again.runner.state is not None
    assert again.runner.state.step == 12
    assert again.files.folder is None or again.files.folder == tmp_path / "p.loom"
    again.close_now()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_work_that_was_never_saved_comes_back_untitled(qtbot, window, child, tmp_path: Path) -> None:
    child(tmp_path / "unused.loom", "untitled")
    offered(qtbot, window)
    assert "Untitled (edited " in said(window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 77
    assert window.files.folder is None
    assert window.files.has_unsaved_work


# -- when work is kept -------------------------------------------------------------------------------


def test_work_is_kept_shortly_after_the_last_edit(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.wait(50)
    assert leftovers() == []
    seeded(window, 5)
    qtbot.waitUntil(lambda: len(kept()) == 1, timeout=5000)
    settled(qtbot, window)
    assert brought_back(kept()[0]).project == window.document.project


def test_work_is_kept_while_edits_never_cease(qtbot, window) -> None:
    window.files._show(small(), None, None)
    window.autosave._latest.setInterval(400)
    for seed in range(1, 40):
        seeded(window, seed)
        qtbot.wait(50)
        if kept():
            break
    assert 1 < window.document.project.training.seed < 30
    assert autosave.CALM > 50


def test_work_is_kept_before_training_starts(qtbot, window) -> None:
    window.files._show(small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    window.autosave._calm.setInterval(60_000)
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


# -- when it goes -------------------------------------------------------------------------------------


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
    qtbot.waitUntil(lambda: kept() == [], timeout=5000)
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
    qtbot.waitUntil(lambda: kept() == [], timeout=5000)
    seeded(window, 6)
    window.autosave.flush()
    settled(qtbot, window)
    assert len(kept()) == 1
    window.close()
    answer(window, "discard")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert leftovers() == []


# -- what is offered -----------------------------------------------------------------------------------


def test_nothing_is_asked_when_there_is_nothing(qtbot, window) -> None:
    assert offered(qtbot, window) == ["went on"]
    assert not window.sheet.is_open


def test_a_living_window_is_no_orphan(qtbot, window) -> None:
    other = MainWindow()
    qtbot.addWidget(other)
    other.files._show(small(), None, None)
    seeded(other, 8)
    other.autosave.flush()
    settled(qtbot, other)
    assert len(kept()) == 1
    assert offered(qtbot, window) == ["went on"]
    other.close_now()
    assert kept() == []


def test_later_asks_again_at_the_next_start(qtbot, window) -> None:
    orphan("old", Note(edited=1e9, epoch=4), 9)
    assert offered(qtbot, window) == []
    assert "Sep 2001" in said(window)
    assert "4 epochs trained" in said(window)
    answer(window, "later")
    assert not window.document.project.graph.nodes
    window.close_now()
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    assert offered(qtbot, again) == []
    assert again.sheet.is_open
    again.close_now()
    assert len(kept()) == 1


def test_closing_while_work_is_brought_back_leaves_it_to_the_next_start(qtbot, window, tmp_path: Path) -> None:
    folder = tmp_path / "net.loom"
    save_project(folder, small(), None)
    orphan("old", Note(folder, 1e9), 9)
    offered(qtbot, window)
    gate, closed = threading.Event(), []
    window.closed.connect(lambda: closed.append("closed"))
    window._writer.submit(gate.wait, lambda _done: None)
    answer(window, "recover")
    window.close()
    threading.Timer(0.3, gate.set).start()
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)

    assert closed == ["closed"]
    assert not window.isVisible()
    assert [found.note.edited for found in kept()] == [1e9]
    assert not list(tmp_path.glob(".*.lock"))
    assert not list(recovery_folder().glob("*.lock"))
    assert not window.document.project.graph.nodes


def test_closing_while_unsaved_work_is_looked_for_asks_nothing(qtbot, window) -> None:
    orphan("old", Note(edited=1e9), 9)
    gate = threading.Event()
    window._writer.submit(gate.wait, lambda _done: None)
    window.recovery.offer(lambda: None)
    threading.Timer(0.3, gate.set).start()
    window.close_now()

    assert not window.sheet.is_open
    assert len(kept()) == 1
    assert not list(recovery_folder().glob("*.lock"))


def test_deleting_asks_once_more(qtbot, window) -> None:
    orphan("old", Note(edited=1e9), 9)
    offered(qtbot, window)
    answer(window, "delete")
    assert len(kept()) == 1
    answer(window, "cancel")
    answer(window, "delete")
    answer(window, "delete")
    settled(qtbot, window)
    assert leftovers() == []


def test_several_are_listed_and_dealt_with_one_by_one(qtbot, window, tmp_path: Path) -> None:
    for number in range(3):
        orphan(f"old-{number}", Note(tmp_path / f"net{number}.loom", 1e9 + number * 60), number + 10)
    offered(qtbot, window)
    names = [b.text() for b in window.sheet.findChildren(QPushButton) if b.isVisible()]
    assert names[:3] == ["net2", "net1", "net0"]
    answer(window, "orphan-1")
    answer(window, "later")
    answer(window, "orphan-2")
    answer(window, "delete")
    answer(window, "delete")
    answer(window, "orphan-0")
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 12
    assert "1 more" in window.messages.findChild(QPushButton, "message-action").text()
    window.messages.findChild(QPushButton, "message-action").click()
    answer(window, "recover")
    answer(window, "discard")
    settled(qtbot, window)
    assert window.document.project.training.seed == 11
    assert [k.note.original for k in kept()] == [tmp_path / "net1.loom"]


def test_a_damaged_folder_is_put_aside_and_the_start_goes_on(qtbot, window) -> None:
    folder = orphan("bad", Note(), 9)
    (folder / "note.json").write_bytes(b"\x00rubbish")
    assert offered(qtbot, window) == ["went on"]
    assert "damaged" in window.messages.text
    aside = [path for path in recovery_folder().glob("damaged-*")]
    assert [path.is_dir() for path in aside] == [True]
    assert str(aside[0]) in window.messages.text
    window.messages.hide()
    assert offered(qtbot, window) == ["went on"]
    assert not window.messages.isVisible()


def test_work_damaged_after_it_was_offered_is_put_aside(qtbot, window) -> None:
    folder = orphan("bad", Note(), 9)
    offered(qtbot, window)
    (folder / recovery.WORK / "project.json").write_text("{", encoding="utf-8")
    answer(window, "recover")
    settled(qtbot, window)
    assert "could not be brought back" in window.messages.text
    assert list(recovery_folder().glob("damaged-*"))
    assert not window.document.project.graph.nodes


def test_damaged_weights_bring_the_network_back_and_say_so(qtbot, window) -> None:
    folder = orphan("bad", Note(epoch=2), 9, state_of(small().graph))
    weights = next((folder / recovery.WORK).glob("*.h5"))
    weights.write_bytes(weights.read_bytes()[:500])
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 9
    assert window.runner.state is None
    assert window.messages.severity == "warning"
    assert weights.name in window.messages.text


def test_a_folder_that_is_gone_is_told_at_saving(qtbot, window, tmp_path: Path) -> None:
    orphan("old", Note(tmp_path / "gone.loom", digest="0" * 64), 9)
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.files.name == "gone"
    window.files.save()
    settled(qtbot, window)
    assert "is gone" in window.messages.text
    assert not (tmp_path / "gone.loom").exists()
    assert window.isWindowModified()


def test_work_of_a_project_that_was_changed_meanwhile_overwrites_nothing_unasked(qtbot, window, tmp_path: Path) -> None:
    digest = save_project(tmp_path / "p.loom", small(), None)
    orphan("old", Note(tmp_path / "p.loom", digest=digest), 9)
    save_project(tmp_path / "p.loom", small().with_training(small().training.changed(seed=50)), None)
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    window.files.save()
    settled(qtbot, window)
    assert load_project(tmp_path / "p.loom").project.training.seed == 50
    answer(window, "overwrite")
    settled(qtbot, window)
    assert load_project(tmp_path / "p.loom").project.training.seed == 9
    assert load_project(tmp_path / "p.loom", 1).project.training.seed == 50


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
    window.autosave._latest.setInterval(100)
    qtbot.waitUntil(lambda: found_in(window.autosave._session.folder) is not None, timeout=5000)


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
