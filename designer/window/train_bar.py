"""The right of the toolbar: one line that says where things stand, and the run panel's buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.panels.run import RunPanel
from designer.text import plain_tip, tr
from designer.theme import current_theme, set_kind
from designer.training.runner import Runner
from designer.training.starting import obstacle
from designer.training.status import RunStatus, epochs_trained
from engine.problems import Problem

#: What the line says while a run is under way.
LINES: dict[RunStatus, str] = {
    RunStatus.LOADING: "Preparing the data",
    RunStatus.COMPILING: "Preparing fast code for this network",
    RunStatus.RUNNING: "Training",
    RunStatus.PAUSED: "Paused between two updates",
    RunStatus.STOPPING: "Stopping after this update",
}


class TrainBar(QWidget):
    """Brings what starts and stops training to where it is always seen.

    Args:
        document, runner: what the line speaks of.
        panel: the run panel; its buttons move here.

    Attributes:
        explained: emitted with the :class:`engine.problems.Problem` that somebody wants to see.
    """

    explained = Signal(object)

    def __init__(self, document: Document, runner: Runner, panel: RunPanel) -> None:
        super().__init__()
        self.setObjectName("train-bar")
        self._document = document
        self._runner = runner
        self._panel = panel
        self._text = ""
        self.line = QPushButton()
        self.line.setObjectName("train-status")
        self.line.setIconSize(QSize(16, 16))
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_kind(self.line, "status")
        self.line.clicked.connect(self._explain)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        for button in (panel.train_button, panel.pause_button, panel.stop_button):
            button.setMinimumWidth(104)
            row.addWidget(button)
        document.changed.connect(self.refresh)
        runner.status_changed.connect(self.refresh)
        self.refresh()

    def toggle(self) -> None:
        """Start, pause or go on, whichever is possible; say why when nothing is."""
        if self._runner.status.is_active:
            self._panel.toggle_pause()
        else:
            self._panel.train()

    def stop(self) -> None:
        """End the run after the current update."""
        self._runner.stop()

    @property
    def text(self) -> str:
        """The whole sentence, also when there is no room for all of it."""
        return self._text

    def refresh(self, _what: object = None) -> None:
        """Show where things stand."""
        theme, status, problem = current_theme(), self._runner.status, self._problem()
        if status.is_active:
            self._text, symbol, color = tr(LINES[status]), "progress-clock", theme.accent
        elif problem is not None:
            color = theme.error if problem is self._runner.failure else theme.warning
            self._text, symbol = tr(problem.text), "alert-circle-outline"
        else:
            self._text, symbol, color = self._ready(), "check-circle-outline", theme.success
        self.line.setToolTip(plain_tip(self._text))
        self.line.setAccessibleName(self._text)
        self.line.setIcon(icon(symbol, color))
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the line to the room there is."""
        super().resizeEvent(event)
        self._elide()

    def _ready(self) -> str:
        state = self._runner.state
        return tr("Ready to train") if state is None else epochs_trained(state.epoch)

    def _elide(self) -> None:
        room = max(self.line.width() - 48, 40)
        self.line.setText(QFontMetrics(self.line.font()).elidedText(self._text, Qt.TextElideMode.ElideRight, room))

    def _problem(self) -> Problem | None:
        if self._runner.status.is_active:
            return None
        return obstacle(self._document) or (self._runner.failure if self._runner.status is RunStatus.FAILED else None)

    def _explain(self) -> None:
        problem = self._problem()
        if problem is not None:
            self.explained.emit(problem)
