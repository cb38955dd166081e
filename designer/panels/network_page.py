"""The inspector's page when nothing is selected: the whole network as a short table with totals."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.blocks import MARGIN, Fact, button, label, row_table
from designer.panels.late import Late
from designer.panels.layer_table import COUNT, NAME, OUTPUT, LayerTable
from designer.panels.problem_list import counted
from designer.panels.shape_words import bytes_text, time_text
from designer.text import tr
from engine.graph import Graph
from engine.problems import Problem

#: Height of a line of the table (pixels).
ROW_HEIGHT = 24


class NetworkPage(QWidget):
    """Table of the layers with totals; a click selects a layer.

    Attributes:
        asked: somebody wants to see ``overview``, the whole table, or ``problems``.
    """

    asked = Signal(str)

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document = document
        self._selection = selection
        self.model = LayerTable(document)
        self._late = Late(self, self._show)
        self.table = _table(self.model)
        self.table.clicked.connect(self._select)
        self.table.activated.connect(self._select)
        self.count = Fact(tr("Parameters"), tr("All numbers that training changes."))
        self.cost = Fact(
            tr("Training"),
            tr("What training takes on this machine, estimated from a short measurement of it. Memory is that of the "
               "arrays, without the data and the program itself."),
        )  # fmt: skip
        self.open = Fact(tr("Open points"), tr("What stands between this network and its training."))
        self.hint = label(tr("The network is empty. Drag an Input from the palette onto the canvas to begin."), "muted")
        self.title = label(tr("Network"), "title")
        self.whole = button(
            "whole-table", tr("All columns"),
            tr("Show the table with memory, time and connections; it can be sorted and copied."), "link",
        )  # fmt: skip
        self.mend = button("see-problems", tr("See all"), tr("List every problem, with what mends it."), "link")
        self.whole.clicked.connect(lambda: self.asked.emit("overview"))
        self.mend.clicked.connect(lambda: self.asked.emit("problems"))
        self._lay_out()

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.whole)
        foot.addWidget(self.open, 1)
        foot.addWidget(self.mend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.hint)
        layout.addWidget(self.table, 1)
        for part in (self.count, self.cost):
            layout.addWidget(part)
        layout.addLayout(foot)
        layout.addStretch()

    def refresh(self) -> None:
        """Read the document again."""
        self._late.ask(len(self._document.project.graph.nodes))

    def _show(self) -> None:
        self.model.refresh()
        graph = self._document.project.graph
        full = bool(graph.nodes)
        for part in (self.table, self.count, self.whole):
            part.setVisible(full)
        self._show_estimate()
        self.hint.setVisible(not full)
        trained, fixed = self._document.inference.parameter_count()
        self.title.setText(_title(len(graph.nodes)))
        words = bytes_text((trained + fixed) * 4)
        self.count.tell(f"{trained + fixed:,}", words + (tr(", {n} not trained", n=f"{fixed:,}") if fixed else ""))
        self.open.tell(*_open_points(self._document.problems, self._document.advice, graph))
        self.open.setVisible(full)
        self.mend.setVisible(full and bool(self._document.problems or self._document.advice))
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


def _title(layers: int) -> str:
    if not layers:
        return tr("Network")
    return tr("Network of one layer") if layers == 1 else tr("Network of {n} layers", n=f"{layers:,}")


def _open_points(problems: tuple[Problem, ...], advice: tuple[Problem, ...], graph: Graph) -> tuple[str, str]:
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return tr("none"), counted((*problems, *advice)) if problems or advice else ""
    # The sentences stand at the layers; here it is enough to know where.
    places = list(dict.fromkeys(graph.nodes[p.node].name for p in errors if p.node in graph.nodes))
    return str(len(errors)), tr("at {names}", names=", ".join(places)) if places else ""


def _table(model: LayerTable) -> QTableView:
    table = row_table(model, "network-table", ROW_HEIGHT)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setToolTip(tr("All layers in the order data flow through them."))
    table.setAccessibleName(tr("Layers of the network"))
    header = table.horizontalHeader()
    header.setResizeContentsPrecision(60)
    for column in range(model.columnCount()):
        table.setColumnHidden(column, column not in (NAME, OUTPUT, COUNT))
    header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(OUTPUT, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
    return table
