"""The Results panel: right figures, the samples behind every cell, answers for files."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import split
from engine.project import Project, TrainConfig
from engine.registry import losses, metrics
from engine.templates import chain
from engine.train.predictor import Predictor
from tests.designer.panels.inside.conftest import NAMES, pictures, small_net
from tests.designer.panels.results.conftest import Stage


def counted(stage: Stage) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels and answers of the validation part, and their table, the plain way."""
    state = stage.runner.state
    assert state is not None
    parts = split(stage.document.dataset, stage.document.project.split)
    (images,) = parts.val_inputs.values()
    (labels,) = parts.val_targets.values()
    answers = Predictor(state.graph, state.weights).predict({state.graph.inputs[0]: images})
    predicted = next(iter(answers.values())).argmax(axis=1)
    table = np.zeros((3, 3), np.int64)
    for one, other in zip(labels.reshape(-1), predicted, strict=True):
        table[int(one), int(other)] += 1
    return labels.reshape(-1), predicted, table


def test_says_what_to_do_before_anything_is_trained(stage: Stage) -> None:
    stage.panel.show()

    assert "Nothing was trained yet. Press Train" in stage.said
    assert not stage.panel.judge.now.isEnabled()


def test_figures_and_matrix_are_right_and_cells_open_their_samples(stage: Stage) -> None:
    stage.train(1)
    stage.panel.show()
    stage.judged()
    labels, predicted, table = counted(stage)
    page = stage.panel.judge

    assert page.title.text() == "Confusion matrix"
    assert page.matrix.names == NAMES
    assert (page.matrix.confusion.counts == table).all()
    last = stage.runner.state.history.epochs[-1]
    shown = page.findChild(QLabel, "results-validation-loss").text()
    assert float(shown) == pytest.approx(last["val_loss"], abs=1e-4)
    assert f"{100 * last['val_accuracy']:.2f} %" in stage.said
    for true in range(3):
        for answer in range(3):
            page.matrix.choose(true, answer)
            model = page.gallery.model
            listed = {model.place(row) for row in range(model.rowCount())}
            assert listed == set(np.flatnonzero((labels == true) & (predicted == answer)).tolist())


def test_cells_by_mouse_and_keyboard_and_their_words(stage: Stage) -> None:
    stage.train(1)
    stage.panel.show()
    stage.judged()
    matrix = stage.panel.judge.matrix
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell_rect(1, 2).center())
    assert matrix.place == (1, 2)
    assert "right" in matrix.words(1, 2)
    assert "were taken for top" in matrix.words(1, 2)
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    assert matrix.place == (2, 2)
    assert "were recognized" in matrix.accessibleDescription()
    for _ in range(5):
        QTest.keyClick(matrix, Qt.Key.Key_Left)
    assert matrix.place == (2, 0)
    assert matrix.cell_at(QPoint(1, 1)) is None


def test_a_clicked_sample_is_handed_on(stage: Stage) -> None:
    stage.train(3)
    stage.panel.show()
    stage.judged()
    page = stage.panel.judge
    opened: list[tuple[object, int]] = []
    page.sample_opened.connect(lambda part, row: opened.append((part, row)))
    page.matrix.choose(0, 0)
    first = page.gallery.model.index(0)
    QTest.mouseClick(
        page.gallery.list.viewport(), Qt.MouseButton.LeftButton, pos=page.gallery.list.visualRect(first).center()
    )

    part = page.gallery.part
    assert opened == [(part, int(part.numbers[page.gallery.model.place(0)]))]
    assert int(part.targets["label"].values[opened[0][1]]) == 0


def test_the_gallery_divides_the_data_as_the_judgement_did(stage: Stage) -> None:
    stage.train(2)
    project = stage.document.project
    stage.document.edit("Split", replace(project, split=project.split.changed(seed=99)))
    stage.panel.show()
    stage.judged()
    page = stage.panel.judge
    for true in range(3):
        page.matrix.choose(true, true)
        part, model = page.gallery.part, page.gallery.model
        rows = [int(part.numbers[model.place(row)]) for row in range(model.rowCount())]
        assert [int(part.targets["label"].values[row]) for row in rows] == [true] * len(rows)


