"""From problem to problem by key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from engine.problems import Fix, Problem
from engine.project import Project
from engine.templates import chain
from tests.designer.window.conftest import small
from tests.designer.window.test_main_window import begun

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def press(window, modifiers: Qt.KeyboardModifier = NONE) -> None:
    window.activateWindow()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F8, modifiers)


def faulty() -> Project:
    """Seven answers for ten digits, and a layer that gets nothing."""
    graph = chain(("Input", {"shape": (28, 28, 1)}), ("Flatten", {}), ("Dense", {"units": 7, "activation": "softmax"}))
    return small().with_graph(graph.merged(chain(("Dense", {"units": 4})), (400.0, 0.0))[0])


def test_goes_from_problem_to_problem_and_around(qtbot, window) -> None:
    document = begun(qtbot, window, faulty())
    nodes = [problem.node for problem in document.problems]
    assert len(nodes) > 1 and all(nodes)
    visited = []
    for _ in range(len(nodes) + 1):
        press(window)
        visited.append(window.selection.only_node)
        assert window.canvas.tells(next(p for p in document.problems if p.node == visited[-1]))
    assert visited == [*nodes, nodes[0]]
    press(window, SHIFT)
    assert window.selection.only_node == nodes[-1]


def test_backwards_begins_with_the_last_one(qtbot, window) -> None:
    document = begun(qtbot, window, faulty())
    press(window, SHIFT)
    assert window.selection.only_node == document.problems[-1].node


def test_the_node_is_brought_into_sight(qtbot, window) -> None:
    begun(qtbot, window, faulty())
    window.canvas.zoom_to(0.2)
    press(window)
    key = window.selection.only_node
    assert window.canvas.zoom >= 0.7
    seen = window.canvas.mapToScene(window.canvas.viewport().rect()).boundingRect()
    assert seen.contains(window.canvas.canvas.nodes[key].box.rect)


def test_a_problem_of_the_whole_is_said_above_the_canvas(window) -> None:
    window.files.new_from("empty")
    assert window.document.problems
    press(window)
    assert window.messages.text == window.document.problems[0].text


def test_no_problem_is_good_news(qtbot, window) -> None:
    document = begun(qtbot, window)
    assert not document.problems
    press(window)
    assert "no problem" in window.messages.text
    assert window.messages.severity == "success"


def test_a_remedy_that_does_not_fit_any_more_is_told(qtbot, window) -> None:
    document = begun(qtbot, window)
    before = document.project
    window.obstacles.show(Problem("Two names.", fix=Fix("Rename", lambda graph: graph.renamed("input", "dense"))))
    QTest.mouseClick(window.messages.findChild(QPushButton, "message-action"), Qt.MouseButton.LeftButton)
    assert window.messages.text.startswith("There is a node 'dense' already.")
    assert document.project is before
