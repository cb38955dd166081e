"""The inspector's page when nothing is selected: the whole network as a table."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.blocks import MARGIN, Fact, label
from designer.panels.late import Late
from designer.panels.shape_words import bytes_text, count_text, output_of, time_text, title_of
from designer.text import tr
from designer.theme import current_theme
from engine.graph import Graph
from engine.problems import Problem

#: Height of a line of the table (pixels).
ROW_HEIGHT = 28

Index = QModelIndex | QPersistentModelIndex


class LayerTable(QAbstractTableModel):
    """Name, output shape and parameter count of every layer, in the order data flow."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._rows: list[tuple[str, str, str, str, str]] = []
        self._faults: frozenset[str] = frozenset()

    def refresh(self) -> None:
        """Read the document again."""
        graph, inference = self._document.project.graph, self._document.inference
        self.beginResetModel()
        self._faults = frozenset(p.node for p in self._document.problems if p.node and p.severity == "error")
        self._rows = []
        for key in graph.order:
            node, spec = graph.nodes[key], output_of(inference, key)
            count = sum(inference.parameter_count(key))
            title = title_of(node.layer)
            self._rows.append((key, node.name, str(spec) if spec else "?", count_text(count) if count else "", title))
        self.endResetModel()

    def key(self, row: int) -> str:
        """The node of a row."""
        return self._rows[row][0]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        key, *cells, title = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and key in self._faults:
            return QColor(current_theme().error)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{title}: click to see and change it.", title=title)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Layer"), tr("Output"), tr("Parameters"))[section]
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == 2 else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class NetworkPage(QWidget):
    """Table of the layers with totals; a click selects a layer."""

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document = document
        self._selection = selection
        self.model = LayerTable(document)
        self._late = Late(self, self._show)
        self.table = _table(self.model)
        self.table.clicked.connect(self._select)
        self.table.activated.connect(self._select)
        self.layers = Fact(tr("Layers"))
        self.count = Fact(tr("Parameters"), tr("All numbers that training changes."))
        self.cost = Fact(
            tr("Training"),
            tr("What training takes on this machine, estimated from a short measurement of it. Memory is that of the "
               "arrays, without the data and the program itself."),
        )  # fmt: skip
        self.open = Fact(tr("Open points"), tr("What stands between this network and its training."))
        self.hint = label(tr("The network is empty. Drag an Input from the palette onto the canvas to begin."), "muted")
        self.advice = label(tr("Click a layer to see and change it."), "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(10)
        for part in (label(tr("Network"), "title"), self.hint, self.advice):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        for part in (self.layers, self.count, self.cost, self.open):
            layout.addWidget(part)
        layout.addStretch()

    def refresh(self) -> None:
        """Read the document again."""
        self._late.ask(len(self._document.project.graph.nodes))

    def _show(self) -> None:
        self.model.refresh()
        graph = self._document.project.graph
        full = bool(graph.nodes)
        for part in (self.table, self.layers, self.count, self.advice):
            part.setVisible(full)
        self._show_estimate()
        self.hint.setVisible(not full)
        trained, fixed = self._document.inference.parameter_count()
        self.layers.tell(f"{len(graph.nodes):,}")
        words = bytes_text((trained + fixed) * 4)
        self.count.tell(f"{trained + fixed:,}", words + (tr(", {n} not trained", n=f"{fixed:,}") if fixed else ""))
        self.open.tell(*_open_points(self._document.problems, graph))
        self.open.setVisible(full)
        height = self.table.horizontalHeader().sizeHint().height() + ROW_HEIGHT * len(graph.nodes) + 4
        self.table.setMaximumHeight(height)

    def _show_estimate(self) -> None:
        found, project = self._document.estimate, self._document.project
        self.cost.setVisible(bool(found.layers) and len(found.layers) == len(project.graph.nodes))
        memory = tr("{bytes} with batches of {n}",
                    bytes=bytes_text(found.bytes), n=f"{project.training.batch_size:,}")  # fmt: skip
        if found.update is None:
            self.cost.tell(tr("about {what}", what=memory))
            return
        update = tr("{time} an update", time=time_text(found.update))
        if found.epoch is None:
            self.cost.tell(tr("about {what}", what=update), memory)
        else:
            epoch = tr("{time} an epoch", time=time_text(found.epoch))
            self.cost.tell(tr("about {what}", what=epoch), f"{update}\n{memory}")

    def _select(self, index: QModelIndex) -> None:
        self._selection.set({self.model.key(index.row())})


def _open_points(problems: tuple[Problem, ...], graph: Graph) -> tuple[str, str]:
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return tr("none"), ""
    # The sentences stand at the layers; here it is enough to know where.
    places = list(dict.fromkeys(graph.nodes[p.node].name for p in errors if p.node in graph.nodes))
    return str(len(errors)), tr("at {names}", names=", ".join(places)) if places else ""


def _table(model: LayerTable) -> QTableView:
    table = QTableView()
    table.setObjectName("network-table")
    table.setModel(model)
    table.setShowGrid(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setToolTip(tr("All layers in the order data flow through them."))
    table.setAccessibleName(tr("Layers of the network"))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.setWordWrap(False)
    header = table.horizontalHeader()
    header.setResizeContentsPrecision(60)
    header.setHighlightSections(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
    return table
