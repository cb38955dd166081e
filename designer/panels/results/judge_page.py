"""Figures, confusion matrix and the samples behind a cell, side by side."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer.model.document import Document
from designer.panels.blocks import button, label, upright
from designer.panels.inside.words import Words
from designer.panels.results.gallery import Gallery
from designer.panels.results.matrix import MatrixView
from designer.panels.results.scatter import ScatterView
from designer.panels.results.scores import Scores, figure_text
from designer.text import tr
from designer.training.runner import Runner
from designer.training.status import epochs_trained
from designer.training.verdict import Verdict
from engine.explain.answers import safe_text
from engine.explain.confusion import Confusion
from engine.explain.judgement import Judgement


class JudgePage(QWidget):
    """Judges the network on its data.

    Args:
        document: whose data.
        runner: whose weights.

    Attributes:
        sample_opened: emitted with the ``Part`` a sample belongs to and its row in that part's fields.
        verdict: who judges.
    """

    sample_opened = Signal(object, int)

    def __init__(self, document: Document, runner: Runner) -> None:
        super().__init__()
        self.setObjectName("results-judge")
        self._document, self._runner = document, runner
        self._judgement: Judgement | None = None
        self.verdict = Verdict(document, runner, self)
        self.state = Words("results-state", "text")
        self.now = button("results-now", tr("Evaluate now"), tr("Judge the newest weights on all data."), "normal")
        self.halt = button("results-stop", tr("Stop"), tr("Give up; what is shown stays."), "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.scores = Scores()
        self.matrix, self.scatter, self.gallery = MatrixView(), ScatterView(), Gallery()
        self.shares = QCheckBox(tr("Percent"))
        self.shares.setObjectName("results-shares")
        self.shares.setToolTip(tr("Show how much of each row a cell is, in place of counts."))
        self.save = button("results-save", tr("Save …"), tr("Save it as a picture (PNG) or table (CSV)."), "quiet")
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.state, 1)
        for part in (self.bar, self.halt, self.now):
            head.addWidget(part)
        tools = QHBoxLayout()
        tools.addWidget(self.shares)
        tools.addStretch(1)
        tools.addWidget(self.save)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.matrix)
        self._faces.addWidget(self.scatter)
        self.title = label("", "heading")
        self.title.setObjectName("results-title")
        column.addWidget(self.title)
        column.addWidget(self._faces, 1)
        column.addLayout(tools)
        body = QHBoxLayout()
        body.setSpacing(12)
        self.scores.setFixedWidth(250)
        for part, share in ((self.scores, 0), (upright(), 0), (middle, 5), (upright(), 0), (self.gallery, 6)):
            body.addWidget(part, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self.now.clicked.connect(self.verdict.judge)
        self.halt.clicked.connect(self.verdict.stop)
        self.shares.toggled.connect(self.matrix.set_shares)
        self.save.clicked.connect(self._ask_place)
        self.verdict.judged.connect(self._judged)
        self.verdict.forgotten.connect(self._empty)
        self.verdict.changed.connect(self._refresh)
        self._runner.frame.connect(self._tell_state)
        self.matrix.chosen.connect(self._show_cell)
        self.gallery.opened.connect(self._open)

    def save_to(self, place: Path) -> None:
        """Save the matrix; a failure is told in the line above."""
        confusion = self._judgement.confusion if self._judgement is not None else None
        draft = place.with_name(f".{place.name}.{os.getpid()}.tmp")
        try:
            if place.suffix.lower() == ".csv" and confusion is not None:
                draft.write_text(table_text(confusion, self.matrix.names), encoding="utf-8", newline="")
            elif not self._faces.currentWidget().grab().save(str(draft), "PNG"):
                raise OSError(tr("the picture cannot be written there"))
            os.replace(draft, place)
        except OSError as error:
            draft.unlink(missing_ok=True)
            reason = error.strerror or str(error)
            self.state.tell(tr("{name} was not saved: {reason}.", name=place.name, reason=reason), "error")
        else:
            self.state.tell(tr("Saved to {name}.", name=place.name), "success")

    # -- what is known ---------------------------------------------------------------------------

    def _judged(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self.scores.tell(judgement)
        confusion = judgement.confusion
        self._faces.setCurrentWidget(self.scatter if confusion is None else self.matrix)
        self.title.setText(tr("Answers beside the truth") if confusion is None else tr("Confusion matrix"))
        self.shares.setVisible(confusion is not None)
        self.gallery.setVisible(confusion is not None)
        self.matrix.tell(confusion, judgement.classes)
        self.scatter.tell(judgement.truth, judgement.answers)
        self.gallery.set_data(self._document.dataset, self.verdict.split, judgement.part == "validation")
        if confusion is not None and self.matrix.place is not None:
            self.gallery.show_cell(confusion, *self.matrix.place, self.matrix.names)
        else:
            self.gallery.clear()
        self._refresh()

    def _empty(self) -> None:
        """Nothing is judged: no figure and no sample of an earlier project stays."""
        self._judgement = None
        self.scores.tell(None)
        self.matrix.tell(None, ())
        self.scatter.tell(np.zeros(0), np.zeros(0))
        self.gallery.set_data(None, self.verdict.split, validation=True)
        self.gallery.clear()
        self._refresh()

    def _show_cell(self, true: int, predicted: int) -> None:
        confusion = self._judgement.confusion if self._judgement is not None else None
        if confusion is not None:
            self.gallery.show_cell(confusion, true, predicted, self.matrix.names)

    def _open(self, place: int) -> None:
        part = self.gallery.part
        if part is not None:
            self.sample_opened.emit(part, int(part.numbers[place]))

    def _refresh(self) -> None:
        verdict = self.verdict
        self.bar.setVisible(verdict.progress is not None)
        self.halt.setVisible(verdict.progress is not None)
        if verdict.progress is not None:
            self.bar.setRange(0, verdict.progress.total)
            self.bar.setValue(verdict.progress.done)
        self.now.setEnabled(not verdict.busy and not verdict.obstacle)
        self.save.setEnabled(self._judgement is not None)
        self._tell_state()

    def _tell_state(self) -> None:
        verdict = self.verdict
        weights = verdict.weights
        if verdict.fault:
            self.state.tell(verdict.fault, "error")
        elif verdict.obstacle and (weights is None or self._judgement is None):
            self.state.tell(verdict.obstacle, "muted")
        elif weights is None or self._judgement is None:
            self.state.tell(tr("Judging …") if verdict.busy else tr("Nothing judged yet: press Evaluate now."), "muted")
        else:
            self.state.tell(self._sentence(), "text")

    def _sentence(self) -> str:
        weights, judgement = self.verdict.weights, self._judgement
        assert weights is not None and judgement is not None
        figures = judgement.scores[0].figures
        best = next((name for name in figures if "accuracy" in name), "loss")
        told = tr(
            "{epochs}, update {step}: {name} {figure} in {part}.",
            epochs=epochs_trained(weights.epoch), step=f"{weights.step:,}", name=best.replace("_", " "),
            figure=figure_text(best, figures[best]),
            part=tr("validation") if judgement.part == "validation" else tr("training"),
        )  # fmt: skip
        if self.verdict.stale:
            told += " " + tr("There are newer weights.")
        return told

    def _ask_place(self) -> None:
        dialog = QFileDialog(self, tr("Save the results"))
        dialog.setObjectName("results-place")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        matrix = self._judgement is not None and self._judgement.confusion is not None
        dialog.setNameFilters([tr("Picture (*.png)"), *([tr("Table (*.csv)")] if matrix else [])])
        dialog.setDefaultSuffix("png")
        dialog.selectFile("results.png")
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()


def table_text(confusion: Confusion, names: tuple[str, ...]) -> str:
    """The matrix as CSV: true classes down, answers across."""
    file = io.StringIO()
    writer = csv.writer(file)
    safe = [safe_text(name) for name in names]
    writer.writerow(["is / taken for", *safe, "recall"])
    for name, row, recall in zip(safe, confusion.counts, confusion.recall, strict=True):
        writer.writerow([name, *(int(n) for n in row), f"{recall:.6g}"])
    writer.writerow(["precision", *(f"{share:.6g}" for share in confusion.precision), f"{confusion.accuracy:.6g}"])
    return file.getvalue()
