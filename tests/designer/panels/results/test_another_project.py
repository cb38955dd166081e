"""Nothing of a project's results outlives it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QLabel

from engine.data.split import split
from tests.designer.panels.inside.conftest import pictures, small_net
from tests.designer.panels.results.conftest import Stage


def test_another_project_empties_figures_matrix_and_samples(stage: Stage) -> None:
    stage.train(1)
    stage.panel.show()
    stage.judged()
    page = stage.panel.judge
    page.matrix.choose(0, 0)
    assert page.gallery.model.rowCount() and page.findChild(QLabel, "results-validation-loss") is not None
    # As a project is opened that was trained as well: its weights come first, then its network.
    stage.runner.restore(stage.runner.state)
    stage.document.reset(small_net())

    assert page.matrix.confusion is None and page.matrix.place is None
    assert not len(page.scatter.truth)
    assert page.gallery.model.rowCount() == 0 and page.gallery.part is None
    assert page.scores.findChild(QLabel, "results-guess").text() == ""
    assert not any(label.isVisible() for label in page.scores.findChildren(QLabel) if "loss" in label.objectName())
    assert not page.save.isEnabled() and not page.now.isEnabled()
    assert "There are no data to judge with" in stage.said
    stage.until(lambda: not page.verdict.busy)
    assert page.matrix.confusion is None
    stage.document.set_dataset(pictures(count=300))
    stage.judged()
    parts = split(stage.document.dataset, stage.document.project.split)
    assert page.matrix.confusion.counts.sum() == len(parts.val_targets["label"])


def test_what_is_being_judged_is_dropped_with_its_project(stage: Stage) -> None:
    stage.train(1)
    stage.panel.show()
    verdict = stage.panel.judge.verdict
    assert verdict.busy
    stage.runner.restore(None)
    stage.document.reset(small_net())
    stage.until(lambda: not verdict.busy)

    assert stage.panel.judge._judgement is None
    assert verdict.weights is None and not verdict.fault
    assert not stage.panel.judge.bar.isVisible()


def test_another_project_empties_the_answers(stage: Stage, tmp_path: Path) -> None:
    stage.train(1)
    stage.panel.ways.choose(1)
    stage.panel.show()
    np.save(tmp_path / "some.npy", np.random.default_rng(0).random((30, 12, 12, 1)).astype(np.float32))
    page = stage.panel.predict
    page.take_files((tmp_path / "some.npy",))
    stage.until(lambda: not page._chore.busy)
    assert page.model.rowCount() == 30 and page.export.isEnabled()
    stage.runner.restore(None)
    stage.document.reset(small_net())

    assert page.model.rowCount() == 0
    assert not page.export.isEnabled()
    assert page.state.text == "Choose pictures or arrays, or drop them here."
    page.invert.setChecked(True)
    assert not page._chore.busy


def test_answers_under_way_are_dropped_with_their_project(stage: Stage, tmp_path: Path) -> None:
    stage.train(1)
    stage.panel.ways.choose(1)
    stage.panel.show()
    np.save(tmp_path / "many.npy", np.random.default_rng(0).random((5_000, 12, 12, 1)).astype(np.float32))
    page = stage.panel.predict
    page.take_files((tmp_path / "many.npy",))
    assert page._chore.busy
    stage.runner.restore(None)
    stage.document.reset(small_net())
    stage.until(lambda: not page._chore.busy)

    assert page.model.rowCount() == 0
    assert not page.export.isEnabled() and not page.bar.isVisible()
    assert page.state.text == "Choose pictures or arrays, or drop them here."
