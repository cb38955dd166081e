"""Saving while the disk fails at each single call."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.io import save_project
from engine.io.disk import BLOCK, STALE, Disk, remove_leftovers
from engine.project import Project
from tests.engine.io.disks import CALLS, FailingDisk, found, pair
from tests.engine.io.samples import small_graph, state_of

#: Saves before the one that meets the fault: a new project, and ones with fewer backups than there are and all.
BEFORE = (0, 1, 5)
CODES = {errno.ENOSPC: "The disk is full", errno.EIO: r"could not be saved \(input/output error\)"}


def prepared(place: Path, saves: int) -> Path:
    """A project folder that was saved some times and holds what a killed saver left; none for 0."""
    folder = place / "start.loom"
    for number in range(saves):
        save_project(folder, *pair(number))
    if saves:
        (folder / f"weights-{'0' * 32}.h5.tmp-1").write_bytes(b"half")
    return folder


def copied(source: Path, target: Path) -> Path:
    """A copy of a project folder, if there is one."""
    if source.exists():
        shutil.copytree(source, target)
    return target


@pytest.mark.parametrize("saves", BEFORE)
@pytest.mark.parametrize(
    ("code", "for_good"),
    [(errno.ENOSPC, False), (errno.ENOSPC, True), (errno.EIO, False)],
    ids=["full", "full for good", "broken once"],
)
def test_every_call_may_fail_and_nothing_is_lost(tmp_path: Path, saves: int, code: int, for_good: bool) -> None:
    """Each kind of call fails at its first, second ... time, until the save no longer comes that far."""
    start = prepared(tmp_path, saves)
    tried = 0
    for kind in CALLS:
        place = 0
        while True:
            folder = copied(start, tmp_path / f"{kind}-{place}.loom")
            disk = FailingDisk(place, code, kind, for_good=for_good)
            told = saved(folder, saves, disk)
            if not disk.failed:
                break
            assert_saved(folder, saves, told, CODES[code], kind)
            tried, place = tried + 1, place + 1
    counted = FailingDisk()
    save_project(copied(start, tmp_path / "counted.loom"), *pair(saves), disk=counted)
    assert tried == len(counted.calls) > 12
    assert {kind for kind in CALLS if kind in counted.calls} >= {"create", "write", "sync", "replace", "sync_folder"}
    assert ("make_folder" in counted.calls) == (saves == 0)
    assert counted.calls.count("remove") == (0, 1, 2)[BEFORE.index(saves)]


def saved(folder: Path, number: int, disk: Disk) -> str:
    """What a save says; empty when it succeeds."""
    try:
        save_project(folder, *pair(number), disk=disk)
    except FileError as error:
        return str(error)
    return ""


def assert_saved(folder: Path, saves: int, told: str, sentence: str, kind: str) -> None:
    """After a fault the old project stands whole, or the new one and nobody claims otherwise."""
    if (folder / "project.json").exists() and found(folder) == saves:
        # Only what comes after the moment that counts has failed: the wait for the medium, or the tidying up.
        assert (kind, told) == ("remove", "") or "was saved, but the disk did not confirm it" in told
    else:
        assert told.endswith("What was saved before is unchanged.")
        assert re.search(sentence, told)
        assert "loom" in told
        assert "\n" not in told
        assert not (folder / "project.json").exists() if not saves else found(folder) == saves - 1
    if folder.exists() and kind != "remove":
        assert {path.name for path in folder.glob("*.tmp-*")} <= {f"weights-{'0' * 32}.h5.tmp-1"}
    save_project(folder, *pair(saves))  # the next save mends everything
    assert found(folder) == saves
    assert len(list(folder.glob("*.h5"))) <= 4
    assert not list(folder.glob("*.tmp-*"))
    for backup in range(1, min(saves, 2) + 1):
        assert found(folder, backup) == saves - backup


def test_saves_that_fail_again_and_again_push_no_backup_out(tmp_path: Path) -> None:
    folder = prepared(tmp_path, 5)
    counted = FailingDisk()
    save_project(copied(folder, tmp_path / "counted.loom"), *pair(5), disk=counted)
    for place in [*range(len(counted.calls) - 2), *range(len(counted.calls) - 2)]:
        with contextlib.suppress(FileError):
            save_project(folder, *pair(5), disk=FailingDisk(place))
        if found(folder) == 5:
            break
        kept = {
            backup: found(folder, backup) for backup in (1, 2, 3) if (folder / f"project.json.bak-{backup}").exists()
        }
        assert set(kept.values()) >= {3, 2}, (place, kept)
    save_project(folder, *pair(5))
    assert [found(folder, backup) for backup in range(4)] == [5, 4, 3, 2]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EACCES, "may not be written here"),
        (errno.EROFS, "may not be written here"),
        (errno.ENOENT, "is gone: it was moved, deleted or unplugged"),
        (errno.EEXIST, "is a file, not a folder"),
        (errno.ENAMETOOLONG, "is too long for the disk"),
        (errno.EIO, r"could not be saved \(input/output error\)"),
        (errno.EFBIG, "takes no file of"),
    ],
)
def test_each_fault_has_its_sentence(tmp_path: Path, code: int, told: str) -> None:
    with pytest.raises(FileError, match=told):
        save_project(tmp_path / "p.loom", *pair(1), disk=FailingDisk(2, code))


def test_leftovers_of_the_dead_go_at_once_where_nobody_else_can_write(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    save_project(folder, *pair(1))
    left = [folder / f"weights-{'a' * 32}.h5.tmp-1", folder / "project.json.tmp-2", folder / "project.json.bak-1.tmp-3"]
    mine = [folder / "notes.tmp-1", folder / "weights-mine.h5.tmp-1", folder / "project.json.tmp-x"]
    for path in (*left, *mine):
        path.write_bytes(b"half")
    save_project(folder, *pair(2))
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in mine)


def test_leftovers_go_after_a_while_where_others_may_be_writing(tmp_path: Path) -> None:
    old, new = tmp_path / "project.json.tmp-1", tmp_path / "project.json.tmp-2"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, os.stat(old).st_mtime - STALE - 10))
    remove_leftovers(Disk(), tmp_path, locked=False)
    assert not old.exists()
    assert new.exists()


def test_large_files_are_written_in_blocks(tmp_path: Path) -> None:
    disk = FailingDisk()
    graph = small_graph(40_000)
    save_project(tmp_path / "p.loom", Project(graph), state_of(graph), disk=disk)
    weights = next((tmp_path / "p.loom").glob("*.h5"))
    assert weights.stat().st_size > 2 * BLOCK
    assert disk.calls.count("write") >= weights.stat().st_size // BLOCK
