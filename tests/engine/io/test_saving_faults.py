"""Saving while the disk fails at each single call, and losing power at each."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError
from engine.io import load_project, save_project
from engine.io.disk import BLOCK, STALE, Disk
from engine.project import Project
from engine.train.state import RunState
from tests.engine.io.samples import assert_same_state, full_project, small_graph, state_of

CALLS = ("create", "write", "sync", "close", "replace", "make_folder", "sync_folder")


class FailingDisk(Disk):
    """A real disk whose n-th call raises; counts the calls."""

    def __init__(self, fail_at: int = -1, code: int = errno.ENOSPC) -> None:
        self.calls: list[str] = []
        self.fail_at = fail_at
        self.code = code
        for name in CALLS:
            setattr(self, name, self._watched(name, getattr(super(), name)))

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self.calls.append(name)
            failing = len(self.calls) - 1 == self.fail_at
            if failing and name == "write":
                real(args[0], args[1][: len(args[1]) // 2])  # a full disk takes what still fits
            if failing and name == "close":
                real(*args)
            if failing:
                raise OSError(self.code, os.strerror(self.code))
            return real(*args)

        return call


def pair(number: int) -> tuple[Project, RunState]:
    """A project and a state that belong together, told apart by their seed."""
    graph = small_graph(40)
    return Project(graph).with_training(full_project().training.changed(seed=number)), state_of(graph, number)


def found(folder: Path) -> int:
    """Which pair a folder holds; fails unless project and state belong together."""
    opened = load_project(folder)
    assert opened.problems == ()
    assert opened.state is not None
    number = opened.project.training.seed
    assert_same_state(opened.state, pair(number)[1])
    return number


@pytest.mark.parametrize("saves", [0, 1, 2, 5])
def test_every_call_may_fail_and_nothing_is_lost(tmp_path: Path, saves: int) -> None:
    start = tmp_path / "start.loom"
    for number in range(saves):
        save_project(start, *pair(number))
    probe = FailingDisk()
    copy(start, tmp_path / "probe.loom")
    save_project(tmp_path / "probe.loom", *pair(saves), disk=probe)
    assert {"create", "write", "sync", "replace", "sync_folder"} <= set(probe.calls)
    for place in range(len(probe.calls)):
        folder = tmp_path / f"{place}.loom"
        copy(start, folder)
        committed = place >= len(probe.calls) - 2  # only the wait for the medium failed
        told = (
            "was saved, but the disk did not confirm it" if committed else "full: .* What was saved before is unchanged"
        )
        with pytest.raises(FileError, match=told):
            save_project(folder, *pair(saves), disk=FailingDisk(place))
        if committed:
            assert found(folder) == saves
        elif saves:
            assert found(folder) == saves - 1
        else:
            assert not (folder / "project.json").exists()
        if folder.exists():
            assert not list(folder.glob("*.tmp-*"))
        save_project(folder, *pair(saves))  # the next save mends everything
        assert found(folder) == saves
        assert len(list(folder.glob("*.h5"))) <= 4
        if saves:
            assert load_project(folder, 1).project.training.seed == saves - 1


def copy(source: Path, target: Path) -> None:
    """Copy a project folder, if it exists."""
    if source.exists():
        shutil.copytree(source, target)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EACCES, "may not be written here"),
        (errno.EROFS, "may not be written here"),
        (errno.ENOENT, "is gone: it was moved, deleted or unplugged"),
        (errno.EIO, r"could not be saved \(input/output error\)"),
        (errno.EFBIG, "takes no file of"),
    ],
)
def test_each_fault_has_its_sentence(tmp_path: Path, code: int, told: str) -> None:
    with pytest.raises(FileError, match=told):
        save_project(tmp_path / "p.loom", *pair(1), disk=FailingDisk(2, code))


def test_a_vanished_folder_is_made_again_and_a_vanished_disk_told(tmp_path: Path) -> None:
    folder = tmp_path / "stick" / "p.loom"
    folder.parent.mkdir()
    save_project(folder, *pair(1))
    shutil.rmtree(folder)
    save_project(folder, *pair(2))
    assert found(folder) == 2
    shutil.rmtree(folder.parent)
    with pytest.raises(FileError, match="is gone"):
        save_project(folder, *pair(3))
    assert not folder.parent.exists()


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.loom").write_text("mine")
    with pytest.raises(FileError, match="could not be saved"):
        save_project(tmp_path / "p.loom", *pair(1))
    assert (tmp_path / "p.loom").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    save_project(folder, *pair(1))
    folder.chmod(0o500)
    try:
        with pytest.raises(FileError, match="may not be written here"):
            save_project(folder, *pair(2))
        assert found(folder) == 1
    finally:
        folder.chmod(0o700)


def test_leftovers_of_the_dead_go_after_a_while(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    save_project(folder, *pair(1))
    old, new = folder / "weights-x.h5.tmp-1", folder / "project.json.tmp-2"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, os.stat(old).st_mtime - STALE - 10))
    save_project(folder, *pair(2))
    assert not old.exists()
    assert new.exists()


class RecordingDisk(Disk):
    """Does everything for real and writes down what a loss of power could undo."""

    def __init__(self) -> None:
        self.log: list[tuple[Any, ...]] = []
        self.paths: dict[int, Path] = {}

    def create(self, path: Path) -> int:
        handle = super().create(path)
        self.paths[handle] = path
        self.log.append(("create", path.name))
        return handle

    def write(self, handle: int, data: memoryview) -> int:
        self.log.append(("write", self.paths[handle].name, bytes(data)))
        return super().write(handle, data)

    def sync(self, handle: int) -> None:
        super().sync(handle)
        if handle in self.paths:
            self.log.append(("sync", self.paths[handle].name))

    def close(self, handle: int) -> None:
        self.paths.pop(handle)
        super().close(handle)

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self.log.append(("replace", source.name, target.name))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.log.append(("remove", path.name))

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self.log.append(("sync_folder",))


class Medium:
    """What lies on the medium: contents by file, names by file, and changes of names not yet certain."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.contents = dict(enumerate(files.values()))
        self.pending = dict(self.contents)
        self.names = dict(zip(files, range(len(files)), strict=True))
        self.durable = dict(self.names)
        self.history = [dict(self.names)]

    def apply(self, call: tuple[Any, ...]) -> None:
        """Carry out one recorded call."""
        match call:
            case ("create", name):
                self.names[name] = len(self.pending)
                self.pending[self.names[name]] = b""
                self.contents[self.names[name]] = b""
            case ("write", name, data):
                self.pending[self.names[name]] += data
            case ("sync", name):
                self.contents[self.names[name]] = self.pending[self.names[name]]
            case ("replace", source, target):
                self.names[target] = self.names.pop(source)
            case ("remove", name):
                self.names.pop(name)
            case ("sync_folder",):
                self.durable = dict(self.names)
                self.history = []
        self.history.append(dict(self.names))

    def after_power_loss(self) -> list[dict[str, bytes]]:
        """Every folder that could be found: names as of any moment since they were certain, unsynced bytes gone."""
        moments = [self.durable, *self.history]
        return [{name: self.contents[key] for name, key in names.items()} for names in moments]


