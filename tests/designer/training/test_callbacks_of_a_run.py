"""Callbacks of a project that is trained in the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset, Field
from engine.project import Project
from engine.train.events import Told
from tests.engine.train.networks import chain, project


def data() -> Dataset:
    """Random rows with labels from 0 to 2."""
    random = np.random.default_rng(0)
    values = Field(random.standard_normal((120, 6)).astype("float32"))
    return Dataset({"x": values}, {"y": Field(np.arange(120) % 3, ("a", "b", "c"))})


def made(*callbacks: dict[str, Any]) -> Project:
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 3, "activation": "softmax"}))
    return project(graph, callbacks=callbacks, epochs=9)


@pytest.mark.parametrize("is_saved", [True, False])
def test_files_lie_beside_the_project_or_it_is_said_why_not(qtbot: QtBot, tmp_path: Path, is_saved: bool) -> None:
    runner, said = Runner(), list[Told]()
    runner.folder = lambda: tmp_path / "net.loom" if is_saved else None
    runner.told.connect(said.append)
    plan = made(
        {"type": "CSVLogger", "filename": "log.csv"},
        {"type": "EarlyStopping", "monitor": "loss", "min_delta": 100.0, "patience": 2},
        {"type": "ReduceLROnPlateau", "monitor": "loss"},
    )
    assert runner.start(plan, data())
    qtbot.waitUntil(lambda: runner.status is RunStatus.FINISHED, timeout=20_000)
    try:
        assert runner.state is not None and runner.state.epoch == 3
        assert runner.remark.startswith("Epoch 3: early stopping")
        assert [path.name for path in tmp_path.iterdir()] == (["log.csv"] if is_saved else [])
        warnings = [event.text for event in said if event.warning]
        assert len(warnings) == (0 if is_saved else 2)
        assert all("Save it first" in text for text in warnings)
        rate = runner.run_log.curves.epochs.figures["learning_rate"]
        assert np.allclose(rate.values, 0.001), "the learning rate can be drawn"
        assert "learning_rate" in runner.run_log.curves.names
    finally:
        assert runner.shutdown(10.0)
