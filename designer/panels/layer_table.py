"""All layers as the rows of a table, in the order data flow through them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from designer.model.document import Document
from designer.panels.shape_words import bytes_text, count_text, output_of, time_text, title_of
from designer.text import plain_tip, tr
from designer.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
#: What cells are sorted by: numbers, not their texts.
SORTED_BY = Qt.ItemDataRole.UserRole
NAME, OUTPUT, COUNT, KIND, MEMORY, TIME, SOURCES, PLACE = range(8)
#: Columns of numbers.
FIGURES = frozenset({COUNT, MEMORY, TIME, PLACE})


@dataclass(frozen=True)
class Row:
    """One layer.

    Attributes:
        key: id of the node.
        name, kind, output, sources: as they are read.
        count: its parameters.
        size: numbers of one sample that leave it; -1 where that is not known.
    """

    key: str
    name: str
    kind: str
    output: str
    sources: str
    count: int
    size: int


class LayerTable(QAbstractTableModel):
    """Name, output shape, parameters and more of every layer; what an estimate tells is looked up when it is shown."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._rows: list[Row] = []
        self._faults: frozenset[str] = frozenset()

    def refresh(self) -> None:
        """Read the document again; while the layers are the same, the view keeps its place."""
        self._faults = frozenset(p.node for p in self._document.problems if p.node and p.severity == "error")
        rows = [self._row(key) for key in self._document.project.graph.order]
        if [row.key for row in rows] == [row.key for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, PLACE))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _row(self, key: str) -> Row:
        graph, inference = self._document.project.graph, self._document.inference
        node, spec = graph.nodes[key], output_of(inference, key)
        sources = dict.fromkeys(graph.nodes[edge.source].name for edge in graph.into(key))
        size = spec.size if spec is not None and spec.known else -1
        count = sum(inference.parameter_count(key))
        kind = title_of(node.layer)
        return Row(key, node.name, kind, str(spec) if spec else "?", ", ".join(sources), count, size)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The layers, in order."""
        return tuple(self._rows)

    def key(self, row: int) -> str:
        """The node of a row."""
        return self._rows[row].key

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else PLACE + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column, index.row())
        if role == SORTED_BY:
            return self._measure(row, column, index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole and column in FIGURES:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row, column))
        return None

    def _text(self, row: Row, column: int, place: int) -> str:
        if column in (MEMORY, TIME):
            value = self._measure(row, column, place)
            if not isinstance(value, (int, float)) or value < 0:
                return ""
            return bytes_text(value) if column == MEMORY else time_text(value)
        texts = {NAME: row.name, OUTPUT: row.output, KIND: row.kind, SOURCES: row.sources, PLACE: str(place + 1)}
        return texts.get(column, count_text(row.count) if row.count else "")

    def _measure(self, row: Row, column: int, place: int) -> object:
        """What a cell is sorted by; -1 where it is not known."""
        if column in (MEMORY, TIME):
            cost = self._document.estimate.layers.get(row.key)
            if cost is None:
                return -1
            return cost.bytes if column == MEMORY else -1.0 if cost.seconds is None else cost.seconds
        names = {NAME: row.name.casefold(), KIND: row.kind.casefold(), SOURCES: row.sources.casefold()}
        return names.get(column, {OUTPUT: row.size, COUNT: row.count, PLACE: place}.get(column))

    def _color(self, row: Row, column: int) -> QColor | None:
        if row.key in self._faults:
            return QColor(current_theme().error)
        return QColor(current_theme().muted) if column in (PLACE, SOURCES) else None

    def _tip(self, row: Row, column: int) -> str:
        if column == COUNT and row.count:
            return tr("{n} parameters", n=f"{row.count:,}")
        if column == SOURCES and row.sources:
            return tr("Takes what {names} gives.", names=row.sources)
        return tr("{title}: click to see and change it.", title=row.kind)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way != Qt.Orientation.Horizontal:
            return None
        title, tip = _heads()[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in FIGURES else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _heads() -> tuple[tuple[str, str], ...]:
    """The titles of the columns and what they mean."""
    return (
        (tr("Layer"), tr("The layer's name; click to sort by it.")),
        (tr("Output"), tr("The size of one sample that leaves it, without the batch.")),
        (tr("Parameters"), tr("How many numbers it learns or keeps.")),
        (tr("Type"), tr("What kind of layer it is.")),
        (tr("Memory"), tr("Its arrays while training, with batches as set in the Training panel; estimated.")),
        (tr("Time"), tr("Its part of every update on this machine, estimated from a short measurement.")),
        (tr("From"), tr("The layers whose output it takes.")),
        ("#", tr("Its place in the order in which data flow.")),
    )
