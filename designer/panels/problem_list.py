"""Problems as cards: the sentence, and a button where there is a remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.panels.blocks import label
from designer.text import tr
from designer.theme import current_theme
from engine.problems import Problem


class ProblemList(QWidget):
    """Shows problems and carries out their remedies as undoable edits."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._shown: tuple[Problem, ...] | None = None
        self._cards: list[_Card] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.hide()

    def tell(self, problems: Sequence[Problem]) -> None:
        """Show these problems instead of those before."""
        wanted = tuple(problems)
        # Fixes are new functions each time, so only what is read decides whether anything changed.
        if self._shown is None or [_face(p) for p in wanted] != [_face(p) for p in self._shown]:
            for card in self._cards:
                self._layout.removeWidget(card)
                card.hide()
                card.deleteLater()
            self._cards = [_Card(problem, place) for place, problem in enumerate(wanted)]
            for card in self._cards:
                card.button.clicked.connect(lambda _checked=False, card=card: self._mend(card.problem))
                self._layout.addWidget(card)
        for card, problem in zip(self._cards, wanted, strict=True):
            card.problem = problem
        self._shown = wanted
        self.setVisible(bool(wanted))

    def _mend(self, problem: Problem) -> None:
        if problem.fix is not None:
            project = self._document.project
            self._document.edit(problem.fix.label, project.with_graph(problem.fix.apply(project.graph)))


def _face(problem: Problem) -> tuple[str, str, str | None, str]:
    return problem.text, problem.severity, problem.node, problem.fix.label if problem.fix else ""


class _Card(QFrame):
    """One problem."""

    def __init__(self, problem: Problem, place: int) -> None:
        super().__init__()
        self.problem = problem
        self.setObjectName(f"problem-{place}")
        self._sign = QLabel()
        self._sign.setFixedSize(18, 18)
        self.text = label(problem.text)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(problem.fix.label if problem.fix else "")
        self.button.setObjectName(f"fix-{place}")
        self.button.setToolTip(tr("Mend it like this; you can undo it."))
        if problem.fix is None:
            self.button.hide()
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.text)
        right.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)
        self._dress()

    def _dress(self) -> None:
        theme = current_theme()
        fatal = self.problem.severity == "error"
        color, ground = (theme.error, theme.error_ground) if fatal else (theme.warning, theme.warning_ground)
        self._sign.setPixmap(icon("alert-circle-outline" if fatal else "alert-outline", color).pixmap(18, 18))
        sheet = f"_Card {{ background: {ground}; border-radius: 8px; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
