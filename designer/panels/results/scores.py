"""Loss and metrics of every part of the data, in a small table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer.panels.blocks import label
from designer.text import tr
from designer.theme import set_kind
from engine.explain.judgement import Judgement

TITLES = {"validation": "Validation", "training": "Training"}
TIPS = {
    "validation": "Samples the network never learns from: what it can do with new ones.",
    "training": "Samples it learns from. Much better here than in validation means it learnt them by heart.",
}


class Scores(QWidget):
    """A row for each figure, a column for each part."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("results-scores")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._guess = label("", "small")
        self._guess.setObjectName("results-guess")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._grid)
        layout.addWidget(self._guess)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def tell(self, judgement: Judgement | None) -> None:
        """Show other figures."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
        self._guess.setText("" if judgement is None else _guess_text(judgement))
        if judgement is None:
            return
        for column, scores in enumerate(judgement.scores, 1):
            head = _cell(tr(TITLES[scores.part]), "heading")
            head.setToolTip(tr(TIPS[scores.part]))
            self._grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        for row, name in enumerate(judgement.scores[0].figures, 1):
            title = _cell(name.replace("_", " "), "muted")
            self._grid.addWidget(title, row, 0)
            for column, scores in enumerate(judgement.scores, 1):
                figure = _cell(figure_text(name, scores.figures[name]), "")
                figure.setObjectName(f"results-{scores.part}-{name}")
                self._grid.addWidget(figure, row, column, Qt.AlignmentFlag.AlignRight)
        last = self._grid.rowCount()
        self._grid.addWidget(_cell(tr("samples"), "muted"), last, 0)
        for column, scores in enumerate(judgement.scores, 1):
            self._grid.addWidget(_cell(f"{scores.samples:,}", "muted"), last, column, Qt.AlignmentFlag.AlignRight)
        self._grid.setColumnStretch(0, 1)


def figure_text(name: str, value: float) -> str:
    """A figure in few characters; shares as percentages."""
    if "accuracy" in name and 0 <= value <= 1:
        return f"{100 * value:.2f} %"
    return f"{value:.4f}" if abs(value) >= 1e-3 or value == 0 else f"{value:.2e}"


def _guess_text(judgement: Judgement) -> str:
    if judgement.guess != judgement.guess:
        return ""
    if judgement.confusion is not None:
        return tr(
            "Always answering the most frequent class would be right in {share} %.",
            share=f"{100 * judgement.guess:.1f}",
        )
    return tr("Always answering the mean would be off by {distance} on average.", distance=f"{judgement.guess:.4g}")


def _cell(text: str, kind: str) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        set_kind(made, kind)
    return made
