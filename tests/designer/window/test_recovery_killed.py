"""Unsaved work of a program that was killed comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from designer.window.main_window import MainWindow
from engine.io import load_project, save_project
from engine.io.recovery import Note
from tests.designer.window import killed
from tests.designer.window.conftest import answer, seeded, settled, small
from tests.designer.window.leftover import kept, offered, orphan, said
from tests.engine.io.samples import state_of

ROOT = Path(killed.__file__).parents[3]


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
    qtbot.waitUntil(lambda: kept() == [], timeout=20_000)


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
