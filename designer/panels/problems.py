"""The list of all problems and all advice: what it is, why, and a button that mends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from designer.model.diff import Diff
from designer.model.document import Document
from designer.panels.blocks import MARGIN, label, scrolling
from designer.panels.late import Late
from designer.panels.problem_list import ProblemList, counted
from designer.text import tr
from engine.problems import Problem

#: From so many on, the list can be searched.
MANY = 8


class ProblemsPanel(QWidget):
    """Everything that stands between a network and its training, and what would make it learn better.

    Args:
        document: whose problems these are.

    Attributes:
        revealed: emitted with the id of the layer somebody wants to see.
        counted: emitted with the number of problems (advice is none) when it changed.
        count_now: that number.
    """

    revealed = Signal(str)
    counted = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("problems-panel")
        self._document = document
        self.count_now = -1
        self._late = Late(self, self._show)
        self.count = label("", "heading", tr("Errors prevent training, warnings do not, advice makes it better."))
        self.count.setObjectName("problem-count")
        self.search = QLineEdit()
        self.search.setObjectName("problem-search")
        self.search.setPlaceholderText(tr("Filter by layer or word"))
        self.search.setToolTip(tr("Show only problems that hold every word written here, or are at such a layer."))
        self.search.setAccessibleName(tr("Filter the problems"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(220)
        self.search.textChanged.connect(self._show)
        self.list = ProblemList(document, named=True)
        self.list.revealed.connect(self.revealed)
        self.none = label("", "muted")
        self.none.setObjectName("no-problems")
        self._lay_out()
        document.changed.connect(self._follow)
        self._tell_count()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addWidget(self.search)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        inner.addWidget(self.none)
        inner.addWidget(self.list)
        inner.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, MARGIN // 2, 0, 0)
        layout.setSpacing(8)
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        layout.addLayout(head)
        layout.addWidget(scrolling(content), 1)

    @property
    def found(self) -> tuple[Problem, ...]:
        """What is known now: errors, warnings, and advice where nothing is wrong."""
        wrong = {problem.node for problem in self._document.problems}
        advice = (problem for problem in self._document.advice if problem.node not in wrong)
        return (*self._document.problems, *advice)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: a hidden list looks for no advice."""
        super().showEvent(event)
        self._show()

    def _follow(self, diff: Diff) -> None:
        if diff.only_placed:
            return
        self._tell_count()
        if self.isVisible():
            self._late.ask(len(self._document.project.graph.nodes))

    def _tell_count(self) -> None:
        count = len(self._document.problems) if self._document.project.graph.nodes else 0  # nothing is no fault yet
        if count != self.count_now:
            self.count_now = count
            self.counted.emit(count)

    def _show(self, _text: str = "") -> None:
        found = self.found
        self.search.setVisible(len(found) >= MANY or bool(self.search.text()))
        words = self.search.text().casefold().split()
        fitting = [p for p in found if all(word in self._searched(p) for word in words)]
        self.count.setText(counted(found) if len(fitting) == len(found) else _among(len(fitting), len(found)))
        self.list.tell(fitting)
        self.none.setText(self._nothing(found))
        self.none.setVisible(not fitting)

    def _searched(self, problem: Problem) -> str:
        node = self._document.project.graph.nodes.get(problem.node or "")
        return f"{problem.text} {node.name if node else ''} {problem.severity}".casefold()

    def _nothing(self, found: Sequence[Problem]) -> str:
        if found:
            return tr("No problem holds these words.")
        if self._document.dataset is None:
            return tr("Nothing is wrong with the network. Once its data are read, they are looked at too.")
        return tr("Nothing stands in the way: the network can be trained, and there is nothing to advise.")


def _among(fitting: int, found: int) -> str:
    return tr("{n} of {all}", n=fitting, all=found)
