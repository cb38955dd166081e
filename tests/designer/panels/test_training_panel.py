"""Training settings, what follows from them, and what judges several outputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.panels.training import TrainingPanel
from engine import registry
from engine.catalogue.sources.base import Dataset, Field
from engine.graph import Edge, Node
from engine.project import OutputTarget, TrainConfig
from tests.designer.panels.conftest import Typist

popup = pytest.mark.qt_log_ignore(r"support raise\(\)", "support grabbing the keyboard")


def digits(samples: int = 250, outputs: int = 1) -> Dataset:
    """Blank pictures with labels from 0 to 9."""
    labels = np.arange(samples) % 10
    names = tuple("0123456789")
    image = Field(np.zeros((samples, 28, 28, 1), np.float32))
    return Dataset({"image": image}, {f"label {i}": Field(labels, names) for i in range(outputs)})


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> Iterator[TrainingPanel]:
    made = TrainingPanel(document)
    qtbot.addWidget(made)
    made.resize(320, 1000)
    made.show()
    qtbot.waitExposed(made)
    yield made


def field(panel: TrainingPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, f"param-{name}")
    assert found is not None, name
    return found


def test_epochs_batch_size_and_seed_come_first(panel: TrainingPanel) -> None:
    assert list(panel.form.rows)[:3] == ["epochs", "batch_size", "seed"]
    assert set(panel.form.rows) >= {"optimizer", "loss", "metrics"}


def test_the_line_says_what_follows(panel: TrainingPanel, document: Document, type_into: Typist) -> None:
    document.set_dataset(digits(250))
    assert panel.updates.text().startswith("200 samples / 100 per batch = 2 updates an epoch")
    type_into(field(panel, "batch_size"), "30")
    type_into(field(panel, "epochs"), "3")
    assert document.project.training.batch_size == 30
    expected = "200 samples / 30 per batch = 7 updates an epoch (the last batch has 20), 21 in all."
    assert panel.updates.text() == expected


@popup
def test_the_optimizers_own_parameters_are_nested(panel: TrainingPanel, document: Document, type_into: Typist) -> None:
    type_into(field(panel, "optimizer-learning_rate"), "1e-2")
    assert document.project.training.optimizer.learning_rate == 0.01  # type: ignore[attr-defined]
    type_into(field(panel, "optimizer"), "SGD")
    assert document.project.training.optimizer.key == "SGD"
    type_into(field(panel, "optimizer-learning_rate"), "0.5")
    assert document.project.training.optimizer == registry.optimizers.get("SGD")(learning_rate=0.5)
    for _ in range(3):
        document.undo()
    assert document.project.training == TrainConfig()
    assert panel.form.row("optimizer").editor.combo.currentData() == "Adam"  # type: ignore[attr-defined]


def test_metrics_are_added_and_taken_off(panel: TrainingPanel, document: Document) -> None:
    combo = field(panel, "metrics")
    assert isinstance(combo, QComboBox)
    row = combo.findData("mean_absolute_error")
    assert row >= 0
    combo.activated.emit(row)
    assert [m.key for m in document.project.training.metrics] == ["accuracy", "mean_absolute_error"]
    remove = panel.findChild(QToolButton, "param-metrics-0-remove")
    assert remove is not None
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert [m.key for m in document.project.training.metrics] == ["mean_absolute_error"]
    document.undo()
    document.undo()
    assert document.project.training == TrainConfig()


def test_whether_the_loss_fits_is_said(panel: TrainingPanel, document: Document) -> None:
    assert not panel.fit.isVisible(), "without data nothing is claimed"
    document.set_dataset(digits())
    assert "fits: 'dense_1' answers with 10." in panel.fit.text()
    narrow = document.project.graph.with_layer(
        "dense_1",
        document.project.graph.nodes["dense_1"].layer.changed(units=7),
    )
    document.edit("Narrow", document.project.with_graph(narrow))
    assert not panel.fit.isVisible() and panel.problems.isVisible()
    button = panel.findChild(QPushButton, "fix-0")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert document.project.graph.nodes["dense_1"].layer.units == 10  # type: ignore[attr-defined]
    assert panel.fit.isVisible()


@popup
def test_each_of_several_outputs_has_its_own_judge(panel: TrainingPanel, document: Document, type_into: Typist) -> None:
    assert not panel.ends.isVisible()
    layer = document.project.graph.nodes["dense_1"].layer
    graph = document.project.graph.add(Node("other", layer)).connect(Edge("dense", "other"))
    document.edit("Second answer", document.project.with_graph(graph))
    document.set_dataset(digits(outputs=2))
    assert panel.ends.isVisible() and list(panel.ends.outputs) == ["dense_1", "other"]
    combo = panel.ends.outputs["other"].row("field").editor.focus_target()
    assert isinstance(combo, QComboBox)
    combo.activated.emit(combo.findData("label 0"))
    type_into(panel.ends.outputs["other"].row("weight").editor.focus_target(), "0.25")
    type_into(panel.ends.outputs["other"].row("loss").editor.focus_target(), "mean_squared_error")
    target = document.project.target_of("other")
    assert target == OutputTarget("other", "label 0", registry.losses.get("mean_squared_error")(), 0.25)  # type: ignore[arg-type]
    type_into(panel.ends.outputs["other"].row("weight").editor.focus_target(), "-1")
    assert document.project.target_of("other").weight == 0.25
    assert panel.ends.outputs["other"].row("weight").fault.text().startswith("Weight must be a number from 0 to 1e+06")
    for _ in range(3):
        document.undo()
    assert document.project.targets == ()


@popup
def test_each_of_several_outputs_has_metrics_of_its_own(panel: TrainingPanel, document: Document) -> None:
    layer = document.project.graph.nodes["dense_1"].layer
    graph = document.project.graph.add(Node("other", layer)).connect(Edge("dense", "other"))
    document.edit("Second answer", document.project.with_graph(graph))
    document.set_dataset(digits(outputs=2))
    form = panel.ends.outputs["other"]
    combo = form.row("metrics").editor.focus_target()
    assert isinstance(combo, QComboBox) and combo.toolTip()
    assert panel.ends.notes["other"].text().startswith("The common metrics")

    combo.activated.emit(combo.findData("sparse_top_k_categorical_accuracy"))
    own = document.project.target_of("other").metrics
    assert own is not None
    assert [metric.key for metric in own] == ["accuracy", "sparse_top_k_categorical_accuracy"]
    assert document.project.target_of("dense_1") == OutputTarget("dense_1"), "the other output keeps the common ones"
    assert panel.ends.notes["other"].text() == "Its own metrics."

    remove = form.findChild(QToolButton, "param-other-metrics-1-remove")
    assert remove is not None
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert document.project.targets == (), "the common list again is no list of its own"
    combo.activated.emit(combo.findData("sparse_top_k_categorical_accuracy"))
    assert document.project.target_of("other").metrics == own

    form.unfold()
    combo = form.row("weighted_metrics").editor.focus_target()
    assert isinstance(combo, QComboBox)
    combo.activated.emit(combo.findData("accuracy"))
    heeding = document.project.target_of("other").weighted_metrics
    assert heeding is not None and [metric.key for metric in heeding] == ["accuracy"]
    assert document.project.target_of("other").metrics == own
    combo = form.row("metrics").editor.focus_target()
    assert isinstance(combo, QComboBox)
    combo.activated.emit(combo.findData("mean_absolute_error"))
    assert any(p.node == "other" and "Mean absolute error" in p.text for p in document.problems)
    while document.stack.canUndo():
        document.undo()
    assert document.project.targets == ()


def test_one_output_has_one_list_of_metrics(panel: TrainingPanel, document: Document) -> None:
    document.set_dataset(digits())
    assert panel.ends.outputs == {} and not panel.ends.isVisible()
    panel.form.unfold()
    combo = panel.form.row("weighted_metrics").editor.focus_target()
    assert isinstance(combo, QComboBox)
    combo.activated.emit(combo.findData("accuracy"))
    assert [metric.key for metric in document.project.training.weighted_metrics] == ["accuracy"]


def test_two_inputs_choose_their_fields(panel: TrainingPanel, document: Document) -> None:
    graph = document.project.graph.add(Node("second", document.project.graph.nodes["input"].layer))
    document.edit("Second input", document.project.with_graph(graph))
    document.set_dataset(digits())
    combo = panel.ends.inputs["second"].row("field").editor.focus_target()
    assert isinstance(combo, QComboBox)
    combo.activated.emit(combo.findData("image"))
    assert document.project.inputs == (("second", "image"),)
    combo.activated.emit(combo.findData(None))
    assert document.project.inputs == ()


def test_tab_walks_from_top_to_bottom(qtbot: QtBot, panel: TrainingPanel) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    place = field(panel, "epochs")
    place.setFocus()
    seen = []
    for _ in range(7):
        focus = panel.focusWidget()
        assert focus is not None
        seen.append(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    wanted = ["epochs", "batch_size", "seed", "optimizer", "optimizer-learning_rate", "optimizer-more", "loss"]
    assert seen == [f"param-{name}" for name in wanted]


@popup
def test_callbacks_are_added_ordered_and_taken_off(panel: TrainingPanel, document: Document, type_into: Typist) -> None:
    combo = field(panel, "callbacks")
    assert isinstance(combo, QComboBox)
    for name in ("EarlyStopping", "ModelCheckpoint", "ModelCheckpoint", "LearningRateScheduler"):
        row = combo.findData(name)
        assert row >= 0, name
        combo.activated.emit(row)
    kinds = [callback.key for callback in document.project.training.callbacks]
    assert kinds == ["EarlyStopping", "ModelCheckpoint", "ModelCheckpoint", "LearningRateScheduler"]

    type_into(field(panel, "callbacks-0-patience"), "7")
    type_into(field(panel, "callbacks-1-filepath"), "best.keras")
    first, second, *_ = document.project.training.callbacks
    assert (first.patience, second.filepath) == (7, "best.keras")  # type: ignore[attr-defined]
    assert field(panel, "callbacks-0-patience").toolTip()
    type_into(field(panel, "callbacks-1-filepath"), "best.exe")
    assert document.project.training.callbacks[1] == second, "a name that breaks the rule is not taken"

    up = panel.findChild(QToolButton, "param-callbacks-1-raise")
    top = panel.findChild(QToolButton, "param-callbacks-0-raise")
    assert up is not None and top is not None and not top.isEnabled()
    QTest.mouseClick(up, Qt.MouseButton.LeftButton)
    assert document.project.training.callbacks[:2] == (second, first)
    remove = panel.findChild(QToolButton, "param-callbacks-0-remove")
    assert remove is not None
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert document.project.training.callbacks[0] == first
    while document.stack.canUndo():
        document.undo()
    assert document.project.training == TrainConfig()
