"""Problems and advice as cards: the sentence, and a button where there is a remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.panels.blocks import button, label
from designer.panels.eliding_button import ElidingButton
from designer.text import tr
from designer.theme import Theme, current_theme
from engine.errors import LayerloomError
from engine.problems import Problem

#: Icon and what it means, by severity.
SIGNS = {
    "error": ("alert-circle-outline", "Training cannot start before this is mended."),
    "warning": ("alert-outline", "Training can start, but this is probably not what you want."),
    "advice": ("lightbulb-on-outline", "Advice: training works, but the network may learn better otherwise."),
}
#: Cards that a list shows at once; more would take long to make and nobody reads them.
MOST = 60


class ProblemList(QWidget):
    """Shows problems and carries out their remedies as undoable edits.

    Args:
        document: what the remedies change.
        named: each card also says which layer it is about, and a click on it leads there.

    Attributes:
        revealed: emitted with the id of the layer somebody wants to see.
    """

    revealed = Signal(str)

    def __init__(self, document: Document, named: bool = False) -> None:
        super().__init__()
        self._document = document
        self._named = named
        self._shown: tuple[Problem, ...] | None = None
        self._names: list[str] = []
        self._cards: list[_Card] = []
        self.more = label("", "small")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.more)
        self.more.hide()
        self.hide()

    def tell(self, problems: Sequence[Problem]) -> None:
        """Show these problems instead of those before."""
        wanted = tuple(problems[:MOST])
        names = [self._name_of(problem) for problem in wanted]
        # Fixes are new functions each time, so only what is read decides whether anything changed.
        if self._shown is None or names != self._names or [_face(p) for p in wanted] != [_face(p) for p in self._shown]:
            self._make(wanted, names)
        for card, problem in zip(self._cards, wanted, strict=True):
            card.problem = problem
        self._shown, self._names = wanted, names
        self.more.setText(tr("… and {n} more. Mend these first.", n=len(problems) - len(wanted)))
        self.more.setVisible(len(problems) > len(wanted))
        self.setVisible(bool(wanted))

    def _make(self, wanted: tuple[Problem, ...], names: list[str]) -> None:
        for card in self._cards:
            self._layout.removeWidget(card)
            card.setParent(None)  # at once: what looks for its buttons finds the new ones
            card.deleteLater()
        self._cards = [_Card(problem, place, names[place], self._named) for place, problem in enumerate(wanted)]
        for place, card in enumerate(self._cards):
            card.button.clicked.connect(lambda _checked=False, card=card: self._mend(card))
            card.clicked.connect(lambda card=card: self._go(card.problem))
            self._layout.insertWidget(place, card)

    def _name_of(self, problem: Problem) -> str:
        node = self._document.project.graph.nodes.get(problem.node or "")
        return node.name if self._named and node is not None else ""

    def _go(self, problem: Problem) -> None:
        if self._named and problem.node is not None:
            self.revealed.emit(problem.node)

    def _mend(self, card: _Card) -> None:
        problem = card.problem
        if problem.fix is None:
            return
        try:
            self._document.mend(problem.fix)
        except LayerloomError as error:
            card.text.setText(f"{tr(problem.text)}\n{error}")


def _face(problem: Problem) -> tuple[str, str, str | None, str]:
    return problem.text, problem.severity, problem.node, problem.fix.label if problem.fix else ""


def sign_color(theme: Theme, severity: str) -> str:
    """The colour in which a severity's icon stands."""
    return {"error": theme.error, "warning": theme.warning}.get(severity, theme.accent)


def counted(found: Sequence[Problem]) -> str:
    """How many errors, warnings and pieces of advice there are."""
    numbers = {severity: sum(p.severity == severity for p in found) for severity in ("error", "warning", "advice")}
    parts = []
    if numbers["error"]:
        parts.append(tr("1 error") if numbers["error"] == 1 else tr("{n} errors", n=numbers["error"]))
    if numbers["warning"]:
        parts.append(tr("1 warning") if numbers["warning"] == 1 else tr("{n} warnings", n=numbers["warning"]))
    if numbers["advice"]:
        parts.append(tr("1 piece of advice") if numbers["advice"] == 1
                     else tr("{n} pieces of advice", n=numbers["advice"]))  # fmt: skip
    return ", ".join(parts) or tr("No problems")


class _Card(QFrame):
    """One problem; with a name it is led to by a click or by the button of that name."""

    clicked = Signal()

    def __init__(self, problem: Problem, place: int, name: str = "", wide: bool = False) -> None:
        super().__init__()
        self.problem = problem
        self.setObjectName(f"problem-{place}")
        self._sign = QLabel()
        self._sign.setFixedSize(18, 18)
        self._sign.setToolTip(tr(SIGNS[problem.severity][1]))
        self.text = label(tr(problem.text))
        right = QVBoxLayout()
        right.setSpacing(6)
        if name:
            self.go = button(f"go-{place}", name, tr("Select this layer and bring it into sight."), "link")
            self.go.setCursor(Qt.CursorShape.PointingHandCursor)
            self.go.clicked.connect(self.clicked)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            right.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = ElidingButton(
            tr(problem.fix.label) if problem.fix else "", tr("Mend it like this; you can undo it.")
        )
        self.button.setObjectName(f"fix-{place}")
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        if problem.fix is None:
            self.button.hide()
        right.addWidget(self.text)
        if not wide:
            right.addWidget(self.button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)
        if wide:
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._dress()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def _dress(self) -> None:
        theme = current_theme()
        severity = self.problem.severity
        ground = {"error": theme.error_ground, "warning": theme.warning_ground}.get(severity, theme.raised)
        self._sign.setPixmap(icon(SIGNS[severity][0], sign_color(theme, severity)).pixmap(18, 18))
        sheet = f"_Card {{ background: {ground}; border-radius: 8px; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
