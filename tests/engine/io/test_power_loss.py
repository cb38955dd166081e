"""Saving while the power fails: what was never synced is gone, torn or there, and names change in any order."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from engine.io import save_project
from engine.io.disk import Disk
from tests.engine.io.disks import found, pair


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
    """What lies on the medium: synced and written contents by file, certain names, and changes of names since.

    A file is a number, so that a name that was moved still means the same bytes.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.synced = dict(enumerate(files.values()))
        self.written = dict(self.synced)
        self.names = dict(zip(files, range(len(files)), strict=True))
        self.certain = dict(self.names)
        self.changes: list[tuple[str, str, int]] = []

    def apply(self, call: tuple[Any, ...]) -> None:
        """Carry out one recorded call."""
        match call:
            case ("create", name):
                number = self.names[name] = len(self.written)
                self.written[number] = self.synced[number] = b""
                self.changes.append(("", name, number))
            case ("write", name, data):
                self.written[self.names[name]] += data
            case ("sync", name):
                self.synced[self.names[name]] = self.written[self.names[name]]
            case ("replace", source, target):
                self.names[target] = self.names.pop(source)
                self.changes.append((source, target, self.names[target]))
            case ("remove", name):
                self.changes.append((name, "", self.names.pop(name)))
            case ("sync_folder",):
                self.certain = dict(self.names)
                self.changes = []

    def after_power_loss(self) -> list[dict[str, bytes]]:
        """Every folder that could be found: any of the uncertain changes of names, and any share of unsynced bytes."""
        outcomes: dict[tuple[tuple[str, bytes], ...], dict[str, bytes]] = {}
        for happened in product((False, True), repeat=len(self.changes)):
            names = dict(self.certain)
            for (source, target, number), did in zip(self.changes, happened, strict=True):
                if did:
                    if names.get(source) == number:
                        del names[source]
                    if target:
                        names[target] = number
            for share in (0.0, 0.5, 1.0):
                files = {name: self._bytes(number, share) for name, number in names.items()}
                outcomes[tuple(sorted(files.items()))] = files
        return list(outcomes.values())

    def _bytes(self, number: int, share: float) -> bytes:
        synced, written = self.synced[number], self.written[number]
        return written[: len(synced) + int(share * (len(written) - len(synced)))]


@pytest.mark.parametrize("saves", [1, 2, 5])
def test_power_may_fail_after_every_call(tmp_path: Path, saves: int) -> None:
    folder = tmp_path / "p.loom"
    for number in range(saves):
        save_project(folder, *pair(number))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    disk = RecordingDisk()
    save_project(folder, *pair(saves), disk=disk)
    assert len([call for call in disk.log if call[0] == "sync"]) >= 3
    medium = Medium(before)
    seen: dict[tuple[tuple[str, bytes], ...], int] = {}
    outcomes: list[int] = []
    for call in disk.log:
        medium.apply(call)
        for files in medium.after_power_loss():
            # Temporary files are never looked at.
            key = tuple(sorted((name, data) for name, data in files.items() if ".tmp-" not in name))
            if key not in seen:
                seen[key] = opened(tmp_path / f"after-{len(seen)}.loom", files)
            outcomes.append(seen[key])
    print(f"{len(disk.log)} calls, {len(outcomes)} states of the medium, {len(seen)} different")
    assert set(outcomes) == {saves - 1, saves}
    assert outcomes[-1] == saves


def opened(place: Path, files: dict[str, bytes]) -> int:
    """Which save a folder of these files holds; its backups must be whole too."""
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)
    number = found(place)
    for backup in (1, 2, 3):
        if f"project.json.bak-{backup}" in files:
            assert found(place, backup) <= number
    shutil.rmtree(place)
    return number


def test_the_first_save_into_a_new_folder(tmp_path: Path) -> None:
    """Before it is done there is no project, and never half of one."""
    folder = tmp_path / "p.loom"
    folder.mkdir()
    disk = RecordingDisk()
    save_project(folder, *pair(3), disk=disk)
    medium, outcomes = Medium({}), []
    for call in disk.log:
        medium.apply(call)
        for files in medium.after_power_loss():
            outcomes.append("project.json" in files)
            if outcomes[-1]:
                assert opened(tmp_path / f"after-{len(outcomes)}.loom", files) == 3
    assert set(outcomes) == {False, True}
