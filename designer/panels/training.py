"""The training panel: how often, how, and by what the network learns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.model.diff import Diff
from designer.model.document import Document
from designer.panels.blocks import MARGIN, label, scrolling
from designer.panels.form.edit import Edit
from designer.panels.form.form import Form, Section
from designer.panels.late import Late
from designer.panels.problem_list import ProblemList
from designer.panels.rows import divided, updates_text
from designer.panels.targets import EndsView, judged_outputs
from designer.text import tr
from designer.theme import current_theme
from engine.catalogue.sources.base import Dataset
from engine.component import parameters
from engine.project import Split, TrainConfig


def _sections() -> tuple[Section, ...]:
    return (
        (tr("How long"), ("epochs", "batch_size", "seed")),
        (tr("How it learns"), ("optimizer", "loss")),
        (tr("What is watched"), ("metrics",)),
        (tr("What happens beside it"), ("callbacks",)),
    )


class TrainingPanel(QWidget):
    """Edits the training settings and says what follows from them.

    Args:
        document: the project.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("training-panel")
        self._document = document
        #: The last division and how many samples train by it; dividing many samples takes a while.
        self._divided: tuple[Dataset, Split, int] | None = None
        self.updates = label("", "small")
        self.updates.setObjectName("training-updates")
        self.form = Form(parameters(TrainConfig), sections=_sections())
        self.form.edited.connect(self._edited)
        self.fit = label("", "small")
        self.fit.setObjectName("loss-fit")
        self.problems = ProblemList(document)
        for note in (self.fit, self.problems):
            self.form.row("loss").add_note(note)
        self.ends = EndsView(document)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(10)
        for part in (self.updates, self.form, self.ends):
            layout.addWidget(part)
        layout.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(content)
        outer.addWidget(self._area)
        self._late = Late(self, self._refresh)
        document.changed.connect(self._on_changed)
        self._refresh()

    def enter(self, name: str) -> None:
        """Put the keyboard into the field of a setting."""
        if name not in self.form.rows or self.form.row(name).parameter.advanced:
            self.form.unfold()
        field = self.form.row(name).editor.focus_target()
        self._area.ensureWidgetVisible(self.form.row(name))
        field.setFocus(Qt.FocusReason.TabFocusReason)  # by Tab: a text field then has its text selected

    def _on_changed(self, diff: Diff) -> None:
        if not diff.only_placed:
            self._late.ask(len(self._document.project.graph.nodes))

    def _refresh(self) -> None:
        project, dataset = self._document.project, self._document.dataset
        self.form.set(project.training)
        if dataset is None:
            self.updates.setText(tr("Choose data to see how many updates an epoch makes."))
        else:
            self.updates.setText(updates_text(self._training_rows(dataset, project.split), project.training))
        self._show_fit()
        self.ends.refresh()

    def _training_rows(self, dataset: Dataset, how: Split) -> int:
        if self._divided is None or self._divided[0] is not dataset or self._divided[1] != how:
            self._divided = (dataset, how, divided(dataset, how)[0])
        return self._divided[2]

    def _show_fit(self) -> None:
        outputs = judged_outputs(self._document)
        wrong = [p for p in self._document.problems if p.node in outputs and p.severity == "error"]
        known = self._document.dataset is not None
        self.problems.tell(wrong if known else [])
        self.fit.setText("" if wrong or not known else self._fit_words(outputs))
        self.fit.setVisible(bool(self.fit.text()))
        self._tint()

    def _tint(self) -> None:
        sheet = f"color: {current_theme().success};"
        if sheet != self.fit.styleSheet():
            self.fit.setStyleSheet(sheet)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _fit_words(self, outputs: tuple[str, ...]) -> str:
        lines = []
        for key in outputs:
            target = self._document.project.target_of(key)
            loss = target.loss or self._document.project.training.loss
            spec = self._document.inference.outputs[key][0]
            name = self._document.project.graph.nodes[key].name
            lines.append(tr("{loss} fits: '{name}' answers with {spec}.", loss=tr(loss.title), name=name, spec=spec))
        return "\n".join(lines)

    def _edited(self, edit: Edit) -> None:
        project = self._document.project
        changed = project.with_training(edit.applied(project.training))
        self._document.edit(tr("Change {name}", name=tr(edit.label)), changed, f"training:{edit.key}")
