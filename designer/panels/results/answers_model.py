"""Answers as a table with thumbnails."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from designer.panels.pictures import picture, value_range
from designer.text import tr
from designer.training.answering import Answered

#: Side of a thumbnail (px).
SIDE = 32
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class AnswersModel(QAbstractTableModel):
    """The rows of an ``Answered``; a column of pictures in front where the samples are some."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._answered: Answered | None = None
        self._pixmaps: dict[int, QPixmap] = {}
        self._range = (0.0, 1.0)

    def tell(self, answered: Answered | None) -> None:
        """Show other answers."""
        self.beginResetModel()
        self._answered = answered
        self._pixmaps.clear()
        if answered is not None:
            first = next(iter(answered.samples.inputs.values()))
            self._range = value_range(np.asarray(first[:200]))
        self.endResetModel()

    @property
    def has_pictures(self) -> bool:
        """Whether the first column shows the samples."""
        return self._answered is not None and bool(self._answered.rows) and self._answered.picture(0) is not None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() or self._answered is None else len(self._answered.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        if parent.isValid() or self._answered is None:
            return 0
        return len(self._answered.columns) + self.has_pictures

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._answered is None or orientation is Qt.Orientation.Vertical:
            return None
        place = section - self.has_pictures
        if role == Qt.ItemDataRole.TextAlignmentRole:
            text = place < 0 or not self._answered.rows or isinstance(self._answered.rows[0][place], str)
            side = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("sample") if place < 0 else self._answered.columns[place]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._answered is None:
            return None
        place = index.column() - self.has_pictures
        if place < 0:
            return self._pixmap(index.row()) if role == Qt.ItemDataRole.DecorationRole else None
        cell = self._answered.rows[index.row()][place]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(cell, self._answered.columns[place])
        if role == Qt.ItemDataRole.TextAlignmentRole and not isinstance(cell, str):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _pixmap(self, row: int) -> QPixmap:
        if row not in self._pixmaps:
            assert self._answered is not None
            values = self._answered.picture(row)
            assert values is not None
            image = QPixmap.fromImage(picture(values, *self._range))
            keep = Qt.AspectRatioMode.KeepAspectRatio
            self._pixmaps[row] = image.scaled(SIDE, SIDE, keep, Qt.TransformationMode.SmoothTransformation)
        return self._pixmaps[row]


def _text(cell: Any, column: str) -> str:
    if column == "row" or column.endswith(": row"):
        return f"{int(cell):,}"
    if isinstance(cell, float | np.floating):
        if column.endswith("confidence"):
            return f"{100 * float(cell):.1f} %"
        size = abs(float(cell))
        return f"{float(cell):.4f}" if size < 1e4 and (size >= 5e-5 or size == 0) else f"{float(cell):.1e}"
    return str(cell)