@pytest.mark.parametrize("saves", [1, 2, 5])
def test_power_may_fail_after_every_call(tmp_path: Path, saves: int) -> None:
    folder = tmp_path / "p.loom"
    for number in range(saves):
        save_project(folder, *pair(number))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    disk = RecordingDisk()
    save_project(folder, *pair(saves), disk=disk)
    assert len([call for call in disk.log if call[0] == "sync"]) >= 3
    medium, tried = Medium(before), 0
    outcomes = []
    for call in disk.log:
        medium.apply(call)
        for files in medium.after_power_loss():
            place = tmp_path / f"after-{tried}.loom"
            place.mkdir()
            for name, data in files.items():
                (place / name).write_bytes(data)
            outcomes.append(found(place))
            shutil.rmtree(place)
            tried += 1
    assert set(outcomes) == {saves - 1, saves}
    assert outcomes[-1] == saves


def test_large_files_are_written_in_blocks(tmp_path: Path) -> None:
    disk = FailingDisk()
    graph = small_graph(40_000)
    save_project(tmp_path / "p.loom", Project(graph), state_of(graph), disk=disk)
    weights = next((tmp_path / "p.loom").glob("*.h5"))
    assert weights.stat().st_size > 2 * BLOCK
    assert disk.calls.count("write") >= weights.stat().st_size // BLOCK
