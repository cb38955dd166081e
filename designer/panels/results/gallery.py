"""The samples of one cell of the matrix, the surest answers first."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from designer.panels.inside.rows import Part, parts_of
from designer.panels.inside.words import Words
from designer.panels.pictures import is_picture, picture, value_range
from designer.panels.samples import number_text
from designer.text import tr
from engine.catalogue.sources.base import Dataset
from engine.explain.confusion import Confusion
from engine.project import Split

#: Side of a thumbnail, and samples that are listed at most.
SIDE, MOST = 52, 2_000
Index = QModelIndex | QPersistentModelIndex


class SamplesModel(QAbstractListModel):
    """Thumbnails (or the first numbers) of chosen samples, made when they are first seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._places: list[int] = []
        self._captions: list[str] = []
        self._pixmaps: dict[int, QPixmap] = {}
        self._range = (0.0, 1.0)

    def show(self, part: Part | None, places: list[int], captions: list[str]) -> None:
        """List other samples."""
        self.beginResetModel()
        self._part, self._places, self._captions = part, places, captions
        self._pixmaps.clear()
        field = self._picture_field()
        if field is not None:
            self._range = value_range(np.asarray(field.values[:200]))
        self.endResetModel()

    def place(self, row: int) -> int:
        """Place of a listed sample within its part."""
        return self._places[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._part is None:
            return None
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            head = "" if self._picture_field() is not None else self._numbers(row) + "   "
            return head + self._captions[row].split("\n", maxsplit=1)[0]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._captions[row].replace("<", "‹")
        if role == Qt.ItemDataRole.DecorationRole and self._picture_field() is not None:
            return self._pixmap(row)
        return None

    def _picture_field(self) -> Any:
        return next((f for f in self._part.inputs.values() if is_picture(f)), None) if self._part else None

    def _pixmap(self, row: int) -> QPixmap:
        if row not in self._pixmaps:
            assert self._part is not None
            values = np.asarray(self._picture_field().values[self._part.numbers[self._places[row]]])
            small = QPixmap.fromImage(picture(values, *self._range))
            keep = Qt.AspectRatioMode.KeepAspectRatio
            self._pixmaps[row] = small.scaled(SIDE, SIDE, keep, Qt.TransformationMode.FastTransformation)
        return self._pixmaps[row]

    def _numbers(self, row: int) -> str:
        assert self._part is not None
        first = next(iter(self._part.inputs.values()))
        flat = np.asarray(first.values[self._part.numbers[self._places[row]]]).reshape(-1)
        return ", ".join(number_text(n) for n in flat[:6]) + (" …" if flat.size > 6 else "")


class Gallery(QWidget):
    """Shows which samples are behind a cell.

    Attributes:
        opened: emitted with the place of a sample within the part that is judged.
        part: that part.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("results-gallery")
        self.part: Part | None = None
        self._known: tuple[object, ...] = ()
        self.title = Words("results-gallery-title", "text", strong=True)
        self.hint = Words("results-gallery-hint", "muted")
        self.model = SamplesModel(self)
        self.list = QListView()
        self.list.setObjectName("results-samples")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Samples of the chosen cell"))
        self.list.clicked.connect(lambda index: self.opened.emit(self.model.place(index.row())))
        self.list.activated.connect(lambda index: self.opened.emit(self.model.place(index.row())))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.hint)
        layout.addWidget(self.list, 1)
        self.clear()

    def set_data(self, dataset: Dataset | None, split: Split, validation: bool) -> None:
        """Samples come from this part of the data."""
        if (dataset, split, validation) == self._known:
            return
        self._known = (dataset, split, validation)
        parts = parts_of(dataset, split) if dataset is not None else ()
        self.part = parts[0] if parts and (validation or len(parts) == 1) else (parts[-1] if parts else None)
        pictures = self.part is not None and any(is_picture(f) for f in self.part.inputs.values())
        self.list.setViewMode(QListView.ViewMode.IconMode if pictures else QListView.ViewMode.ListMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setGridSize(QSize(SIDE + 26, SIDE + 28) if pictures else QSize())

    def clear(self) -> None:
        """Nothing is chosen."""
        self.title.tell(tr("Samples"))
        self.hint.tell(tr("Click a cell of the matrix to see its samples."))
        self.model.show(None, [], [])

    def show_cell(self, confusion: Confusion, true: int, predicted: int, names: tuple[str, ...]) -> None:
        """List one cell's samples."""
        rows = confusion.cell(true, predicted)
        if self.part is None or len(confusion.true) != len(self.part.numbers):
            self.clear()
            return
        head = (
            tr("{one}, recognized", one=names[true])
            if true == predicted
            else tr("{one}, taken for {other}", one=names[true], other=names[predicted])
        )
        self.title.tell(head)
        more = tr(" (the first {count} are listed)", count=f"{MOST:,}") if len(rows) > MOST else ""
        words = {0: tr("No sample."), 1: tr("1 sample")}
        count = words.get(len(rows), tr("{count} samples, the surest answers first", count=len(rows)))
        self.hint.tell(count + more)
        shown = [int(row) for row in rows[:MOST]]
        captions = [
            tr(
                "{percent} %\nSample {n} is {one}; the network says {other}, with {percent} %. Click to look inside.",
                percent=f"{100 * confusion.confidence[row]:.0f}", n=row + 1, one=names[true], other=names[predicted],
            )
            for row in shown
        ]  # fmt: skip
        self.model.show(self.part, shown, captions)
