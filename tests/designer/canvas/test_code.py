"""Code on the clipboard becomes layers on the canvas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.graph import Edge, Graph
from tests.designer.canvas.stagehand import CTRL, Stagehand

KERAS = """
model = Sequential()
model.add(Dense(8, input_dim=4, activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='sgd')
model.fit(x, y, epochs=7, batch_size=20)
"""


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Leave no text on the clipboard."""
    yield
    QGuiApplication.clipboard().clear()


def paste(stage: Stagehand, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    stage.key(Qt.Key.Key_V, CTRL)


def test_layers_and_training_come_in_one_step(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    before = stage.document.project

    paste(stage, KERAS)

    assert [type(node.layer).__name__ for node in stage.graph.nodes.values()] == ["Input", "Dense", "Dense"]
    training = stage.document.project.training
    assert (training.epochs, training.batch_size, training.optimizer.key) == (7, 20, "SGD")
    assert stage.selection.nodes == set(stage.graph.nodes)
    assert stage.document.stack.undoText() == "Paste code of 3 layers"
    assert stage.is_in_step()
    stage.document.undo()
    assert stage.document.project == before


def test_pasted_layers_cover_no_others(stage: Stagehand) -> None:
    paste(stage, KERAS)
    paste(stage, KERAS)

    places = [node.position for node in stage.graph.nodes.values()]
    rects = [item.box.rect for item in stage.view.canvas.nodes.values()]
    assert len(set(places)) == len(places)
    assert not any(a.intersects(b) for n, a in enumerate(rects) for b in rects[:n])
    assert stage.is_in_step()


def test_an_input_that_waits_takes_open_layers_in(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    paste(stage, "x = Input((4,))")
    assert list(stage.graph.nodes) == ["input"]

    paste(stage, "model.add(Dense(5))\nmodel.add(Dense(2))")

    assert list(stage.graph.nodes) == ["input", "dense", "dense_1"]
    assert stage.graph.edges == (Edge("dense", "dense_1"), Edge("input", "dense"))
    upper, lower = (stage.graph.nodes[key].position for key in ("input", "dense"))
    assert lower[0] == upper[0]
    assert lower[1] > upper[1]


def test_an_equal_input_that_waits_is_used_again(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    paste(stage, "x = Input((4,))")
    paste(stage, KERAS)

    assert [type(node.layer).__name__ for node in stage.graph.nodes.values()] == ["Input", "Dense", "Dense"]
    assert Edge("input", "dense") in stage.graph.edges


def test_an_unequal_input_stays_apart(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    paste(stage, "x = Input((9,))")
    paste(stage, KERAS)

    assert len(stage.graph.inputs) == 2


def test_code_that_is_not_understood_changes_nothing_and_says_why(stage: Stagehand) -> None:
    before = stage.document.project

    paste(stage, "model = Sequential()\nmodel.add(Dens(3))")

    assert stage.document.project is before
    assert not stage.document.stack.canUndo()
    assert (
        "Line 2: 'Dens' is not known here (did you mean Dense?)."
        in stage.view.findChild(QLabel, "canvas-message").text()
    )


def test_training_alone_leaves_the_layers(stage: Stagehand) -> None:
    before = stage.graph

    paste(stage, "model.compile(optimizer='adagrad', loss='mse')")

    assert stage.graph == before
    assert stage.document.project.training.optimizer.key == "Adagrad"
    assert stage.document.stack.undoText() == "Paste training settings"
