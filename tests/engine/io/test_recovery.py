"""Unsaved work that is kept aside, and what a crash, damage or a full disk may make of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from engine.errors import FileError
from engine.io import DiskChanged, FolderGone, load_project, recovery, save_project
from engine.io.folder import save_again
from engine.io.image import Image
from engine.io.recovery import Note, brought_back, found_in, keep
from engine.io.versions import versions
from engine.io.weights import state_from_bytes, state_to_bytes, state_to_image
from engine.project import Project
from engine.registry import sources
from tests.engine.io.samples import assert_same_state, full_project, small_graph, state_of
from tests.engine.io.test_saving_faults import FailingDisk


def numbered(number: int, units: int = 7) -> Project:
    return Project(small_graph(units)).with_training(full_project().training.changed(seed=number))


def test_work_comes_back_with_its_place_and_its_run(tmp_path: Path) -> None:
    state = state_of(small_graph())
    note = Note(tmp_path / "my “net”.loom", 1234.5, 2, "abc", True)
    keep(tmp_path / "s", note, numbered(1), state)
    kept = found_in(tmp_path / "s")
    assert kept is not None
    assert (kept.note, kept.layers) == (note, 4)
    opened = brought_back(kept)
    assert opened.project == numbered(1)
    assert opened.digest == "abc"
    assert_same_state(opened.state, state)
    assert not (tmp_path / "my “net”.loom").exists()


def test_an_edit_keeps_the_weights_without_writing_them_again(tmp_path: Path) -> None:
    state = state_of(small_graph())
    keep(tmp_path / "s", Note(), numbered(1), state)
    weights = next((tmp_path / "s" / recovery.WORK).glob("weights-*.h5"))
    before = weights.stat().st_mtime_ns, weights.stat().st_ino
    keep(tmp_path / "s", Note(), numbered(2, units=9), None, again=True)
    assert (weights.stat().st_mtime_ns, weights.stat().st_ino) == before
    opened = brought_back(found_in(tmp_path / "s"))
    assert opened.project == numbered(2, units=9)
    assert_same_state(opened.state, state)


def test_only_one_earlier_state_lies_beside(tmp_path: Path) -> None:
    for number in range(6):
        keep(tmp_path / "s", Note(), numbered(number), state_of(small_graph(), number))
    assert len(list((tmp_path / "s" / recovery.WORK).glob("weights-*.h5"))) == 2


def test_damaged_weights_are_replaced_by_those_before(tmp_path: Path) -> None:
    for number in range(2):
        keep(tmp_path / "s", Note(), numbered(number), state_of(small_graph(), number))
    work = tmp_path / "s" / recovery.WORK
    named = load_project(work)
    assert named.state is not None
    newest = max(work.glob("weights-*.h5"), key=lambda path: path.stat().st_mtime_ns)
    newest.write_bytes(newest.read_bytes()[:-100])
    opened = brought_back(found_in(tmp_path / "s"))
    assert opened.project == numbered(1)
    assert_same_state(opened.state, state_of(small_graph(), 0))


def test_a_run_that_was_started_over_stays_so(tmp_path: Path) -> None:
    keep(tmp_path / "s", Note(), numbered(0), state_of(small_graph()))
    keep(tmp_path / "s", Note(), numbered(1), None)
    assert brought_back(found_in(tmp_path / "s")).state is None


def test_a_damaged_project_is_replaced_by_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path / "s", Note(), numbered(0), None)
    keep(tmp_path / "s", Note(), numbered(1), None)
    (tmp_path / "s" / recovery.WORK / "project.json").write_text("{", encoding="utf-8")
    assert brought_back(found_in(tmp_path / "s")).project == numbered(0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "layerloom recovery", "epoch": -7}', "\x00" * 10])
def test_a_damaged_note_is_told(tmp_path: Path, text: str) -> None:
    keep(tmp_path / "s", Note(), numbered(0), None)
    (tmp_path / "s" / recovery.NOTE).write_text(text, encoding="utf-8")
    with pytest.raises(FileError):
        found_in(tmp_path / "s")
    aside = recovery.put_aside(tmp_path / "s")
    assert aside.name.startswith(recovery.DAMAGED)
    assert (aside / recovery.WORK / "project.json").is_file()


def test_nothing_written_is_nothing_to_bring_back(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert found_in(tmp_path / "s") is None
    keep(tmp_path / "s", Note(), numbered(0), None)
    shutil.rmtree(tmp_path / "s" / recovery.WORK)
    assert found_in(tmp_path / "s") is None
    recovery.remove(tmp_path / "s")
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("reads", [0, 1, 2])
def test_work_that_is_removed_while_it_is_looked_at_is_not_damaged(tmp_path: Path, monkeypatch, reads: int) -> None:
    folder, read, seen = tmp_path / "s", recovery.read_regular, []
    for number in range(3):
        keep(folder, Note(), numbered(number), None)

    def read_late(path: Path, limit: int) -> bytes:
        if len(seen) == reads:
            recovery.remove(folder)  # as the window does that saved it
        seen.append(path)
        return read(path, limit)

    monkeypatch.setattr(recovery, "read_regular", read_late)
    assert (found_in(folder) is None) == (reads < 2)
    assert len(seen) >= 1


def test_a_full_disk_costs_nothing_that_was_kept(tmp_path: Path) -> None:
    keep(tmp_path / "s", Note(epoch=1), numbered(0), state_of(small_graph()))
    probe = FailingDisk()
    shutil.copytree(tmp_path / "s", tmp_path / "probe")
    keep(tmp_path / "probe", Note(epoch=2), numbered(1), state_of(small_graph(), 1), probe)
    refused = 0
    for place in range(len(probe.calls)):
        folder = tmp_path / f"full-{place}"
        shutil.copytree(tmp_path / "s", folder)
        try:
            keep(folder, Note(epoch=2), numbered(1), state_of(small_graph(), 1), FailingDisk(place))
        except FileError:
            refused += 1
        opened = brought_back(found_in(folder))
        assert opened.project in (numbered(0), numbered(1))
        assert opened.state is not None
    assert refused >= 10  # the rest only tidies up


def test_paths_of_data_mean_what_they_meant(tmp_path: Path) -> None:
    inside, outside = tmp_path / "p.loom" / "a.npz", tmp_path / "b.npz"
    for path in (inside, outside):
        source = sources.get("NpzFile")(path=str(path))
        keep(tmp_path / "s", Note(tmp_path / "p.loom"), replace(numbered(0), source=source), None)
        assert brought_back(found_in(tmp_path / "s")).project.source == source
        keep(tmp_path / "s", Note(tmp_path / "p.loom", confirmed=False), replace(numbered(0), source=source), None)
        again = brought_back(found_in(tmp_path / "s")).project.source
        assert again.unconfirmed == (() if path is inside else (str(outside),))


# -- what saving expects to find ----------------------------------------------------------------------


def test_a_project_changed_on_disk_is_not_overwritten_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    first = save_project(folder, numbered(0), None)
    assert load_project(folder).digest == first
    second = save_project(folder, numbered(1), None, expected=first)
    assert second != first
    save_project(folder, numbered(2), None)  # somebody else
    with pytest.raises(DiskChanged, match="changed by another program"):
        save_project(folder, numbered(3), None, expected=second)
    assert load_project(folder).project == numbered(2)
    assert save_project(folder, numbered(3), None) == load_project(folder).digest


def test_a_folder_that_is_gone_is_not_made_anew_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    digest = save_project(folder, numbered(0), None)
    folder.rename(tmp_path / "elsewhere.loom")
    with pytest.raises(FolderGone, match="moved, deleted or unplugged"):
        save_project(folder, numbered(1), None, expected=digest)
    assert not folder.exists()


def test_saving_again_keeps_weights(tmp_path: Path) -> None:
    state = state_of(small_graph())
    save_project(tmp_path / "p.loom", numbered(0), state)
    save_again(tmp_path / "p.loom", numbered(1))
    assert_same_state(load_project(tmp_path / "p.loom").state, state)


def test_earlier_versions_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    save_project(folder, numbered(0), None)
    assert versions(folder) == ()
    save_project(folder, numbered(1), state_of(small_graph()))
    save_project(folder, numbered(2), None)
    assert [(v.number, v.layers, v.trained) for v in versions(folder)] == [(1, 4, True), (2, 4, False)]
    (folder / "project.json.bak-1").write_bytes(b"rubbish")
    assert [v.number for v in versions(folder)] == [2]


# -- how weights are laid out in memory ----------------------------------------------------------------


def test_an_image_grows_and_holds_what_hdf5_writes(tmp_path: Path) -> None:
    image = Image(0)
    values = np.random.default_rng(0).standard_normal((3, 200_000))
    with h5py.File(image, "w") as file:
        for number, row in enumerate(values):
            file[f"rows/{number}"] = row
    (tmp_path / "x.h5").write_bytes(image.view())
    with h5py.File(tmp_path / "x.h5", "r") as file:
        for number, row in enumerate(values):
            np.testing.assert_array_equal(file[f"rows/{number}"][()], row)


def test_an_image_is_a_file(tmp_path: Path) -> None:
    image = Image(0)
    with (tmp_path / "real").open("w+b") as real:
        for file in (image, real):
            assert file.write(memoryview(b"abcdef")) == 6
            assert file.seek(-2, 2) == 4
            assert file.write(memoryview(b"XYZ")) == 3
            assert file.seek(1) == 1
            assert file.read(3) == b"bcd"
            target = bytearray(9)
            assert file.readinto(memoryview(target)) == 3
            assert bytes(target) == b"XYZ\0\0\0\0\0\0"
            assert file.truncate(3) == 3
            assert file.truncate(5) == 5
            assert file.seek(0) == 0
            assert file.read() == b"abc\0\0"
            assert file.tell() == 5


def test_the_same_state_gives_the_same_bytes() -> None:
    state = state_of(small_graph(300), step=40_000)
    assert bytes(state_to_image(state)) == state_to_bytes(state)
    assert_same_state(state_from_bytes(state_to_bytes(state)), state)
