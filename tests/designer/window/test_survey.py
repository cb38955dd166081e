"""The table and the problems in the real window: they lead to the canvas, and the canvas to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.designer.window.conftest import small


def test_links_of_the_inspector_lead_to_both(window) -> None:
    window.document.reset(small())
    page = window._inspector.network

    QTest.mouseClick(page.whole, Qt.MouseButton.LeftButton)
    assert not window.survey.overview.visibleRegion().isEmpty()

    graph = window.document.project.graph
    window.document.edit("Break", window.document.project.with_graph(graph.disconnected(graph.edges[1:])))
    QTest.mouseClick(page.mend, Qt.MouseButton.LeftButton)
    assert not window.survey.problems.visibleRegion().isEmpty()


def test_the_tab_tells_how_many_and_a_problem_leads_to_its_layer(window) -> None:
    window.document.reset(small())
    graph = window.document.project.graph
    window.document.edit("Break", window.document.project.with_graph(graph.disconnected(graph.edges[1:])))
    count = len(window.document.problems)
    assert window.docks["problems"].windowTitle() == f"Problems ({count})"
    window.commands["see-problems"].trigger()

    QTest.mouseClick(window.survey.problems.findChild(QPushButton, "go-0"), Qt.MouseButton.LeftButton)
    assert window.selection.nodes == {window.document.problems[0].node}

    window.document.undo()
    assert window.docks["problems"].windowTitle() == "Problems"


def test_the_table_takes_the_keyboard_and_selects_on_the_canvas(window) -> None:
    window.document.reset(small())
    window.commands["see-table"].trigger()
    table = window.survey.overview.table
    QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Down)

    assert window.selection.nodes == {"flatten"}
    assert window.canvas.canvas.nodes["flatten"].state.selected
