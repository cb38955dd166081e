"""Walks through the samples of the data set."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer.panels.form.icon_button import IconButton
from designer.panels.inside.compact import compact_combo, compact_spin
from designer.panels.inside.picture import Picture, nothing
from designer.panels.inside.plate import Plate
from designer.panels.inside.rows import Array, Part, parts_of
from designer.panels.inside.words import Words
from designer.panels.pictures import is_picture, picture, value_range
from designer.panels.samples import number_text
from designer.text import tr
from engine.catalogue.sources.base import Dataset, Field
from engine.project import Split

#: Samples by which black and white are chosen, and numbers that are listed of a row.
JUDGED, LISTED = 200, 200


class Browser(QWidget):
    """One sample at a time, those that judge first.

    Attributes:
        changed: emitted when another sample is shown.
        plate: the picture.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-browser")
        self._dataset: Dataset | None = None
        self._split: Split | None = None
        self._parts: tuple[Part, ...] = ()
        self._numbers: Array = np.arange(0)
        self._range = (0.0, 1.0)
        self._random = np.random.Generator(np.random.Philox(0))
        self.plate = Plate(
            "inside-sample",
            tr("The sample that is looked at. Arrow keys show the next one; double-click or Enter enlarges."),
            tr("Sample"),
        )
        self.plate.stepped.connect(lambda across, down: self.step(across or down))
        self.table = QPlainTextEdit()
        self.table.setObjectName("inside-numbers")
        self.table.setReadOnly(True)
        self.table.setMinimumHeight(56)
        self.table.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.table.setToolTip(tr("The numbers of this sample, as the network gets them."))
        self.table.setAccessibleName(tr("Numbers of the sample"))
        self.caption = Words("inside-caption", "text")
        self._make_controls()
        self._lay_out()

    def _make_controls(self) -> None:
        self._back = IconButton("chevron-left", tr("The sample before this one."))
        self._on = IconButton("chevron-right", tr("The next sample."))
        self._dice = IconButton("shuffle-variant", tr("Any other sample, chosen at random."))
        for button, name in ((self._back, "previous"), (self._on, "next"), (self._dice, "random")):
            button.setObjectName(f"inside-{name}")
        self._back.clicked.connect(lambda: self.step(-1))
        self._on.clicked.connect(lambda: self.step(1))
        self._dice.clicked.connect(self.shuffle)
        self.number = QSpinBox()
        self.number.setObjectName("inside-number")
        compact_spin(self.number)
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName(tr("Number of the sample"))
        self.number.setToolTip(tr("Number of the sample; type one to go there."))
        self.number.valueChanged.connect(self._show)
        self.part = QComboBox()
        self.part.setObjectName("inside-part")
        self.part.setAccessibleName(tr("Part of the data"))
        self.part.setToolTip(tr("Validation: samples the network never learns from. Training: those it does."))
        self.part.activated.connect(self._choose_rows)
        self.classes = QComboBox()
        self.classes.setObjectName("inside-class")
        self.classes.setAccessibleName(tr("Class of the samples"))
        self.classes.setToolTip(tr("Show samples of one class only."))
        self.classes.activated.connect(self._choose_rows)
        for combo in (self.part, self.classes):
            compact_combo(combo)

    def _lay_out(self) -> None:
        self._faces = QStackedWidget()
        self._faces.addWidget(self.plate)
        self._faces.addWidget(self.table)
        walk = QHBoxLayout()
        walk.setSpacing(2)
        for widget in (self._back, self.number, self._on, self._dice):
            walk.addWidget(widget, 1 if widget is self.number else 0)
        pick = QHBoxLayout()
        pick.setSpacing(4)
        pick.addWidget(self.part, 1)
        pick.addWidget(self.classes, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._faces, 1)
        layout.addWidget(self.caption)
        layout.addLayout(walk)
        layout.addLayout(pick)

    # -- what is shown ---------------------------------------------------------------------------

    def set_data(self, dataset: Dataset | None, split: Split) -> None:
        """Walk through other data; nothing happens when they are the same."""
        if dataset is self._dataset and split == self._split:
            return
        fresh = dataset is not self._dataset
        self._dataset, self._split = dataset, split
        self._parts = parts_of(dataset, split) if dataset is not None else ()
        field = self._field()
        if fresh:
            self._range = value_range(np.asarray(field.values[:JUDGED])) if field is not None else (0.0, 1.0)
            with QSignalBlocker(self.classes):
                self.classes.clear()
                self.classes.addItem(tr("All classes"), None)
                labels = self._parts[0].labels if self._parts else None
                for index, name in enumerate(labels.classes if labels is not None else ()):
                    self.classes.addItem(name, index)
                self.classes.setVisible(labels is not None)
        with QSignalBlocker(self.part):
            chosen = max(0, self.part.currentIndex())
            self.part.clear()
            self.part.addItems([part.title for part in self._parts])
            self.part.setCurrentIndex(min(chosen, len(self._parts) - 1))
        self._choose_rows()

    @property
    def range(self) -> tuple[float, float]:
        """The values that stand for black and white."""
        return self._range

    @property
    def row(self) -> int | None:
        """Row of the sample in its part's fields."""
        return int(self._numbers[self.number.value() - 1]) if len(self._numbers) else None

    def fields(self) -> dict[str, Array]:
        """The sample by field name; empty without data."""
        part, row = self._part, self.row
        return {} if part is None or row is None else {k: np.asarray(f.values[row]) for k, f in part.inputs.items()}

    def truths(self) -> dict[str, Array]:
        """What is right for this sample, by target field."""
        part, row = self._part, self.row
        return {} if part is None or row is None else {k: np.asarray(f.values[row]) for k, f in part.targets.items()}

    def step(self, by: int) -> None:
        """Go to a neighbour."""
        self.number.setValue(self.number.value() + by)

    def shuffle(self) -> None:
        """Go to any sample."""
        if len(self._numbers):
            self.number.setValue(1 + int(self._random.integers(len(self._numbers))))

    def show_sample(self, part: Part, row: int) -> None:
        """Go to a sample, in whichever part it is now."""
        for place, mine in enumerate(self._parts):
            found = np.flatnonzero(mine.numbers == row) if mine.inputs is part.inputs else np.arange(0)
            if len(found):
                self.part.setCurrentIndex(place)
                self.classes.setCurrentIndex(0)
                self._choose_rows()
                self.number.setValue(int(found[0]) + 1)
                return

    @property
    def _part(self) -> Part | None:
        place = self.part.currentIndex()
        return self._parts[place] if 0 <= place < len(self._parts) else None

    def _field(self) -> Field | None:
        """The input that is a picture."""
        part = self._part or (self._parts[0] if self._parts else None)
        return next((f for f in part.inputs.values() if is_picture(f)), None) if part is not None else None

    def _choose_rows(self, _index: int = 0) -> None:
        part = self._part
        chosen = self.classes.currentData()
        self._numbers = part.of_class(chosen) if part is not None else np.arange(0)
        count = len(self._numbers)
        with QSignalBlocker(self.number):
            self.number.setRange(min(1, count), count)
            self.number.setSuffix(tr(" of {count}", count=f"{count:,}"))
        for widget in (self._back, self._on, self._dice, self.number):
            widget.setEnabled(count > 0)
        self._show()

    def _show(self, _number: int = 0) -> None:
        field, row, part = self._field(), self.row, self._part
        self._faces.setCurrentWidget(self.table if field is None and row is not None else self.plate)
        if row is None or part is None:
            hint = tr("There are no samples of this class.") if self._parts else tr("Choose data in the Data panel.")
            self.plate.show_picture(None, hint)
            self.caption.tell("")
        else:
            if field is not None:
                image = picture(np.asarray(field.values[row]), *self._range)
                self.plate.show_picture(Picture(image, f"sample-{row + 1}", nothing))
            else:
                self.table.setPlainText(_listed(self.fields()))
            self.caption.tell(_caption(part, row))
        self.changed.emit()


def _caption(part: Part, row: int) -> str:
    labels = part.labels
    if labels is None:
        return tr("Row {n}", n=row + 1)
    index = int(np.asarray(labels.values[row]).reshape(-1)[0])
    name = labels.classes[index] if 0 <= index < len(labels.classes) else str(index)
    return tr("Right answer: {name}", name=name)


def _listed(fields: dict[str, Array]) -> str:
    lines = []
    for name, values in fields.items():
        flat = values.reshape(-1)
        for place, value in enumerate(flat[:LISTED]):
            head = name if flat.size == 1 else f"{name} [{place}]"
            lines.append(f"{head}\t{number_text(value)}")
        if flat.size > LISTED:
            lines.append(tr("and {count} more", count=flat.size - LISTED))
    return "\n".join(lines)
