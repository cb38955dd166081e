"""The table of the whole network, in step with what is selected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextDocumentFragment
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.layer_table import COUNT, KIND, MEMORY, NAME, PLACE, SOURCES, TIME
from designer.panels.overview import OverviewPanel
from designer.panels.shape_words import bytes_text, time_text
from engine.estimate.rates import Rates
from engine.estimate.work import TERMS
from engine.project import Project
from tests.designer.panels.conftest import chain


@pytest.fixture
def panel(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[OverviewPanel]:
    made = OverviewPanel(document, selection)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    qtbot.waitExposed(made)
    yield made


def cell(panel: OverviewPanel, row: int, column: int) -> str:
    return str(panel.sorted.index(row, column).data())


def names(panel: OverviewPanel) -> list[str]:
    return [cell(panel, row, NAME) for row in range(panel.sorted.rowCount())]


def click(panel: OverviewPanel, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = panel.table.visualRect(panel.sorted.index(row, NAME)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, keys, QPoint(place))


def test_every_layer_is_a_row_with_what_it_takes(panel: OverviewPanel, document: Document) -> None:
    document.set_rates(Rates(dict.fromkeys(TERMS, 1e-8), 2))
    cost = document.estimate.layers["dense"]

    assert names(panel) == ["input", "flatten", "dense", "dense_1"]
    told = [cell(panel, 2, column) for column in (PLACE, KIND, COUNT, MEMORY, TIME, SOURCES)]
    assert told == ["3", "Dense", "39.2 k", bytes_text(cost.bytes), time_text(cost.seconds), "flatten"]
    assert panel.totals.text().startswith("4 layers · 39,760 parameters · ")
    assert panel.totals.text().endswith(f"{time_text(document.estimate.update)} an update")


def test_rows_and_layers_are_selected_together(panel: OverviewPanel, document: Document, selection: Selection) -> None:
    click(panel, 2)
    assert selection.nodes == {"dense"}
    click(panel, 3, Qt.KeyboardModifier.ControlModifier)
    assert selection.nodes == {"dense", "dense_1"}

    selection.set({"flatten"})
    assert {index.row() for index in panel.table.selectionModel().selectedRows()} == {1}

    document.edit("Delete", document.project.with_graph(document.project.graph.without({"input"})))
    assert selection.nodes == {"flatten"}, "rows that went took nothing with them"
    assert {index.row() for index in panel.table.selectionModel().selectedRows()} == {0}


def test_titles_sort_by_numbers_and_back(panel: OverviewPanel, selection: Selection) -> None:
    selection.set({"dense"})
    panel.table.sortByColumn(COUNT, Qt.SortOrder.DescendingOrder)
    assert names(panel)[:2] == ["dense", "dense_1"]
    assert {index.row() for index in panel.table.selectionModel().selectedRows()} == {0}
    panel.table.sortByColumn(PLACE, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["input", "flatten", "dense", "dense_1"]


def test_filtering_keeps_what_is_selected(panel: OverviewPanel, selection: Selection) -> None:
    selection.set({"flatten"})
    QTest.keyClicks(panel.search, "DENSE")
    assert names(panel) == ["dense", "dense_1"]
    assert selection.nodes == {"flatten"}
    panel.search.clear()
    assert {index.row() for index in panel.table.selectionModel().selectedRows()} == {1}


def test_the_table_is_copied_as_text(panel: OverviewPanel) -> None:
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split()[1] for line in lines[2:-1]] == ["input", "flatten", "dense", "dense_1"]
    assert lines[0].split() == ["#", "Layer", "Type", "Output", "Parameters", "Memory", "Time", "From"]
    assert lines[-1] == panel.totals.text()
    columns = [line.index(word) for line, word in zip(lines[2:5], ("Input", "Flatten", "Dense"), strict=True)]
    assert len(set(columns)) == 1, "columns stand under each other"


def test_a_hidden_table_catches_up_when_it_is_shown(panel: OverviewPanel, document: Document) -> None:
    panel.hide()
    document.edit("Empty", Project())
    assert panel.sorted.rowCount() == 4
    panel.show()
    assert panel.sorted.rowCount() == 0
    assert panel.hint.isVisible()


def test_a_thousand_layers_select_each_other(qtbot: QtBot, panel: OverviewPanel, document: Document) -> None:
    steps = [("Dense", {"units": 3, "activation": "relu"})] * 998
    document.reset(Project(chain(("Input", {"shape": (3,)}), *steps, ("Dense", {"units": 2}))))
    qtbot.waitUntil(lambda: panel.sorted.rowCount() == 1000)
    panel._selection.set({"dense_700"})

    row = panel.table.selectionModel().selectedRows()[0]
    assert cell(panel, row.row(), NAME) == "dense_700"
    area = panel.table.viewport().rect()
    qtbot.waitUntil(lambda: area.contains(panel.table.visualRect(row)))  # it is brought into sight


def test_names_are_no_markup_in_tips(panel: OverviewPanel, document: Document) -> None:
    name = "<img src='/etc/passwd'> & <b>x</b>"
    document.edit("Rename", document.project.with_graph(document.project.graph.labelled("flatten", name)))
    tip = str(panel.sorted.index(2, SOURCES).data(Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in tip
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == f"Takes what {name} gives."
