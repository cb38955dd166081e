"""Two windows on one project, and folders that change, vanish or fill up while they are open."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from designer.window.locking import Owner, taken
from designer.window.main_window import MainWindow
from designer.window.place import lock_path
from engine.io import load_project, save_project
from engine.io.disk import Disk
from tests.designer.window import other
from tests.designer.window.conftest import answer, seeded, settled, small

ROOT = Path(__file__).parents[3]


def opened(qtbot, window: MainWindow, folder: Path) -> None:
    window.files.open_folder(folder)
    settled(qtbot, window)


def saved(qtbot, window: MainWindow) -> None:
    window.files.save()
    settled(qtbot, window)


def seed_of(folder: Path, backup: int = 0) -> int:
    return load_project(folder, backup).project.training.seed


def said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.sheet.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_project(tmp_path / "net.loom", small(), None)
    return tmp_path / "net.loom"


@pytest.fixture
def second(qtbot) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close_now()


class Neighbour:
    """Another process that has the project open."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        environ = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        environ["LAYERLOOM_DATA"] = str(tmp_path / "neighbour")
        command = [sys.executable, other.__file__, str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, text=True)
        assert self.heard() == "open"

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        print(word, file=self.process.stdin, flush=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def neighbour(folder: Path, tmp_path: Path) -> Iterator[Neighbour]:
    made = Neighbour(folder, tmp_path)
    yield made
    made.kill()


# -- locks -------------------------------------------------------------------------------------------


def test_a_lock_names_its_owner_and_goes_with_it(tmp_path: Path) -> None:
    lock = taken(tmp_path / "a.lock")
    found = taken(tmp_path / "a.lock")
    assert isinstance(found, Owner)
    assert found.pid == os.getpid()
    assert found.is_here
    lock.unlock()
    assert not (tmp_path / "a.lock").exists()
    assert taken(tmp_path / "none" / "a.lock") is None


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such locks there")
@pytest.mark.parametrize("host", ["this one", "renamed since", "another one"])
def test_a_lock_whose_number_another_process_has_now(tmp_path: Path, host: str) -> None:
    lock = taken(tmp_path / "a.lock")
    text = (tmp_path / "a.lock").read_text(encoding="utf-8")
    alive = taken(tmp_path / "a.lock")
    assert isinstance(alive, Owner)  # it is held, so it stays
    lock.unlock()
    pid, program, name, *rest = text.split("\n")
    if host != "this one":
        name = "elsewhere"
    if host == "another one":
        rest = ["machine", "boot", ""]
    # What a process leaves that was killed, and whose number a living one of the same program has got since.
    (tmp_path / "a.lock").write_text("\n".join((pid, program, name, *rest)), encoding="utf-8")
    found = taken(tmp_path / "a.lock")
    if host == "another one":
        assert found == Owner(int(pid), "elsewhere")
        assert not isinstance(taken(tmp_path / "a.lock", local=True), Owner | None)
    else:
        assert not isinstance(found, Owner | None)


def test_a_folder_without_locks_opens_all_the_same(qtbot, window, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr("designer.window.place.lock_path", lambda path: path / "none" / "x.lock")
    opened(qtbot, window, folder)
    assert window.files.folder == folder
    seeded(window, 4)
    saved(qtbot, window)
    assert seed_of(folder) == 4


def test_closing_and_changing_over_leave_no_lock(qtbot, window, second, folder: Path) -> None:
    opened(qtbot, window, folder)
    assert lock_path(folder).exists()
    window.files.new_from("empty")
    settled(qtbot, window)
    assert not lock_path(folder).exists()
    opened(qtbot, second, folder)
    assert second.files.folder == folder
    second.close_now()
    assert not lock_path(folder).exists()


@pytest.mark.parametrize("deed", ["open", "save"])
def test_closing_while_a_project_is_opened_or_saved_leaves_no_lock(qtbot, window, folder: Path, deed: str) -> None:
    gate = threading.Event()
    window._writer.submit(gate.wait, lambda _done: None)
    threading.Timer(0.3, gate.set).start()
    if deed == "open":
        window.files.open_folder(folder)
    else:
        window.files._save_chosen(folder.with_name("new.loom"), None)
    window.close_now()

    assert not list(folder.parent.glob(".*.lock"))
    assert window.files.folder is None
    assert seed_of(folder if deed == "open" else folder.with_name("new.loom")) is not None


def test_opening_once_more_in_the_same_window_reads_it_anew(qtbot, window, folder: Path) -> None:
    opened(qtbot, window, folder)
    save_project(folder, small().with_training(small().training.changed(seed=8)), None)
    opened(qtbot, window, folder)
    assert not window.sheet.is_open
    assert window.document.project.training.seed == 8
    seeded(window, 9)
    saved(qtbot, window)
    assert seed_of(folder) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_another_way_to_the_same_folder_is_no_other_folder(qtbot, window, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link.loom").symlink_to(folder)
    opened(qtbot, window, folder)
    seeded(window, 6)
    window.files._save_chosen(tmp_path / "link.loom", None)
    settled(qtbot, window)
    assert not window.sheet.is_open
    assert seed_of(folder) == 6
    opened(qtbot, window, tmp_path / "link.loom")
    assert not window.sheet.is_open


# -- two of them ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_another_process_is_named_and_a_copy_keeps_apart(qtbot, window, folder: Path, neighbour: Neighbour) -> None:
    opened(qtbot, window, folder)
    assert f"process {neighbour.process.pid} on " in said(window)
    answer(window, "cancel")
    assert window.files.folder is None
    assert not window.document.project.graph.nodes

    opened(qtbot, window, folder)
    answer(window, "copy")
    settled(qtbot, window)
    assert window.files.folder is None
    assert window.files.name == "Untitled"
    assert len(window.document.project.graph.nodes) == 3
    assert "copy of net" in window.messages.text

    neighbour.process.send_signal(signal.SIGKILL)
    neighbour.process.wait(20)
    assert lock_path(folder).exists()  # left behind, and no obstacle
    opened(qtbot, window, folder)
    assert window.files.folder == folder


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_what_another_process_saved_is_not_overwritten_unasked(
    qtbot, window, folder: Path, neighbour: Neighbour, tmp_path: Path
) -> None:
    opened(qtbot, window, folder)
    answer(window, "open")
    settled(qtbot, window)
    assert window.files.folder == folder
    seeded(window, 5)
    neighbour.tell("save")
    assert neighbour.heard() == "saved"

    saved(qtbot, window)
    assert "changed on disk" in said(window)
    assert seed_of(folder) == 1000
    answer(window, "cancel")
    assert window.isWindowModified()
    saved(qtbot, window)
    answer(window, "overwrite")
    settled(qtbot, window)
    assert (seed_of(folder), seed_of(folder, 1)) == (5, 1000)
    assert not window.isWindowModified()
    seeded(window, 6)
    saved(qtbot, window)  # known now, so nothing is asked
    assert seed_of(folder) == 6


def test_two_windows_of_one_process(qtbot, window, second, folder: Path, tmp_path: Path) -> None:
    opened(qtbot, window, folder)
    opened(qtbot, second, folder)
    assert "Another window of this Layerloom" in said(second)
    answer(second, "copy")
    settled(qtbot, second)
    seeded(second, 3)
    second.files._save_to(folder, None)
    settled(qtbot, second)
    assert "open already" in said(second)
    answer(second, "overwrite")
    settled(qtbot, second)
    assert seed_of(folder) == 3
    seeded(window, 4)
    saved(qtbot, window)
    answer(window, "elsewhere")
    dialog = window.findChild(QFileDialog, "save-dialog")
    dialog.fileSelected.emit(str(tmp_path / "mine"))
    dialog.close()
    settled(qtbot, window)
    assert (seed_of(folder), seed_of(tmp_path / "mine.loom")) == (3, 4)
    assert window.files.name == "mine"


def test_the_command_line_is_another_program_too(qtbot, window, folder: Path) -> None:
    opened(qtbot, window, folder)
    save_project(folder, small().with_training(small().training.changed(seed=40)), None)
    seeded(window, 41)
    saved(qtbot, window)
    answer(window, "overwrite")
    settled(qtbot, window)
    assert (seed_of(folder), seed_of(folder, 1)) == (41, 40)


# -- folders that are not what they were ------------------------------------------------------------------


@pytest.mark.parametrize("how", ["moved", "deleted"])
def test_a_folder_that_is_gone_is_told_and_another_place_offered(
    qtbot, window, folder: Path, tmp_path: Path, how: str
) -> None:
    opened(qtbot, window, folder)
    seeded(window, 5)
    folder.rename(tmp_path / "moved.loom")
    if how == "deleted":
        for path in (tmp_path / "moved.loom").iterdir():
            path.unlink()
        (tmp_path / "moved.loom").rmdir()
    saved(qtbot, window)
    assert "is gone: it was moved, deleted or unplugged" in window.messages.text
    assert window.isWindowModified()
    assert not folder.exists()
    window.messages.findChild(QPushButton, "message-action").click()
    dialog = window.findChild(QFileDialog, "save-dialog")
    dialog.fileSelected.emit(str(folder))  # the old name, on purpose
    dialog.close()
    settled(qtbot, window)
    assert seed_of(folder) == 5
    assert not window.isWindowModified()


def test_a_folder_whose_parent_is_gone_is_told(qtbot, window, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    save_project(tmp_path / "drive" / "net.loom", small(), None)
    opened(qtbot, window, tmp_path / "drive" / "net.loom")
    seeded(window, 5)
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    saved(qtbot, window)
    assert "is gone" in window.messages.text
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    saved(qtbot, window)
    assert seed_of(tmp_path / "drive" / "net.loom") == 5


@pytest.mark.parametrize(
    ("code", "word"), [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "may not be written"), (errno.EIO, "Save it")]
)
def test_a_disk_that_refuses_costs_nothing(qtbot, window, folder: Path, monkeypatch, code: int, word: str) -> None:
    opened(qtbot, window, folder)
    before = (folder / "project.json").read_bytes()
    seeded(window, 5)
    window.autosave.flush()
    settled(qtbot, window)
    real = Disk.create

    def refuse(self: Disk, path: Path) -> int:
        if path.parent == folder:
            raise OSError(code, os.strerror(code))
        return real(self, path)

    monkeypatch.setattr(Disk, "create", refuse)
    done: list[str] = []
    window.files.save(lambda: done.append("went on"))
    settled(qtbot, window)
    assert window.messages.severity == "error"
    assert word in window.messages.text
    assert window.isWindowModified()
    assert (folder / "project.json").read_bytes() == before
    assert window.autosave._session.folder.is_dir()
    assert done == []
    assert window.messages.findChild(QPushButton, "message-action").text() == "Save as …"
    monkeypatch.setattr(Disk, "create", real)
    saved(qtbot, window)
    assert seed_of(folder) == 5


# -- earlier versions -------------------------------------------------------------------------------------


def test_an_earlier_version_opens_unsaved_and_changes_nothing_yet(qtbot, window, folder: Path) -> None:
    opened(qtbot, window, folder)
    window.files.versions()
    settled(qtbot, window)
    assert "no earlier versions" in window.messages.text
    for seed in (11, 12, 13):
        seeded(window, seed)
        saved(qtbot, window)
    window.commands["versions"].trigger()
    settled(qtbot, window)
    assert "Earlier versions of net" in said(window)
    answer(window, "2")
    settled(qtbot, window)
    assert window.document.project.training.seed == 11
    assert window.files.folder == folder
    assert window.isWindowModified()
    assert "as it was until" in window.messages.text
    assert seed_of(folder) == 13
    saved(qtbot, window)
    assert not window.sheet.is_open
    assert (seed_of(folder), seed_of(folder, 1)) == (11, 13)


def test_a_damaged_project_leads_to_its_earlier_versions(qtbot, window, folder: Path) -> None:
    save_project(folder, small().with_training(small().training.changed(seed=21)), None)
    (folder / "project.json").write_text("{", encoding="utf-8")
    opened(qtbot, window, folder)
    assert "was not opened" in window.messages.text
    window.messages.findChild(QPushButton, "message-action").click()
    answer(window, "1")
    settled(qtbot, window)
    assert len(window.document.project.graph.nodes) == 3
    assert window.isWindowModified()
    saved(qtbot, window)
    assert len(load_project(folder).project.graph.nodes) == 3
