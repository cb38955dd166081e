"""A look at the data: a table of numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from designer.panels.samples import cell_text, number_text
from engine.catalogue.sources.base import Dataset, Field

#: Rows added at a time.
PAGE = 20
#: Columns shown; more numbers do not help the eye.
COLUMNS = 40

Index = QModelIndex | QPersistentModelIndex


class ValueTable(QAbstractTableModel):
    """Samples as rows of numbers, inputs first, then what they are judged by."""

    def __init__(self) -> None:
        super().__init__()
        self._dataset: Dataset | None = None
        self._columns: list[tuple[str, Field, int]] = []
        self.shown = 0

    def tell(self, dataset: Dataset) -> None:
        """Show another data set from its beginning."""
        self.beginResetModel()
        self._dataset = dataset
        inputs = _columns(dataset.inputs)[:COLUMNS]
        self._columns = [*inputs, *_columns(dataset.targets)[: COLUMNS // 4]]
        self.shown = min(PAGE, dataset.samples)
        self.endResetModel()

    def add_page(self) -> None:
        """Show some more."""
        if self._dataset is None:
            return
        self.beginResetModel()
        self.shown = min(self.shown + PAGE, self._dataset.samples)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.shown

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            _, field, place = self._columns[index.column()]
            if field.classes:
                return cell_text(field, index.row())
            return number_text(np.asarray(field.values[index.row()]).reshape(-1)[place])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._columns[section][0] if way == Qt.Orientation.Horizontal else section + 1


def _columns(fields: dict[str, Field]) -> list[tuple[str, Field, int]]:
    found = []
    for name, field in fields.items():
        width = max(1, field.values[:1].size)
        found += [(name if width == 1 else f"{name} {i}", field, i) for i in range(min(width, COLUMNS))]
    return found
