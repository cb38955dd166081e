"""The whole network as a table that can be sorted, searched and copied, in step with the canvas."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTableView, QVBoxLayout, QWidget

from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.blocks import MARGIN, button, label, row_table
from designer.panels.late import Late
from designer.panels.layer_table import (
    COUNT,
    FIGURES,
    KIND,
    MEMORY,
    NAME,
    OUTPUT,
    PLACE,
    SORTED_BY,
    SOURCES,
    TIME,
    LayerTable,
)  # fmt: skip
from designer.panels.shape_words import bytes_text, time_text
from designer.text import tr

ROW_HEIGHT = 24
#: Columns from left to right, with their widths at first (pixels).
COLUMNS = ((PLACE, 44), (NAME, 170), (KIND, 150), (OUTPUT, 120), (COUNT, 90), (MEMORY, 84), (TIME, 76), (SOURCES, 200))


class OverviewPanel(QWidget):
    """Every layer with type, shape, parameters, memory, time and where its input comes from; totals below.

    Args:
        document: the network.
        selection: what is selected; rows and canvas select the same.
    """

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self.setObjectName("overview-panel")
        self._document, self._selection = document, selection
        self._stale = True
        self._late = Late(self, self._catch_up)
        self._leading = False  # rows are being selected because the canvas said so
        self.model = LayerTable(document)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORTED_BY)
        self.sorted.setFilterKeyColumn(-1)
        self.sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = _table(self.sorted)
        self.search = QLineEdit()
        self.search.setObjectName("overview-search")
        self.search.setPlaceholderText(tr("Filter the layers"))
        self.search.setToolTip(tr("Show only layers with this text in one of their columns."))
        self.search.setAccessibleName(tr("Filter the layers"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(220)
        self.copying = button(
            "copy-table",
            tr("Copy as text"),
            tr("Copy the table with its totals, as it is sorted and filtered."),
            "normal",
        )
        self.totals = label("", "small", tr("All layers together; memory and time are estimated."))
        self.totals.setObjectName("totals")
        self.hint = label(tr("The network is empty. Drag an Input from the palette onto the canvas to begin."), "muted")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.totals, 1)
        foot.addWidget(self.search)
        foot.addWidget(self.copying)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN // 2, 0, MARGIN // 2, MARGIN // 2)
        layout.setSpacing(6)
        layout.addWidget(self.hint)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.copying.clicked.connect(self.copy)
        copying = QAction(self.table)
        copying.setShortcut(QKeySequence.StandardKey.Copy)
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self.copy)
        self.table.addAction(copying)
        self.table.selectionModel().selectionChanged.connect(self._lead)
        self._document.changed.connect(self._follow)
        self._selection.changed.connect(self._mark)

    def copy(self) -> None:
        """Put the table on the clipboard as aligned text."""
        QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """The table as aligned text, with the totals."""
        self._catch_up()
        order = [column for column, _ in COLUMNS]
        lines = [[str(self.model.headerData(column, Qt.Orientation.Horizontal)) for column in order]]
        for row in range(self.sorted.rowCount()):
            lines.append([str(self.sorted.index(row, column).data()) for column in order])
        widths = [max(len(line[place]) for line in lines) for place in range(len(order))]
        numbers = {place for place, column in enumerate(order) if column in FIGURES}
        aligned = [_aligned(line, widths, numbers) for line in lines]
        return "\n".join([aligned[0], "-" * max(map(len, aligned)), *aligned[1:], self.totals.text()]) + "\n"

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up: a hidden table follows nothing."""
        super().showEvent(event)
        self._catch_up()

    def _follow(self, diff: Diff) -> None:
        if diff.everything:
            self.table.scrollToTop()
        if not diff.only_placed:
            self._stale = True
            if self.isVisible():
                self._late.ask(len(self._document.project.graph.nodes))

    def _catch_up(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._leading = True  # rows that go must not take the canvas's selection with them
        self.model.refresh()
        self._leading = False
        full = bool(self.model.rows)
        for part in (self.table, self.totals, self.search, self.copying):
            part.setVisible(full)
        self.hint.setVisible(not full)
        self.totals.setText(self._totals())
        self._mark()

    def _totals(self) -> str:
        trained, fixed = self._document.inference.parameter_count()
        found = self._document.estimate
        count = len(self.model.rows)
        parts = [tr("1 layer") if count == 1 else tr("{n} layers", n=f"{count:,}")]
        parameters = tr("{n} parameters", n=f"{trained + fixed:,}")
        parts.append(parameters + (tr(" ({n} not trained)", n=f"{fixed:,}") if fixed else ""))
        if found.layers:
            parts.append(tr("{bytes} while training", bytes=bytes_text(found.bytes)))
        if found.update is not None:
            parts.append(tr("{time} an update", time=time_text(found.update)))
        return " · ".join(parts)

    def _filter(self, text: str) -> None:
        self._leading = True
        self.sorted.setFilterFixedString(text.strip())
        self._leading = False
        self._mark()

    # -- in step with the canvas -------------------------------------------------------------------

    def _lead(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        """Somebody selected rows: select these layers."""
        if not self._leading:
            rows = self.table.selectionModel().selectedRows()
            self._selection.set(self._key(index.row()) for index in rows)

    def _mark(self, _selection: object = None) -> None:
        """Something was selected elsewhere: mark its rows and bring the first into sight."""
        if self._stale or self._leading:
            return
        chosen = self._selection.nodes
        rows = [row for row in range(self.sorted.rowCount() if chosen else 0) if self._key(row) in chosen]
        if {index.row() for index in self.table.selectionModel().selectedRows()} == set(rows):
            return
        wanted = QItemSelection()
        for row in rows:
            wanted.select(self.sorted.index(row, 0), self.sorted.index(row, PLACE))
        self._leading = True
        self.table.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._leading = False
        if rows:
            QTimer.singleShot(0, self, self._bring)  # rows that came just now have no places yet

    def _bring(self) -> None:
        """Bring the first selected row into sight."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        if rows:
            self.table.scrollTo(self.sorted.index(rows[0], NAME))

    def _key(self, row: int) -> str:
        """The node of a row as the table is sorted and filtered."""
        return self.model.key(self.sorted.mapToSource(self.sorted.index(row, 0)).row())


def _table(model: QSortFilterProxyModel) -> QTableView:
    table = row_table(model, "overview-table", ROW_HEIGHT)
    table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
    table.setToolTip(tr("All layers; a click on a title sorts, on a row selects the layer on the canvas as well."))
    table.setAccessibleName(tr("Table of the layers"))
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    for place, (column, width) in enumerate(COLUMNS):
        header.moveSection(header.visualIndex(column), place)
        header.resizeSection(column, width)
    table.setSortingEnabled(True)
    table.sortByColumn(PLACE, Qt.SortOrder.AscendingOrder)
    return table


def _aligned(line: list[str], widths: list[int], numbers: set[int]) -> str:
    pieces = [text.rjust(widths[n]) if n in numbers else text.ljust(widths[n]) for n, text in enumerate(line)]
    return "  ".join(pieces).rstrip()
