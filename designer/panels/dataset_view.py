"""What loaded data look like: figures, classes, split, samples."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableView, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.blocks import Fact, label, rule
from designer.panels.class_chart import ClassChart
from designer.panels.form.edit import Edit
from designer.panels.form.form import Form
from designer.panels.preview import BigPicture, PictureGrid
from designer.panels.rows import division_text
from designer.panels.samples import picture_field
from designer.panels.value_table import ValueTable
from designer.text import tr
from engine.catalogue.sources.base import Dataset, Field
from engine.component import parameters
from engine.project import Split


class DatasetView(QWidget):
    """Shows a data set; the split it edits belongs to the project."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._dataset: Dataset | None = None
        self.samples = Fact(tr("Samples"), tr("How many examples there are to learn from, and to judge by."))
        self.fields = QVBoxLayout()
        self.fields.setSpacing(8)
        self.chart_title = label("", "heading")
        self.chart = ClassChart()
        self.split_form = Form(parameters(Split), "param-split")
        self.split_form.edited.connect(self._split_edited)
        self.division = label("", "small")
        self.division.setObjectName("data-division")
        self.grid = PictureGrid()
        self.big = BigPicture(self.grid)
        self.values = ValueTable()
        self.table = _table(self.values)
        self.more = QPushButton(tr("Show more"))
        self.more.setObjectName("data-more")
        self.more.setToolTip(tr("Show some more samples."))
        self.more.clicked.connect(self._add_page)
        self.notes = label("", "small")
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        document.changed.connect(self._on_changed)
        self.hide()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(rule())
        layout.addWidget(self.samples)
        layout.addLayout(self.fields)
        for part in (self.chart_title, self.chart, rule(), label(tr("What judges"), "heading"), self.split_form):
            layout.addWidget(part)
        for part in (self.division, rule(), label(tr("Samples"), "heading"), self.big, self.grid, self.table):
            layout.addWidget(part)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.notes)

    def tell(self, dataset: Dataset | None) -> None:
        """Show a data set, or nothing."""
        if dataset is self._dataset:
            return
        self._dataset = dataset
        self.setVisible(dataset is not None)
        self.big.hide()
        if dataset is None:
            return
        held = len(next(iter(dataset.test_inputs.values()))) if dataset.test_inputs else 0
        words = tr("and {n} of a test set of their own", n=f"{held:,}") if held else tr("no test set of their own")
        self.samples.tell(f"{dataset.samples:,}", words)
        self._show_fields(dataset)
        self._show_classes(dataset)
        self._show_samples(dataset)
        self._show_split()
        self.notes.setText("\n".join(dataset.notes))
        self.notes.setVisible(bool(dataset.notes))

    def _show_fields(self, dataset: Dataset) -> None:
        while (item := self.fields.takeAt(0)) is not None:
            old = item.widget()
            old.hide()
            old.deleteLater()
        for name, field in dataset.inputs.items():
            self._add_field(name, field, tr("enters the network"))
        for name, field in dataset.targets.items():
            self._add_field(name, field, tr("the right answer"))

    def _add_field(self, name: str, field: Field, part: str) -> None:
        fact = Fact(name, tr("One field of the data: size of a sample, kind of number, and what it is for."))
        self.fields.addWidget(fact)
        classes = tr(", {n} classes", n=len(field.classes)) if field.classes else ""
        fact.tell(str(field.spec), f"{field.spec.dtype}{classes}\n{part}")

    def _show_classes(self, dataset: Dataset) -> None:
        named = next(((name, field) for name, field in dataset.targets.items() if field.classes), None)
        self.chart.setVisible(named is not None)
        self.chart_title.setVisible(named is not None)
        if named is not None:
            self.chart_title.setText(tr("Samples per {name}", name=named[0]))
            self.chart.tell(named[1])

    def _show_samples(self, dataset: Dataset) -> None:
        pictures = picture_field(dataset) is not None
        self.grid.setVisible(pictures)
        self.table.setVisible(not pictures)
        if pictures:
            self.grid.tell(dataset)
        else:
            self.values.tell(dataset)
            self._fit_table()
        self._show_more()

    def _add_page(self) -> None:
        if self.grid.isVisibleTo(self):
            self.grid.add_page()
        else:
            self.values.add_page()
            self._fit_table()
        self._show_more()

    def _show_more(self) -> None:
        shown = self.grid.shown if self.grid.isVisibleTo(self) else self.values.shown
        self.more.setVisible(self._dataset is not None and shown < self._dataset.samples)

    def _fit_table(self) -> None:
        self.table.resizeColumnsToContents()
        rows = min(self.values.shown, 20)
        self.table.setFixedHeight(rows * self.table.verticalHeader().defaultSectionSize() + 44)

    def _show_split(self) -> None:
        self.split_form.set(self._document.project.split)
        if self._dataset is not None:
            own = self._document.project.split.own_test_set and bool(self._dataset.test_inputs)
            self.split_form.row("validation").setEnabled(not own)  # the line below says what judges
            self.division.setText(division_text(self._dataset, self._document.project.split))

    def _split_edited(self, edit: Edit) -> None:
        project = self._document.project
        changed = project.with_split(edit.applied(project.split))
        self._document.edit(tr("Change {name}", name=tr(edit.label)), changed, f"split:{edit.key}")

    def _on_changed(self, _diff: object) -> None:
        if self._dataset is not None and self.split_form.value() != self._document.project.split:
            self._show_split()


def _table(model: ValueTable) -> QTableView:
    table = QTableView()
    table.setObjectName("data-table")
    table.setModel(model)
    table.setShowGrid(False)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setToolTip(tr("The first samples as numbers: inputs first, then the right answers."))
    table.setAccessibleName(tr("Values of the data"))
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(26)
    return table
