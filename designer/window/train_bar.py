"""Train, pause and stop at the right of the toolbar, with one line that says where things stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.text import tr
from designer.theme import current_theme, set_kind
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.problems import Problem

#: Text, icon and tooltip of the main button while a run is in this status.
BUTTONS: dict[RunStatus, tuple[str, str, str]] = {
    RunStatus.LOADING: ("Preparing …", "timer-sand", "The data are divided and the network is planned."),
    RunStatus.COMPILING: ("Preparing …", "timer-sand", "Fast code for this network is being made; it is kept."),
    RunStatus.RUNNING: ("Pause", "pause", "Wait after the current batch (Ctrl+T)."),
    RunStatus.PAUSED: ("Resume", "play", "Go on with the next batch (Ctrl+T)."),
    RunStatus.STOPPING: ("Stopping …", "timer-sand", "Training ends after the current batch."),
}
#: What the line says meanwhile.
LINES: dict[RunStatus, str] = {
    RunStatus.LOADING: "Preparing the data",
    RunStatus.COMPILING: "Compiling fast code for this network",
    RunStatus.RUNNING: "Training",
    RunStatus.PAUSED: "Paused between two batches",
    RunStatus.STOPPING: "Stopping after this batch",
}


class TrainBar(QWidget):
    """Starts and steers runs of the document's project.

    Attributes:
        blocked: emitted with the :class:`engine.problems.Problem` that keeps training from starting.
    """

    blocked = Signal(object)

    def __init__(self, document: Document, runner: Runner) -> None:
        super().__init__()
        self.setObjectName("train-bar")
        self._document = document
        self._runner = runner
        self._shown = ""
        self.line = QPushButton()
        self.line.setObjectName("train-status")
        self.line.setIconSize(QSize(16, 16))
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_kind(self.line, "status")
        self.line.clicked.connect(self._explain)
        self.train = QPushButton()
        self.train.setObjectName("train-button")
        self.train.setMinimumWidth(128)
        set_kind(self.train, "primary")
        self.train.clicked.connect(self.toggle)
        self.halt = QPushButton(tr("Stop"))
        self.halt.setObjectName("stop-button")
        self.halt.setToolTip(tr("End training after the current batch. What was learnt stays. (Ctrl+.)"))
        self.halt.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.setSpacing(8)
        for part, stretch in ((self.line, 1), (self.train, 0), (self.halt, 0)):
            row.addWidget(part, stretch)
        document.changed.connect(self.refresh)
        runner.status_changed.connect(self.refresh)
        self.refresh()

    # -- commands ----------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Start, pause or go on, whichever is possible; say why when nothing is."""
        match self._runner.status:
            case RunStatus.RUNNING:
                self._runner.pause()
            case RunStatus.PAUSED:
                self._runner.resume()
            case status if not status.is_active:
                self._start()

    def stop(self) -> None:
        """End the run after the current batch."""
        self._runner.stop()

    def _start(self) -> None:
        problem = self.obstacle()
        if problem is not None:
            self.blocked.emit(problem)
            return
        dataset = self._document.dataset
        assert dataset is not None
        self._runner.start(self._document.project, dataset, self._runner.state, self._epochs())

    def _epochs(self) -> int:
        """Epochs in total; a run that had them all gets as many again."""
        wanted, state = self._document.project.training.epochs, self._runner.state
        done = state.epoch if state is not None else 0
        return wanted if done < wanted else done + wanted

    def obstacle(self) -> Problem | None:
        """What keeps training from starting."""
        errors = [problem for problem in self._document.problems if problem.severity == "error"]
        if errors:
            return errors[0]
        if self._document.dataset is None:
            return Problem(tr("The data are not read yet. Look at the Data panel."))
        return None

    # -- showing -----------------------------------------------------------------------------------

    def refresh(self, _what: object = None) -> None:
        """Show where things stand."""
        status = self._runner.status
        text, symbol, tip = BUTTONS.get(status) or self._offer()
        self.train.setText(tr(text))
        self.train.setToolTip(tr(tip))
        waiting = status in (RunStatus.LOADING, RunStatus.COMPILING, RunStatus.STOPPING)
        self.train.setEnabled(not waiting)
        self.halt.setEnabled(status.is_active and status is not RunStatus.STOPPING)
        theme = current_theme()
        self.train.setIcon(icon(symbol, theme.muted if waiting else theme.accent_text))
        self.halt.setIcon(icon("stop", theme.text))
        self._show_line(status)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the line to the room there is."""
        super().resizeEvent(event)
        self._elide()

    def _offer(self) -> tuple[str, str, str]:
        state = self._runner.state
        if state is None:
            return "Train", "play", "Begin training (Ctrl+T)."
        return "Continue", "play", "Train on from where the last run ended (Ctrl+T)."

    def _show_line(self, status: RunStatus) -> None:
        theme = current_theme()
        problem = None if status.is_active else self.obstacle()
        failure = self._runner.failure if status is RunStatus.FAILED else None
        if status.is_active:
            text, symbol, color = tr(LINES[status]), "progress-clock", theme.accent
        elif problem is not None:
            text, symbol, color = tr(problem.text), "alert-circle-outline", theme.warning
        elif failure is not None:
            text, symbol, color = tr(failure.text), "alert-circle-outline", theme.error
        else:
            text, symbol, color = self._ready(), "check-circle-outline", theme.success
        self._shown = text
        self.line.setToolTip(text)
        self.line.setAccessibleName(text)
        self.line.setIcon(icon(symbol, color))
        self._elide()

    def _ready(self) -> str:
        state = self._runner.state
        if state is None:
            return tr("Ready to train")
        return tr("{epochs} epochs trained; ready to train on", epochs=state.epoch)

    def _elide(self) -> None:
        room = max(self.line.width() - 44, 60)
        self.line.setText(QFontMetrics(self.line.font()).elidedText(self._shown, Qt.TextElideMode.ElideRight, room))

    def _explain(self) -> None:
        problem = self.obstacle() if not self._runner.is_active else None
        problem = problem or (self._runner.failure if self._runner.status is RunStatus.FAILED else None)
        if problem is not None:
            self.blocked.emit(problem)
