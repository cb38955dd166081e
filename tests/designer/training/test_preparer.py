"""The worker that compiles ahead: asked after edits, never during a run, gone with the window."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.training.preparer import FOR_RATES, Preparer
from designer.training.runner import Runner
from engine.catalogue.sources.base import Dataset, Field
from engine.estimate.rates import Rates, keep_rates, rates_file
from engine.estimate.work import TERMS
from engine.kernels import jit
from engine.prepare import request
from engine.project import Project, TrainConfig
from engine.templates import TEMPLATES, chain

DATASET = Dataset({"x": Field(np.ones((50, 3), "f4"))}, {"y": Field(np.ones(50, "i8"), ("no", "yes"))})
GRAPH = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2, "activation": "softmax"}))
SOURCE = TEMPLATES["digits-dense"].make().source  # only named: the data are given
PROJECT = Project(GRAPH, TrainConfig(batch_size=4), SOURCE)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def preparer(qtbot: QtBot, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preparer]:
    monkeypatch.setenv("LAYERLOOM_CACHE", str(cache))
    document = Document()
    made = Preparer(document, Runner(document), document)
    yield made
    made.stop()


def workers(preparer: Preparer) -> list[QProcess]:
    return [worker for worker in preparer.findChildren(QProcess) if worker.state() != QProcess.ProcessState.NotRunning]


def test_an_edited_project_is_compiled_in_another_process(qtbot: QtBot, preparer: Preparer, cache: Path) -> None:
    document = preparer.document
    document.reset(PROJECT)
    with qtbot.waitSignal(preparer.answered, timeout=120_000) as answer:
        document.set_dataset(DATASET)

    assert answer.args == ["ready"]
    assert preparer._last
    assert any(path.name.startswith("dense.multiply-") for path in cache.rglob("*.nbc"))
    # The same once more asks nobody.
    preparer.prepare()
    qtbot.waitUntil(lambda: not preparer._telling.busy, timeout=10_000)
    assert not preparer.busy


def test_a_long_project_is_told_beside_the_window(qtbot: QtBot, preparer: Preparer) -> None:
    document = preparer.document
    long = chain(("Input", {"shape": (3,)}), *[("Dense", {"units": 2})] * 600)
    document.reset(replace(PROJECT, graph=long))
    document.set_dataset(DATASET)
    preparer.prepare()

    assert "layerloom-prepare" in {thread.name for thread in threading.enumerate()}
    assert not preparer._last
    qtbot.waitUntil(lambda: bool(preparer._last), timeout=30_000)
    assert json.loads(preparer._last) == json.loads(json.dumps(request(document.project, DATASET)))
    assert len(workers(preparer)) == 1


def test_stop_ends_a_request_that_is_being_written(preparer: Preparer) -> None:
    preparer.document.reset(PROJECT)
    preparer.document.set_dataset(DATASET)
    preparer.prepare()
    preparer._telling.shutdown(10)

    assert not preparer.busy
    assert not workers(preparer)


def test_the_worker_tells_how_fast_the_machine_is(qtbot: QtBot, preparer: Preparer, cache: Path) -> None:
    rates = Rates(dict.fromkeys(TERMS, 1e-9), 2)
    keep_rates(rates, cache / rates_file().relative_to(jit.CACHE.parent))
    preparer.document.reset(PROJECT)
    preparer._idle_work = [FOR_RATES]
    with qtbot.waitSignal(preparer.document.changed, timeout=60_000, check_params_cb=lambda diff: diff.rates):
        preparer._start.start(0)

    assert preparer._idle_work == []
    assert preparer.document.estimate.update is not None
    preparer._start.start(0)
    qtbot.waitUntil(lambda: not preparer._start.isActive())
    assert not preparer.busy  # nothing is left to ask


def test_a_project_with_faults_is_left_alone(preparer: Preparer) -> None:
    preparer.document.set_dataset(DATASET)
    preparer.document.reset(Project(chain(("Dense", {"units": 2}))))
    preparer.prepare()

    assert not preparer.busy
    assert not workers(preparer)


def test_a_newer_edit_comes_first_and_stop_ends_the_worker(qtbot: QtBot, preparer: Preparer) -> None:
    document = preparer.document
    document.reset(PROJECT)
    document.set_dataset(DATASET)
    preparer.prepare()
    qtbot.waitUntil(lambda: bool(preparer._asked), timeout=10_000)
    heard: list[object] = []

    def hear(word: object) -> None:
        heard.append(word)

    preparer.answered.connect(hear)
    document.edit("Batch size", replace(document.project, training=TrainConfig(batch_size=5)))
    preparer.prepare()
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=60_000)
    assert heard == ["dropped", "ready"]

    (worker,) = workers(preparer)
    preparer.stop()
    assert worker.state() == QProcess.ProcessState.NotRunning
    # A second stop, as the fixture's, has nothing left to do.
    document.changed.connect(preparer._follow)
    preparer.runner.status_changed.connect(preparer._follow_run)
