"""What keeps training from starting: leads to it, tells it, mends it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.selection import Selection
from designer.text import tr
from designer.training.runner import Runner
from designer.training.status import RunStatus
from designer.window.docks import Docks
from designer.window.message_bar import MessageBar
from engine.errors import LayerloomError
from engine.problems import Problem


class Obstacles(QObject):
    """Shows one problem at a time: at its layer, or in the message bar when no layer on the canvas says it.

    Args:
        document, selection, runner: where problems come from, and what is selected to show them.
        canvas: where layers are brought into sight.
        messages: says what no layer says.
        docks: the panels that help.
    """

    def __init__(
        self,
        document: Document,
        selection: Selection,
        runner: Runner,
        canvas: CanvasView,
        messages: MessageBar,
        docks: Docks,
    ) -> None:
        super().__init__(canvas)
        self._document, self._selection, self._runner = document, selection, runner
        self._canvas, self._messages, self._docks = canvas, messages, docks
        self._shown: Problem | None = None
        self._visited: tuple[str | None, str] | None = None
        messages.acted.connect(self._mend)

    def show(self, problem: Problem) -> None:
        """Lead to a problem; the message bar speaks only when no layer on the canvas does."""
        if problem.node is not None:
            self._selection.set({problem.node})
            self._canvas.reveal(problem.node)
        if self._canvas.tells(problem):
            return
        self._messages.show_message(
            tr(problem.text),
            problem.severity,
            tr(problem.fix.label) if problem.fix else "",
            tr("Mend it; you can undo it."),
        )
        self._shown = problem
        if problem.node is None and self._document.dataset is None and self._document.project.graph.nodes:
            self._docks.show("data")

    def next(self) -> None:
        """Go to the next problem, in the order of their weight."""
        self._visit(1)

    def previous(self) -> None:
        """Go to the problem before."""
        self._visit(-1)

    def _visit(self, step: int) -> None:
        problems = self._document.problems
        if not problems:
            self._messages.show_message(tr("There is no problem: nothing stands in the way of training."), "success")
            return
        faces = [(problem.node, problem.text) for problem in problems]
        before = faces.index(self._visited) if self._visited in faces else -1 if step > 0 else 0
        place = (before + step) % len(problems)
        self._visited = faces[place]
        if self._shown is not None and self._messages.text == tr(self._shown.text):
            self._messages.hide()
        self.show(problems[place])

    def refresh(self) -> None:
        """Forget the problem in the message bar when it is mended."""
        if self._shown is not None and self._shown.text not in [p.text for p in self._document.problems]:
            if self._messages.text == tr(self._shown.text) and self._runner.failure is None:
                self._messages.hide()
            self._shown = None

    def _mend(self) -> None:
        fix = self._shown.fix if self._shown is not None else None
        if fix is None:
            return
        try:
            self._document.mend(fix)
        except LayerloomError as error:  # the network is another one than when it was offered
            self._messages.show_message(str(error))
            self._shown = None

    def tell_failure(self, status: object) -> None:
        """Say why a run failed."""
        failure = self._runner.failure
        if status is RunStatus.FAILED and failure is not None:
            self.show(failure)
