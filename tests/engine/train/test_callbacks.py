"""Callbacks of projects: what they do to a run, what they write, and that a run goes on exactly with them."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.check import beside as callback_problems
from engine.errors import UsageError
from engine.exchange.importing.importer import import_model
from engine.exchange.run_files import RunFiles, beside
from engine.io import load_project
from engine.io.project_json import project_from_json, project_to_json
from engine.io.weights import state_from_bytes, state_to_bytes
from engine.project import Project
from engine.train.events import BatchEnd, EpochEnd, Event, Failed, Finished, Told
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, chain, halted, parts, project, run


def made(*callbacks: dict[str, Any], epochs: int = 6, rate: Any = 0.01, **more: Any) -> Project:
    """A small classifier with callbacks."""
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 3, "activation": "softmax"}))
    optimizer = {"type": "Adam", "learning_rate": rate}
    return project(graph, callbacks=callbacks, epochs=epochs, batch_size=32, optimizer=optimizer, **more)


def ended(events: list[Event]) -> RunState:
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].state


def told(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Told)]


def test_early_stopping_ends_the_run_and_brings_the_best_weights_back() -> None:
    # An accuracy that must rise by 2 never does: the first epoch stays the best.
    stop = {"type": "EarlyStopping", "monitor": "val_accuracy", "min_delta": 2.0, "patience": 2}
    events = run(Trainer(made(stop | {"restore_best_weights": True}, epochs=50), parts()))
    state = ended(events)

    assert state.epoch == 3
    assert "Epoch 3: early stopping" in told(events)[0]
    best = ended(run(Trainer(made(epochs=1), parts())))
    assert np.array_equal(state.weights["dense"]["kernel"], best.weights["dense"]["kernel"])
    last = ended(run(Trainer(made(stop, epochs=50), parts())))
    assert not np.array_equal(last.weights["dense"]["kernel"], best.weights["dense"]["kernel"])


def test_who_trains_on_after_an_early_stop_begins_to_count_anew() -> None:
    plan = made({"type": "EarlyStopping", "min_delta": 100.0, "patience": 2}, epochs=50)
    first = ended(run(Trainer(plan, parts())))
    second = ended(run(Trainer(plan, parts(), first)))

    assert (first.epoch, second.epoch) == (3, 6)


def test_a_plateau_shortens_the_steps_and_the_rate_is_part_of_the_curves() -> None:
    fall = {"type": "ReduceLROnPlateau", "min_delta": 100.0, "patience": 2, "factor": 0.5, "min_lr": 0.004}
    state = ended(run(Trainer(made(fall), parts())))

    assert state.history.series("learning_rate") == [0.01, 0.01, 0.01, 0.005, 0.005, 0.004]
    assert state.rate == 0.004
    changed = made(fall, rate=0.02, epochs=7)
    again = ended(run(Trainer(changed, parts(), state)))
    assert again.history.series("learning_rate")[-1] == 0.02, "a learning rate that the user chose counts"


def test_a_schedule_by_epochs_sets_the_rate_of_the_updates() -> None:
    schedule = {"type": "EpochDecay", "initial_learning_rate": 0.02, "decay_rate": 0.5}
    by_callback = ended(run(Trainer(made({"type": "LearningRateScheduler", "schedule": schedule}), parts())))
    by_optimizer = ended(run(Trainer(made(rate=schedule), parts())))

    assert by_callback.history.series("learning_rate") == [0.02 * 0.5**n for n in range(6)]
    assert np.array_equal(by_callback.weights["dense"]["kernel"], by_optimizer.weights["dense"]["kernel"])


def test_a_rate_that_follows_a_schedule_cannot_be_set() -> None:
    plan = made({"type": "ReduceLROnPlateau"}, rate={"type": "EpochDecay", "initial_learning_rate": 0.1})

    assert "Adam follows a schedule" in callback_problems(plan.training)[0].text
    with pytest.raises(UsageError, match="follows a schedule"):
        Trainer(plan, parts())


def test_a_loss_that_is_no_number_ends_the_run_quietly_when_asked() -> None:
    data = parts()
    data.inputs["x"][40:] = np.nan
    loud, quiet = run(Trainer(made(), data)), run(Trainer(made({"type": "TerminateOnNaN"}), data))
    strict = run(Trainer(made({"type": "TerminateOnNaN", "raise_error": True}), data))

    assert isinstance(loud[-1], Failed) and isinstance(strict[-1], Failed)
    state = ended(quiet)
    assert "the loss became not a number" in told(quiet)[0]
    assert np.isfinite(state.weights["dense"]["kernel"]).all()


@pytest.mark.parametrize(
    ("callback", "wanted"),
    [
        ({"filepath": "net.{epoch:02d}-{val_loss:.2f}.h5"}, 3),
        ({"filepath": "net.{epoch:02d}.weights.h5", "save_weights_only": True}, 3),
        ({"filepath": "net-{epoch}.keras"}, 3),
        ({"filepath": "net-{epoch}.loom"}, 3),
        ({"filepath": "sub/net-{epoch}-{batch}.h5", "save_freq": 2}, 6),
        ({"filepath": "net-{epoch}.h5", "save_best_only": True, "initial_value_threshold": -1.0}, 0),
    ],
)
def test_checkpoints_are_written_beside_the_project(tmp_path: Path, callback: dict[str, Any], wanted: int) -> None:
    plan = made({"type": "ModelCheckpoint"} | callback, epochs=3)
    events = run(Trainer(plan, parts(), files=beside(tmp_path / "net.loom", plan)))
    kept = [path for path in tmp_path.rglob("*net*") if path.suffix]

    assert len(kept) == wanted, told(events)
    assert not list(tmp_path.rglob("*.tmp-*"))
    if plan.training.callbacks[0].filepath == "net.{epoch:02d}-{val_loss:.2f}.h5":  # type: ignore[attr-defined]
        ends = [event for event in events if isinstance(event, EpochEnd)]
        assert {p.name for p in kept} == {f"net.{e.epoch:02d}-{e.logs['val_loss']:.2f}.h5" for e in ends}


@pytest.mark.parametrize("name", ["last.h5", "last.keras", "last.loom"])
def test_a_checkpoint_is_the_model_as_it_was(tmp_path: Path, name: str) -> None:
    plan = made({"type": "ModelCheckpoint", "filepath": name}, epochs=2)
    state = ended(run(Trainer(plan, parts(), files=beside(tmp_path / "net.loom", plan))))
    place = tmp_path / name
    found = load_project(place).state if name.endswith(".loom") else import_model(place).state

    assert found is not None
    assert np.array_equal(found.weights["dense"]["kernel"], state.weights["dense"]["kernel"])


def test_only_better_models_are_written(tmp_path: Path) -> None:
    best = {"type": "ModelCheckpoint", "filepath": "{epoch}.h5", "monitor": "accuracy", "save_best_only": True}
    plan = made(best, epochs=8, rate=1.0)
    events = run(Trainer(plan, parts(), files=beside(tmp_path / "net.loom", plan)))
    figures = [event.logs["accuracy"] for event in events if isinstance(event, EpochEnd)]
    records = [n + 1 for n, figure in enumerate(figures) if figure > max(figures[:n], default=-1)]

    assert sorted(int(path.stem) for path in tmp_path.glob("*.h5")) == records
    assert len(records) < 8


def test_the_table_has_a_line_per_epoch(tmp_path: Path) -> None:
    plan = made({"type": "CSVLogger", "filename": "log.csv", "separator": ";"}, epochs=3)
    files = beside(tmp_path / "net.loom", plan)
    half = halted(Trainer(plan, parts(), files=files), lambda e: isinstance(e, EpochEnd) and e.epoch == 2)
    events = run(Trainer(plan, parts(), state_from_bytes(state_to_bytes(half)), files=files))
    with (tmp_path / "log.csv").open(newline="") as file:
        header, *lines = csv.reader(file, delimiter=";")

    assert header == ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]
    assert [line[0] for line in lines] == ["0", "1", "2"]
    last = next(event for event in events if isinstance(event, EpochEnd))
    assert [float(value) for value in lines[2][1:]] == [last.logs[name] for name in header[1:]]


@pytest.mark.parametrize(
    ("name", "words"),
    [("../out.csv", "beside the project"), ("/out.csv", "beside the project"), (".bashrc.csv", "hidden"),
     ("C:\\out.csv", "beside the project"), ("run.py", "must end in"), ("net.loom/project.csv", "part of a project")],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused_and_the_run_goes_on(tmp_path: Path, name: str, words: str) -> None:
    plan = made({"type": "CSVLogger", "filename": name}, epochs=2)
    events = run(Trainer(plan, parts(), files=beside(tmp_path / "net.loom", plan)))

    assert ended(events).epoch == 2
    assert words in " ".join(told(events))
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_said_once_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "taken.h5").mkdir()
    plan = made({"type": "ModelCheckpoint", "filepath": "taken.h5"}, {"type": "CSVLogger", "filename": "a.csv"})
    events = run(Trainer(plan, parts(), files=RunFiles(tmp_path, plan)))

    assert ended(events).epoch == 6
    assert sum("'taken.h5' was not written" in text for text in told(events)) == 1
    nowhere = run(Trainer(plan, parts()))
    assert "Save it first" in told(nowhere)[0]


def test_a_figure_that_is_not_there_is_named(tmp_path: Path) -> None:
    plan = made({"type": "EarlyStopping", "monitor": "val_auc"}, {"type": "ModelCheckpoint", "filepath": "{auc}.h5"})
    events = run(Trainer(plan, parts(), files=RunFiles(tmp_path, plan)))

    assert ended(events).epoch == 6
    assert "waits for 'val_auc'" in " ".join(told(events))
    assert "no figure 'auc'" in " ".join(told(events))


@pytest.mark.parametrize("stop", [3, 9, 14])
def test_a_run_with_callbacks_goes_on_exactly(stop: int) -> None:
    plan = made(
        {"type": "ReduceLROnPlateau", "monitor": "val_loss", "min_delta": 0.2, "patience": 1, "factor": 0.5},
        {
            "type": "EarlyStopping",
            "monitor": "val_loss",
            "min_delta": 0.01,
            "patience": 3,
            "restore_best_weights": True,
        },
        epochs=12,
    )
    whole = ended(run(Trainer(plan, parts())))
    half = halted(Trainer(plan, parts()), lambda event: isinstance(event, BatchEnd) and event.step == stop)
    kept = state_from_bytes(state_to_bytes(half))
    again = ended(run(Trainer(plan, parts(), kept)))

    assert kept.callbacks[1].memory == half.callbacks[1].memory
    assert bits(again) == bits(whole)
    assert (again.rate, again.callbacks[0]) == (whole.rate, whole.callbacks[0])


def test_callbacks_are_part_of_the_project_file(tmp_path: Path) -> None:
    plan = made({"type": "EarlyStopping", "patience": 4}, {"type": "ModelCheckpoint", "filepath": "a.h5"})
    again = project_from_json(project_to_json(plan, None, tmp_path)).project

    assert again.training == plan.training
    assert math.isclose(again.training.callbacks[0].patience, 4)  # type: ignore[attr-defined]