def test_another_run_of_as_many_updates_is_judged_anew(stage: Stage) -> None:
    stage.train(2)
    stage.panel.show()
    stage.judged()
    first = stage.panel.judge.verdict.weights
    stage.panel.hide()
    stage.runner.start_over()
    project = stage.document.project
    stage.document.edit("Seed", project.with_training(project.training.changed(seed=77)))
    stage.train(2)
    stage.panel.show()
    verdict = stage.panel.judge.verdict
    stage.until(lambda: verdict.weights is not first and not verdict.busy)

    assert verdict.weights.step == first.step
    assert verdict.weights.arrays is stage.runner.state.weights


def test_another_project_is_judged_by_its_own_settings(stage: Stage) -> None:
    stage.train(1)
    state = stage.runner.state
    other = small_net()
    other = other.with_training(other.training.changed(loss=losses.get("mean_squared_error")()))
    stage.runner.restore(state)
    stage.document.reset(other)
    random = np.random.default_rng(2)
    x, y = random.random((60, 12, 12, 1)).astype(np.float32), random.random((60, 3)).astype(np.float32)
    stage.document.set_dataset(Dataset({"image": Field(x)}, {"shares": Field(y)}))
    stage.panel.show()
    stage.judged()

    assert not stage.panel.judge.verdict.fault
    assert stage.panel.judge.scatter.isVisible()


def test_short_runs_never_leave_it_waiting(stage: Stage) -> None:
    stage.panel.show()
    for epochs in (1, 2, 3):
        stage.train(epochs)
        verdict = stage.panel.judge.verdict
        stage.until(lambda: not verdict.busy and not verdict.stale)  # noqa: B023
        assert not verdict.fault
        assert stage.panel.judge._judgement is not None


def test_giving_up_a_file_leaves_the_old_one_and_says_so(stage: Stage, tmp_path: Path) -> None:
    stage.train(1)
    stage.panel.ways.choose(1)
    stage.panel.show()
    np.save(tmp_path / "many.npy", np.random.default_rng(0).random((20_000, 12, 12, 1)).astype(np.float32))
    page = stage.panel.predict
    page.take_files((tmp_path / "many.npy",))
    stage.until(lambda: not page._chore.busy)
    place = tmp_path / "old.csv"
    place.write_text("old", encoding="utf-8")
    page.write(place)
    page._chore.stop()
    stage.until(lambda: not page._chore.busy)

    assert page.state.text == "Given up; nothing was written."
    assert place.read_text("utf-8") == "old"


def test_follows_a_run_and_changes_none_of_its_bits(stage: Stage, qtbot: QtBot) -> None:
    alone = Stage(qtbot, small_net(), pictures())
    alone.train(40)
    stage.panel.show()
    seen: list[int] = []
    stage.panel.judge.verdict.judged.connect(lambda _j: seen.append(stage.panel.judge.verdict.weights.step))
    stage.train(40)
    stage.until(lambda: bool(seen) and seen[-1] == stage.runner.state.step)

    for key, own in alone.runner.state.weights.items():
        for name, array in own.items():
            assert array.tobytes() == stage.runner.state.weights[key][name].tobytes()
    alone.close()


def test_hidden_it_judges_nothing(stage: Stage) -> None:
    stage.train(2)
    stage.panel.ways.choose(1)
    stage.panel.show()
    stage.qtbot.wait(200)
    assert stage.panel.judge._judgement is None
    assert not stage.panel.judge.verdict.busy
    stage.panel.ways.choose(0)
    stage.judged()


def test_stopping_keeps_what_was_known_and_does_not_begin_again(stage: Stage) -> None:
    stage.train(1)
    stage.panel.show()
    verdict = stage.panel.judge.verdict
    verdict.stop()
    stage.until(lambda: not verdict.busy)
    stage.qtbot.wait(150)
    assert not verdict.busy
    verdict.judge()
    stage.judged()


