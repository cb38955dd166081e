"""What callbacks of a project may write beside it, and what they must leave alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError
from engine.exchange.run_files import beside
from engine.exchange.written_files import RECORD
from engine.io import save_project
from engine.project import Project
from engine.train.events import EpochEnd, Told
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.train.networks import chain, halted, parts, project, run


def made(*callbacks: dict[str, Any], units: int = 3, epochs: int = 2) -> Project:
    """A small classifier with callbacks."""
    layers = [("Input", {"shape": (6,)}), ("Dense", {"units": units}), ("Dense", {"units": 3})]
    return project(chain(*layers), callbacks=callbacks, epochs=epochs, batch_size=32)


def told(plan: Project, folder: Path, state: RunState | None = None) -> list[str]:
    """What a training to its end warned of."""
    events = run(Trainer(plan, parts(), state, files=beside(folder, plan)))
    return [event.text for event in events if isinstance(event, Told) and event.warning]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of a saved project."""
    save_project(tmp_path / "a.loom", made(), None)
    return tmp_path / "a.loom"


WEIGHTS = {"save_weights_only": True}


@pytest.mark.parametrize(
    "callback",
    [
        {"type": "ModelCheckpoint", "filepath": "b.loom"},
        {"type": "ModelCheckpoint", "filepath": "photos.loom"},
        {"type": "ModelCheckpoint", "filepath": "linked.loom"},
        {"type": "ModelCheckpoint", "filepath": "thesis.h5"},
        {"type": "ModelCheckpoint", "filepath": "thesis.h5"} | WEIGHTS,
        {"type": "ModelCheckpoint", "filepath": "thesis.keras"},
        {"type": "ModelCheckpoint", "filepath": "nowhere.h5"} | WEIGHTS,
        {"type": "CSVLogger", "filename": "notes.txt"},
        {"type": "CSVLogger", "filename": "notes.txt", "append": True},
        {"type": "CSVLogger", "filename": "table.csv"},
    ],
)
def test_what_others_left_beside_the_project_stands(tmp_path: Path, own: Path, callback: dict[str, Any]) -> None:
    save_project(tmp_path / "b.loom", made(units=5), None)
    (tmp_path / "photos.loom").mkdir()
    (tmp_path / "photos.loom" / "cat.jpg").write_bytes(b"a cat")
    (tmp_path / "linked.loom").symlink_to(tmp_path / "b.loom")
    (tmp_path / "nowhere.h5").symlink_to(tmp_path / "missing.h5")
    for name in ("thesis.h5", "thesis.keras", "notes.txt"):
        (tmp_path / name).write_text("years of work")
    (tmp_path / "table.csv").write_text("epoch,loss,val_loss\n0,0.5,0.6\n")
    before = contents(tmp_path)
    said = told(made(callback), own)

    assert len(said) == 1
    assert "replace only files of their own. Move it away" in said[0]
    assert contents(tmp_path) == before
    assert (tmp_path / "nowhere.h5").is_symlink()


def test_a_name_without_an_ending_fills_no_folder_that_is_there(tmp_path: Path, own: Path) -> None:
    (tmp_path / "photos").mkdir()
    state = halted(Trainer(made(), parts()), lambda event: isinstance(event, EpochEnd))

    with pytest.raises(FileError, match="something stands there already"):
        beside(own, made()).save("photos", state, weights_only=False)
    assert not list((tmp_path / "photos").iterdir())


MINE = (
    {"type": "ModelCheckpoint", "filepath": "last.loom"},
    {"type": "ModelCheckpoint", "filepath": "last.keras"},
    {"type": "ModelCheckpoint", "filepath": "net-{epoch}.weights.h5"} | WEIGHTS,
    {"type": "CSVLogger", "filename": "log.csv"},
)


def test_who_trains_again_writes_over_the_files_of_the_time_before(tmp_path: Path, own: Path) -> None:
    assert told(made(*MINE), own) == []
    first = contents(tmp_path)
    assert told(made(*MINE, units=7), own) == [], "also with a network that was changed in between"
    second = contents(tmp_path)

    for name in ("last.loom/project.json", "last.keras", "net-2.weights.h5"):
        assert first[name] != second[name], name
    assert len(second["log.csv"].splitlines()) == 3
    assert set(json.loads(second[f"a.loom/{RECORD}"])) == {
        "last.loom", "last.keras", "net-1.weights.h5", "net-2.weights.h5", "log.csv",
    }  # fmt: skip


def test_a_run_that_goes_on_later_goes_on_with_its_files(tmp_path: Path, own: Path) -> None:
    plan = made(*MINE, epochs=3)
    trainer = Trainer(plan, parts(), files=beside(own, plan))
    half = halted(trainer, lambda event: isinstance(event, EpochEnd) and event.epoch == 2)

    assert told(plan, own, half) == []
    assert [line[:2] for line in (tmp_path / "log.csv").read_text().splitlines()[1:]] == ["0,", "1,", "2,"]


@pytest.mark.parametrize("name", ["log.csv", "last.keras", "last.loom/project.json"])
def test_what_was_changed_since_is_not_ours_any_more(tmp_path: Path, own: Path, name: str) -> None:
    told(made(*MINE), own)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    changed = (tmp_path / name).read_bytes()

    said = told(made(*MINE), own)
    assert len(said) == 1 and said[0].startswith(f"'{Path(name).parts[0]}' was not written")
    assert (tmp_path / name).read_bytes() == changed


@pytest.mark.parametrize(
    "record",
    ["{", "[]", '{"thesis.h5": null}', '{"thesis.h5": ""}', '{"thesis.h5": 1}', '{"thesis.h5": "%s"}' % ("0" * 64)],
)
def test_a_record_that_was_made_up_gives_nothing_away(tmp_path: Path, own: Path, record: str) -> None:
    (own / RECORD).write_text(record)
    (tmp_path / "thesis.h5").write_text("years of work")
    said = told(made({"type": "ModelCheckpoint", "filepath": "thesis.h5"}), own)

    assert "replace only files of their own" in said[0]
    assert (tmp_path / "thesis.h5").read_text() == "years of work"


@pytest.mark.parametrize("name", ["notes.txt", "run.py", "logs/train/run.sh", "events.out.tfevents.1/run.sh"])
def test_only_event_files_are_written_on(tmp_path: Path, own: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"must begin with events\.out\.tfevents\."):
        beside(own, made()).append(name, b"x")
    assert not (tmp_path / name).exists()


def test_the_event_files_of_a_run_are_written(tmp_path: Path, own: Path) -> None:
    assert told(made({"type": "TensorBoard"}), own) == []
    kept = [path for path in (tmp_path / "logs").rglob("*") if path.is_file()]

    assert {path.parent.name for path in kept} == {"train", "validation"}
    assert all(path.name.startswith("events.out.tfevents.") for path in kept)
