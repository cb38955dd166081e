"""The run panel: start, pause and stop; where the run stands; its curves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.panels.progress import ProgressBlock
from designer.panels.run_question import StartOverQuestion
from designer.panels.run_status import StatusSentence
from designer.plots.curves_area import CurvesArea
from designer.text import tr
from designer.theme import current_theme, set_kind
from designer.training.runner import Runner
from designer.training.starting import obstacle, start
from designer.training.status import RunStatus, epochs_trained
from engine.problems import Problem

#: Time between two refreshes of texts (ms): faster ones cannot be read.
TEXT_PERIOD = 250
#: Width of the part left of the curves (px).
WIDTH = 316

_SENTENCES: dict[RunStatus, str] = {
    RunStatus.LOADING: "Dividing the data and planning the network.",
    RunStatus.COMPILING: "Preparing fast code for this network; it is kept for the next time.",
    RunStatus.RUNNING: "Training. You can go on editing; this run keeps its network.",
    RunStatus.PAUSED: "Paused between two updates.",
    RunStatus.STOPPING: "Stopping after this update. What was learnt stays.",
}


class RunPanel(QWidget):
    """Controls, progress and curves of the document's training.

    Attributes:
        problem_clicked: emitted with the :class:`engine.problems.Problem` that somebody wants to see, also when
            Train is pressed while it stands in the way.
    """

    problem_clicked = Signal(object)

    def __init__(self, document: Document, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run-panel")
        self._document = document
        self._runner = runner
        self._stale = True
        self._owes_focus = False
        self._complaint: Problem | None = None
        self._slow = QTimer(self)
        self._slow.setInterval(TEXT_PERIOD)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self._refresh_late)
        # Made in the order in which Tab visits them.
        self._make_buttons()
        self.status = StatusSentence(self)
        self.progress = ProgressBlock(runner.run_log, self)
        self.question = StartOverQuestion(self)
        self.curves = CurvesArea(runner, self)
        self._lay_out()
        self._connect()
        self.refresh()

    def _make_buttons(self) -> None:
        self.train_button = self._button("train-button", self.train, "")
        set_kind(self.train_button, "primary")
        self.pause_button = self._button("pause-button", self.toggle_pause, "")
        set_kind(self.pause_button, "primary")
        tip = tr("End training after the current update. What was learnt stays, and Continue goes on from there.")
        self.stop_button = self._button("stop-button", self._runner.stop, tip)
        self.stop_button.setText(tr("Stop"))
        tip = tr("Train from fresh weights. The curves of this run stay faintly visible, to compare with.")
        self.start_over_button = self._button("start-over-button", self._ask_start_over, tip)
        self.bring_back_button = self._button(
            "bring-back-button", self._bring_back, tr("Take Start over back: return to the weights of the last run.")
        )
        self.start_over_button.setText(tr("Start over"))
        self.bring_back_button.setText(tr("Bring back"))

    def _button(self, name: str, act: object, tip: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(6)
        # The window may take these to its toolbar; the row then takes no room.
        for button in (self.train_button, self.pause_button, self.stop_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        words = QHBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.status, 1)
        for button in (self.start_over_button, self.bring_back_button):
            words.addWidget(button)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.progress)
        self._pages.addWidget(self.question)
        side = QWidget(self)
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(buttons)
        column.addLayout(words)
        column.addWidget(self._pages)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 10)
        row.setSpacing(14)
        row.addWidget(side)
        row.addWidget(self.curves, 1)

    def _connect(self) -> None:
        self._runner.frame.connect(self._frame)
        self._runner.status_changed.connect(self._status_changed)
        self._document.changed.connect(self._document_changed)
        self.status.clicked.connect(self._explain)
        self.question.confirmed.connect(self.start_over)
        self.question.dismissed.connect(self._hide_question)
        self.curves.failed.connect(self._complain)

    # -- commands ---------------------------------------------------------------------------------------

    def train(self) -> None:
        """Start or go on; when something stands in the way, say what and ask to be led there."""
        self._hide_question()
        problem = start(self._document, self._runner)
        if problem is not None:
            self.refresh()
            self.problem_clicked.emit(problem)

    def toggle_pause(self) -> None:
        """Wait after the current update, or go on."""
        if self._runner.status is RunStatus.PAUSED:
            self._runner.resume()
        else:
            self._runner.pause()

    def start_over(self) -> None:
        """Forget the weights; until something is trained they can be brought back."""
        self._hide_question()
        self._runner.start_over()
        self.refresh()
        self.train_button.setFocus()

    def _bring_back(self) -> None:
        self._runner.bring_back()
        self.refresh()

    def _ask_start_over(self) -> None:
        self._pages.setCurrentWidget(self.question)
        self._refresh_buttons()
        self.question.focus()

    def _hide_question(self) -> None:
        if self._is_asking:
            self._pages.setCurrentWidget(self.progress)
            self._refresh_buttons()
            self.start_over_button.setFocus()

    @property
    def _is_asking(self) -> bool:
        return self._pages.currentWidget() is self.question

    def _complain(self, sentence: str) -> None:
        self._complaint = Problem(sentence)
        self._refresh_status()

    def _explain(self) -> None:
        problem = self._problem()
        if problem is not None:
            self.problem_clicked.emit(problem)

    def _problem(self) -> Problem | None:
        """What a click on the sentence leads to."""
        if self._runner.status.is_active:
            return None
        return self._failure or obstacle(self._document)

    @property
    def _failure(self) -> Problem | None:
        return self._runner.failure if self._runner.status is RunStatus.FAILED else None

    # -- showing ----------------------------------------------------------------------------------------

    def _frame(self) -> None:
        self._stale = True
        if not self._slow.isActive():
            self._refresh_late()

    def _refresh_late(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self.progress.refresh(self._runner.status.is_active)
            self._slow.start()

    def _status_changed(self, status: RunStatus) -> None:
        if status.is_active:
            self._complaint = None
            self._hide_question()
        self.refresh()

    def _document_changed(self, diff: object) -> None:
        self._complaint = None
        self._refresh_status()

    def refresh(self) -> None:
        """Show everything as it is now."""
        self._refresh_buttons()
        self._refresh_status()
        self.progress.refresh(self._runner.status.is_active)

    def _refresh_buttons(self) -> None:
        status, runner, theme = self._runner.status, self._runner, current_theme()
        active = status.is_active
        steering = (self.train_button, self.pause_button, self.stop_button)
        had_focus = self._owes_focus or any(button.hasFocus() for button in steering)
        self.train_button.setVisible(not active)
        self.pause_button.setVisible(active)
        goes_on = runner.state is not None
        self.train_button.setText(tr("Continue") if goes_on else tr("Train"))
        begin = tr("Begin training. Something in the way? Then this says what, and leads there.")
        self.train_button.setToolTip(tr("Train on from where the last run ended.") if goes_on else begin)
        paused = status is RunStatus.PAUSED
        self.pause_button.setText(tr("Resume") if paused else tr("Pause"))
        self.pause_button.setToolTip(tr("Go on with the next update.") if paused else tr("Wait after this update."))
        # While kernels are prepared a pause can be asked for, too: the run then waits before its first update.
        self.pause_button.setEnabled(status is not RunStatus.STOPPING)
        self.stop_button.setEnabled(active and status is not RunStatus.STOPPING)
        has_run = goes_on or len(runner.run_log.curves) > 0
        self.start_over_button.setVisible(not runner.can_bring_back and not self._is_asking)
        self.start_over_button.setEnabled(has_run and not active)
        self.bring_back_button.setVisible(runner.can_bring_back)
        # A button that vanishes under the keyboard hands the focus to the one in its place, once that can take it.
        heir = self.pause_button if active else self.train_button
        self._owes_focus = had_focus and not heir.isEnabled()
        if had_focus and not any(button.hasFocus() for button in steering):
            heir.setFocus()
        on_accent = theme.muted if status is RunStatus.STOPPING else theme.accent_text
        self.train_button.setIcon(icon("play", theme.accent_text))
        self.pause_button.setIcon(icon("play" if paused else "pause", on_accent))
        self.stop_button.setIcon(icon("stop"))
        self.start_over_button.setIcon(icon("restart"))
        self.bring_back_button.setIcon(icon("undo"))

    def _refresh_status(self) -> None:
        # The run's own state only: what stands in the way is said once, where Train is and at the guilty layer.
        status, problem = self._runner.status, self._problem()
        if status.is_active:
            self.status.show_sentence(tr(_SENTENCES[status]), "progress-clock", "accent", link=False)
        elif self._complaint is not None:
            self.status.show_sentence(self._complaint.text, "alert-circle-outline", "error", link=False)
        elif self._failure is not None:
            number = self._runner.run_log.progress.epoch + 1
            text = tr("A fault ended the run in epoch {number}. Click to read it.", number=number)
            self.status.show_sentence(text, "alert-circle-outline", "error", link=True)
        elif problem is not None and self._runner.state is None and not self._runner.can_bring_back:
            self.status.show_sentence(tr("Not ready yet."), "circle-outline", "muted", link=True)
        else:
            text = " ".join(part for part in (self._runner.remark, self._ready()) if part)
            self.status.show_sentence(text, "check-circle-outline", "success", link=False)

    def _ready(self) -> str:
        runner = self._runner
        if runner.can_bring_back:
            return tr("Ready to train from fresh weights.")
        if runner.state is None:
            return tr("Ready to train.")
        epochs = self._document.project.training.epochs
        if runner.state.epoch < epochs and (runner.state.epoch or runner.state.step):
            return tr("Stopped in epoch {number} of {total}. Continue goes on there.",
                      number=runner.state.epoch + 1, total=epochs)  # fmt: skip
        return tr("{done}. Continue adds {more} more.", done=epochs_trained(runner.state.epoch), more=epochs)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_buttons()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden panel costs nothing."""
        super().hideEvent(event)
        self._slow.stop()