def test_a_network_with_numbers_as_answers_is_drawn_as_points(qtbot: QtBot) -> None:
    random = np.random.default_rng(1)
    x = random.random((200, 4)).astype(np.float32)
    y = x.sum(axis=1, keepdims=True)
    graph = chain(("Input", {"shape": (4,)}), ("Dense", {"units": 1}))
    config = TrainConfig(
        epochs=3, loss=losses.get("mean_squared_error")(), metrics=(metrics.get("mean_absolute_error")(),)
    )
    stage = Stage(qtbot, Project(graph, config), Dataset({"x": Field(x)}, {"y": Field(y)}))
    stage.train(3)
    stage.panel.show()
    stage.judged()
    page = stage.panel.judge

    assert page.scatter.isVisible() and page.title.text() == "Answers beside the truth"
    assert len(page.scatter.truth) == split(stage.document.dataset, stage.document.project.split).validation_samples
    assert "Always answering the mean would be off by" in page.findChild(QWidget, "results-guess").text()
    stage.close()


def test_saves_a_picture_and_a_table(stage: Stage, tmp_path: Path) -> None:
    stage.train(1)
    stage.panel.show()
    stage.judged()
    page = stage.panel.judge
    page.save_to(tmp_path / "matrix.png")
    page.save_to(tmp_path / "matrix.csv")

    with Image.open(tmp_path / "matrix.png") as saved:
        assert saved.size[0] > 100
    rows = list(csv.reader((tmp_path / "matrix.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["is / taken for", *NAMES, "recall"]
    assert [[int(n) for n in row[1:4]] for row in rows[1:4]] == page.matrix.confusion.counts.tolist()
    page.save_to(tmp_path / "nowhere" / "matrix.csv")
    assert "matrix.csv was not saved" in stage.said


def drop(widget: QWidget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    where = QPoint(20, 20)
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(widget, event)


def test_answers_dropped_pictures_and_writes_them_all(stage: Stage, tmp_path: Path) -> None:
    stage.train(5)
    stage.panel.ways.choose(1)
    stage.panel.show()
    images = stage.document.dataset.inputs["image"].values[:7, ..., 0]
    for place, image in enumerate(images):
        Image.fromarray((255 * image).astype(np.uint8)).save(tmp_path / f"bar{place}.png")
    (tmp_path / "odd.png").write_bytes(b"nonsense")
    page = stage.panel.predict
    folder = tmp_path / "bars"
    folder.mkdir()
    for file in tmp_path.glob("*.png"):
        file.rename(folder / file.name)
    drop(page, folder)
    assert page._chore.busy
    stage.until(lambda: not page._chore.busy)

    assert "7 samples answered." in page.state.text
    assert "Left out: 'odd.png' holds no picture" in page.state.text
    assert page.model.rowCount() == 7
    place = tmp_path / "answers.csv"
    page.write(place)
    stage.until(lambda: not page._chore.busy)
    assert page.state.text == "Saved to answers.csv."
    rows = list(csv.reader(place.read_text("utf-8").splitlines()))
    state = stage.runner.state
    pixels = (255 * images).astype(np.uint8).astype(np.float32) / np.float32(255)
    answers = Predictor(state.graph, state.weights).predict({state.graph.inputs[0]: pixels[..., None]})
    values = next(iter(answers.values()))
    assert [row[1] for row in rows[1:]] == [f"bar{n}.png" for n in range(7)]
    assert [int(row[2]) for row in rows[1:]] == values.argmax(axis=1).tolist()
    found = np.array([[float(cell) for cell in row[-3:]] for row in rows[1:]], np.float32)
    assert (found == values).all()


def test_a_file_that_is_no_sample_is_one_sentence(stage: Stage, tmp_path: Path) -> None:
    stage.train(1)
    stage.panel.ways.choose(1)
    stage.panel.show()
    bad = tmp_path / "samples.npy"
    bad.write_bytes(b"\x93NUMPY" + b"\xff" * 40)
    page = stage.panel.predict
    page.take_files((bad,))
    stage.until(lambda: not page._chore.busy)

    assert "samples.npy" in page.state.text
    assert page.model.rowCount() == 0
    assert not page.export.isEnabled()


def test_predicting_without_training_says_so(stage: Stage, tmp_path: Path) -> None:
    stage.panel.predict.take_files((tmp_path,))

    assert "Nothing was trained yet" in stage.panel.predict.state.text
