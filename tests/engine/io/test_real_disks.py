"""Saving and opening where the place itself is at fault: full, read-only, moved, replaced, too deep, mixed up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.io import load_project, save_project
from engine.project import Project
from tests.engine.io.disks import found, pair
from tests.engine.io.samples import assert_same_state, small_graph, state_of


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 4 MB."""
    place = tmp_path / "stick"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not mounted(place, "size=4m"):
        pytest.skip("needs the right to mount")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def mounted(place: Path, options: str) -> bool:
    """Whether a disk in memory can be mounted (again, with other options)."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_full_disk_costs_nothing_and_takes_the_next_save(small_disk: Path) -> None:
    folder = small_disk / "p.loom"
    save_project(folder, *pair(1))
    large = state_of(small_graph(20_000), 7)  # 3.4 MB with two slots: fits once
    save_project(folder, Project(large.graph), large)
    again = state_of(large.graph, 8)
    for _ in range(3):
        with pytest.raises(FileError, match=r"The disk is full: 'p\.loom' needs about 3\.\d+ MB"):
            save_project(folder, Project(large.graph), again)
        assert not list(folder.glob("*.tmp-*"))
        state = load_project(folder).state
        assert state is not None
        assert_same_state(state, large)
    assert found(folder, 1) == 1
    save_project(folder, *pair(2))  # a smaller one still fits
    assert found(folder) == 2


def test_a_disk_that_somebody_else_fills_byte_by_byte(small_disk: Path) -> None:
    """Each save meets another amount of free space, so it fails at another call."""
    folder, filler = small_disk / "p.loom", small_disk / "filler"
    save_project(folder, *pair(0))
    save_project(folder, *pair(1))
    outcomes = []
    for pages in range(14):
        spare = b"x" * (pages * 4096)
        reserve = small_disk / "reserve"
        reserve.write_bytes(spare)
        with filler.open("wb") as file:
            try:
                while True:
                    os.write(file.fileno(), b"x" * 4096)
            except OSError:
                pass
        reserve.unlink()
        try:
            save_project(folder, *pair(2))
            outcomes.append(2)
        except FileError as error:
            assert "The disk is full" in str(error)
            outcomes.append(1)
        assert found(folder) == outcomes[-1]
        assert not list(folder.glob("*.tmp-*"))
        filler.unlink()
        save_project(folder, *pair(0))
        save_project(folder, *pair(1))
    assert set(outcomes) == {1, 2}


def test_a_disk_that_became_read_only(small_disk: Path) -> None:
    folder = small_disk / "p.loom"
    save_project(folder, *pair(1))
    assert mounted(small_disk, "remount,ro")
    with pytest.raises(FileError, match="may not be written here"):
        save_project(folder, *pair(2))
    assert found(folder) == 1
    assert mounted(small_disk, "remount,rw")
    save_project(folder, *pair(2))
    assert found(folder) == 2


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


@pytest.mark.parametrize("change", ["moved", "deleted", "replaced"])
def test_a_folder_that_changes_while_it_is_open(tmp_path: Path, change: str) -> None:
    folder, aside = tmp_path / "p.loom", tmp_path / "q.loom"
    save_project(folder, *pair(1))
    digest = save_project(folder, *pair(2))
    folder.rename(aside)
    if change == "deleted":
        shutil.rmtree(aside)
    if change == "replaced":
        folder.write_text("mine")
    with pytest.raises(FileError, match="is gone: it was moved, deleted or unplugged"):
        save_project(folder, *pair(3), expected=digest)
    if change == "replaced":
        assert folder.read_text() == "mine"
    else:
        assert not folder.exists()
    if change != "deleted":
        assert found(aside) == 2


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.loom").write_text("mine")
    with pytest.raises(FileError, match=r"'p\.loom' is a file, not a folder\. Save under another name"):
        save_project(tmp_path / "p.loom", *pair(1))
    assert (tmp_path / "p.loom").read_text() == "mine"


@pytest.mark.parametrize("name", ["x" * 300 + ".loom", "/".join(["y" * 200] * 30) + ".loom"], ids=["name", "path"])
def test_a_path_that_is_too_long_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"is too long for the disk\. Save under a shorter name"):
        save_project(tmp_path / name, *pair(1))
    with pytest.raises(FileError, match="is too long for the disk"):
        save_project(tmp_path / name, *pair(1), expected="0" * 64)
    with pytest.raises(FileError, match="cannot be opened: file name too long"):
        load_project(tmp_path / name)


def truncated(weights: Path, other: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-100])


def emptied(weights: Path, other: Path) -> None:
    weights.write_bytes(b"")


def removed(weights: Path, other: Path) -> None:
    weights.unlink()


def swapped(weights: Path, other: Path) -> None:
    weights.write_bytes(other.read_bytes())


def made_a_folder(weights: Path, other: Path) -> None:
    weights.unlink()
    weights.mkdir()


@pytest.mark.parametrize("harm", [truncated, emptied, removed, swapped, made_a_folder])
def test_weights_that_are_not_those_that_were_saved(tmp_path: Path, harm: Callable[[Path, Path], None]) -> None:
    folder, other = tmp_path / "p.loom", tmp_path / "q.loom"
    save_project(folder, *pair(1))
    before = set(folder.glob("*.h5"))
    save_project(folder, *pair(2))
    save_project(other, *pair(3))
    (weights,) = set(folder.glob("*.h5")) - before
    harm(weights, next(other.glob("*.h5")))
    opened = load_project(folder)
    assert (opened.project, opened.state) == (pair(2)[0], None)
    (problem,) = opened.problems
    assert weights.name in problem.text
    assert "The network opens untrained. Its earlier version project.json.bak-1 has usable weights" in problem.text
    assert found(folder, 1) == 1
    save_project(folder, *pair(4))
    assert found(folder) == 4
    assert found(folder, 2) == 1
