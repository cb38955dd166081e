"""Stopped anywhere, saved, opened again and trained on: the same bits as a run that was never interrupted."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.io import load_project, save_project
from engine.io.weights import state_from_bytes, state_to_bytes
from engine.project import Project
from engine.train.events import BatchEnd, EpochEnd, Event, Validating
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.train import resumed
from tests.engine.train.networks import bits, digest, halted, parts, project

OPTIMIZERS: tuple[dict[str, Any], ...] = (
    {"type": "Adam", "learning_rate": 0.01},
    {"type": "SGD", "learning_rate": 0.05, "momentum": 0.9},
    {"type": "RMSprop", "learning_rate": 0.005, "momentum": 0.5, "centered": True},
)
EPOCHS, UPDATES = 4, 28  # 97 samples in batches of 16: the last batch of an epoch has a single row
ROOT = Path(resumed.__file__).parents[3]


def nth(kind: type[Event], count: int) -> Callable[[Event], bool]:
    """A stop at the n-th event of a kind since this start; never for 0."""
    seen: list[Event] = []

    def fits(event: Event) -> bool:
        if isinstance(event, kind):
            seen.append(event)
        return isinstance(event, kind) and len(seen) == count

    return fits


def made(optimizer: int) -> Project:
    """Dropout, BatchNormalization, a regularizer, shuffling, and an optimizer with memory."""
    return project(optimizer=OPTIMIZERS[optimizer], epochs=EPOCHS)


@cache
def unbroken(optimizer: int, held: int = 40) -> RunState:
    """The run that nothing interrupts."""
    state = halted(Trainer(made(optimizer), parts(held=held)), nth(BatchEnd, 0))
    assert (state.epoch, state.step, len(state.history.steps)) == (EPOCHS, UPDATES, UPDATES)
    return state


def interruptions(case: int) -> list[tuple[type[Event], int, bool]]:
    """One to three interruptions: what to stop at, counted from the start before, and whether out of a pause."""
    chance = random.Random(case)
    kinds: list[tuple[type[Event], int]] = [(BatchEnd, 12), (BatchEnd, 12), (EpochEnd, 2), (Validating, 2)]
    found = []
    for _ in range(chance.randint(1, 3)):
        kind, most = kinds[chance.randrange(len(kinds))]
        found.append((kind, chance.randint(1, most), chance.random() < 0.5))
    return found


@pytest.mark.parametrize("case", range(50))
def test_fifty_interrupted_runs(tmp_path: Path, case: int) -> None:
    optimizer, given, folder = case % 3, parts(held=40), tmp_path / "p.loom"
    save_project(folder, made(optimizer), None)
    for kind, count, by_pause in [*interruptions(case), (BatchEnd, 0, False)]:
        opened = load_project(folder)
        trainer = Trainer(opened.project, given, opened.state, threads=1 + case % 2)
        state = halted(trainer, nth(kind, count), by_pause)
        save_project(folder, opened.project, state)
        again = load_project(folder).state
        assert again is not None
        assert bits(again) == bits(state)
        np.testing.assert_array_equal(again.history.axes, state.history.axes)
        assert (np.diff(state.history.axes[:, 1]) > 0).all()  # the clock goes on
    assert bits(state) == bits(unbroken(optimizer))


def test_the_interruptions_reach_every_place() -> None:
    """The fifty cases stop in mid-epoch, at the ends of epochs and in validation, with each optimizer."""
    reached: set[tuple[int, str]] = set()
    for case in range(50):
        kind, count, by_pause = interruptions(case)[0]
        state = halted(Trainer(made(case % 3), parts(held=40)), nth(kind, count), by_pause)
        place = "between" if state.batch == 0 else "validation" if state.batch == 7 else "middle"
        reached.add((case % 3, place))
        assert 0 < state.step < UPDATES
    assert reached == {(n, place) for n in range(3) for place in ("between", "validation", "middle")}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize(("optimizer", "stops"), [(0, (5, 14, -1)), (1, (9, -1)), (2, (20, -1))])
def test_each_part_in_a_process_of_its_own(tmp_path: Path, optimizer: int, stops: tuple[int, ...]) -> None:
    folder = tmp_path / "p.loom"
    save_project(folder, made(optimizer), None)
    for threads, stop in enumerate(stops, start=1):
        ended = subprocess.run(
            [sys.executable, resumed.__file__, str(folder), str(stop), str(threads)],
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=240,
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ended.stdout.strip() == digest(unbroken(optimizer, 20))


def test_the_figures_of_the_epoch_under_way_are_kept() -> None:
    trainer = Trainer(made(0), parts())
    seen: list[BatchEnd] = []
    state = halted(trainer, lambda e: isinstance(e, BatchEnd) and (seen.append(e) or e.step == 10))
    assert state.history.running == {"loss": seen[-1].mean_loss, "accuracy": seen[-1].metrics[0]}
    assert state.history.metrics == ("accuracy",)
    np.testing.assert_array_equal(state.history.steps[:, 1:], [[e.loss, *e.batch_metrics] for e in seen])
    np.testing.assert_array_equal(state.history.axes, [[e.epoch + e.batch / 7, e.seconds] for e in seen])


def as_version_1(state: RunState) -> bytes:
    """The file that the first version wrote of a state."""
    image = h5py.h5f.open_file_image(state_to_bytes(state), flags=h5py.h5f.ACC_RDWR)
    with h5py.File(image) as file:
        file.attrs["version"] = np.int64(1)
        steps = file["history/steps"][:, :2]
        for name in ("steps", "metrics", "axes", "ends", "running", "running_names"):
            del file[f"history/{name}"]
        file["history/steps"] = steps
        file.flush()
        return bytes(file.id.get_file_image())


def test_files_of_version_1_open_and_go_on_with_the_same_bits() -> None:
    state = halted(Trainer(made(0), parts(held=40)), nth(BatchEnd, 10))
    old = state_from_bytes(as_version_1(state))
    assert (old.history.metrics, len(old.history.axes), len(old.history.ends)) == ((), 0, 0)
    np.testing.assert_array_equal(old.history.steps, state.history.steps[:, :2])
    continued = halted(Trainer(made(0), parts(held=40), old), nth(BatchEnd, 0))
    found, wanted = bits(continued), bits(unbroken(0))
    for name in set(found) - {"history", "figures"}:
        assert found[name] == wanted[name], name
    np.testing.assert_array_equal(continued.history.steps[:, :2], unbroken(0).history.steps[:, :2])
    np.testing.assert_array_equal(continued.history.steps[10:], unbroken(0).history.steps[10:])
    assert np.isnan(continued.history.steps[:10, 2]).all()


def test_the_largest_seed_trains_saves_and_goes_on(tmp_path: Path) -> None:
    largest = project(seed=2**63 - 1)
    state = halted(Trainer(largest, parts()), nth(BatchEnd, 5))
    save_project(tmp_path / "p.loom", largest, state)
    opened = load_project(tmp_path / "p.loom")
    assert opened.project == largest
    whole, other = (halted(Trainer(project(seed=seed), parts()), nth(BatchEnd, 0)) for seed in (2**63 - 1, 2**31 - 1))
    assert bits(halted(Trainer(opened.project, parts(), opened.state), nth(BatchEnd, 0))) == bits(whole)
    assert bits(other) != bits(whole)
