"""Editing during and after a run: what was learnt is kept where it fits, and said where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from designer.window.main_window import MainWindow
from engine.graph import Edge, Graph
from engine.project import Project
from engine.registry import layers
from engine.templates import chain
from tests.designer.window.conftest import settled, small


def deep() -> Project:
    """Three layers with weights, all small."""
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 6, "activation": "relu"}),
        ("Dense", {"units": 5, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return small().with_graph(graph)


def change(window: MainWindow, graph: Graph) -> None:
    window.document.edit("Edit", window.document.project.with_graph(graph))


def click(window: MainWindow, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def marked(window: MainWindow) -> set[str]:
    """Nodes that say on the canvas that they are untrained."""
    return {key for key, item in window.canvas.canvas.nodes.items() if item.look.untrained}


def begun(qtbot, window: MainWindow) -> None:
    window.files._show(deep(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    click(window, "train-button")
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > 30, timeout=120_000)


def stopped(qtbot, window: MainWindow) -> None:
    click(window, "stop-button")
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=60_000)


def snapshot(qtbot, window: MainWindow) -> object:
    """The state of the run that is under way, at its next update."""
    found: list[object] = []
    window.runner.request_snapshot(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=120_000)
    return found[0]


def gone_on(qtbot, window: MainWindow) -> tuple[dict, dict]:
    """Go on with a learning rate of nearly nothing; returns the weights before and after."""
    project = window.document.project
    optimizer = project.training.optimizer.changed(learning_rate=1e-12)
    window.document.edit("Slow", project.with_training(project.training.changed(optimizer=optimizer)))
    before, step = window.runner.state.weights, window.runner.state.step
    click(window, "train-button")
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > step, timeout=120_000)
    state = snapshot(qtbot, window)
    return before, state.weights


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("when", ["during", "after"])
def test_other_units_make_a_layer_and_its_follower_fresh(qtbot, window, when: str) -> None:
    begun(qtbot, window)
    if when == "after":
        stopped(qtbot, window)
    graph = window.document.project.graph
    change(window, graph.with_layer("dense_1", layers.get("Dense")(9, activation="relu")))
    assert marked(window) == {"dense_1", "dense_2"}
    if when == "during":
        step = window.runner.run_log.progress.step
        qtbot.waitUntil(lambda: window.runner.run_log.progress.step > step + 20, timeout=60_000)
        stopped(qtbot, window)
    assert marked(window) == {"dense_1", "dense_2"}

    before, after = gone_on(qtbot, window)
    assert "these layers begin with fresh weights: 'dense_1', 'dense_2'" in window.messages.text
    assert marked(window) == set()
    assert same(before["dense"]["kernel"], after["dense"]["kernel"])
    assert same(before["dense"]["bias"], after["dense"]["bias"])
    assert before["dense_1"]["kernel"].shape == (6, 5)
    assert after["dense_1"]["kernel"].shape == (6, 9)
    assert after["dense_2"]["kernel"].shape == (9, 10)
    stopped(qtbot, window)
    assert marked(window) == set()


@pytest.mark.parametrize("when", ["during", "after"])
def test_a_layer_that_is_added_is_fresh(qtbot, window, when: str) -> None:
    begun(qtbot, window)
    if when == "after":
        stopped(qtbot, window)
    graph = window.document.project.graph
    edge = next(edge for edge in graph.edges if edge.target == "dense_2")
    made = layers.get("Dense")(5, activation="relu")
    key = graph.fresh_id(made)
    graph = graph.add(type(graph.nodes["dense"])(key, made, (400.0, 0.0))).disconnected([edge])
    graph = graph.connect(Edge("dense_1", key)).connect(Edge(key, "dense_2"))
    change(window, graph)
    assert marked(window) == {key}
    if when == "during":
        stopped(qtbot, window)
    before, after = gone_on(qtbot, window)
    assert f"fresh weights: '{key}'." in window.messages.text
    for kept in ("dense", "dense_1", "dense_2"):
        assert same(before[kept]["kernel"], after[kept]["kernel"])
    assert after[key]["kernel"].shape == (5, 5)
    assert marked(window) == set()
    stopped(qtbot, window)


@pytest.mark.parametrize("when", ["during", "after"])
def test_deleting_a_layer_keeps_the_others(qtbot, window, when: str) -> None:
    begun(qtbot, window)
    if when == "after":
        stopped(qtbot, window)
    window.selection.set({"dense_1"})
    window.canvas.delete()
    graph = window.document.project.graph
    if not any(edge.target == "dense_2" for edge in graph.edges):
        change(window, graph.connect(Edge("dense", "dense_2")))
    assert "dense_1" not in window.document.project.graph.nodes
    assert marked(window) == {"dense_2"}  # six values come in instead of five
    if when == "during":
        stopped(qtbot, window)
    before, after = gone_on(qtbot, window)
    assert "fresh weights: 'dense_2'." in window.messages.text
    assert same(before["dense"]["kernel"], after["dense"]["kernel"])
    assert "dense_1" not in after
    stopped(qtbot, window)
    # What is learnt now has no place for the layer that comes back.
    while "dense_1" not in window.document.project.graph.nodes:
        window.document.undo()
    assert "dense_1" in marked(window)


def test_nothing_is_said_when_all_is_kept(qtbot, window) -> None:
    begun(qtbot, window)
    stopped(qtbot, window)
    before, after = gone_on(qtbot, window)
    assert all(same(before[key]["kernel"], after[key]["kernel"]) for key in ("dense", "dense_1", "dense_2"))
    assert not window.messages.isVisible()
    stopped(qtbot, window)


def test_marks_come_back_with_recovered_work(qtbot, window) -> None:
    begun(qtbot, window)
    stopped(qtbot, window)
    graph = window.document.project.graph
    change(window, graph.with_layer("dense_1", layers.get("Dense")(9, activation="relu")))
    window.autosave.flush()
    settled(qtbot, window)
    session = window.autosave._session
    session.release()  # as if its process had died
    second = MainWindow()
    qtbot.addWidget(second)
    second.show()
    second.recovery.offer(lambda: None)
    settled(qtbot, second)
    click(second, "sheet-recover")
    settled(qtbot, second)
    assert marked(second) == {"dense_1", "dense_2"}
    assert second.runner.state.step == window.runner.state.step
    second.close_now()
