"""What the network can do: figures and mistakes on its data, and answers for other samples."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.blocks import scrolling
from designer.panels.form.icon_button import IconButton
from designer.panels.inside.switch import Switch
from designer.panels.results.judge_page import JudgePage
from designer.panels.results.predict_page import PredictPage
from designer.text import tr
from designer.training.runner import Runner


class ResultsPanel(QWidget):
    """Two pages: judging on the project's data, and predicting for files.

    While it is hidden nothing is judged.

    Args:
        document: the project.
        runner: who has the weights.

    Attributes:
        room_wanted: emitted when somebody wants the panel higher, or back to its former height.
        judge, predict: the pages.
    """

    room_wanted = Signal()

    def __init__(self, document: Document, runner: Runner) -> None:
        super().__init__()
        self.setObjectName("results-panel")
        self._front = True
        self.judge, self.predict = JudgePage(document, runner), PredictPage(document, runner)
        self.ways = Switch(
            "results-way",
            (
                ("judge", tr("Evaluate"), tr("How good it is on the project's data, and which classes it confuses.")),
                ("predict", tr("Predict"), tr("Let it answer for pictures and arrays of your own.")),
            ),
        )
        self.ways.setMaximumWidth(240)
        self.room = IconButton("arrow-expand-vertical", tr("More room for this panel, or back."))
        self.room.setObjectName("results-room")
        self.room.clicked.connect(self.room_wanted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.judge)
        self._pages.addWidget(self.predict)
        self.ways.chosen.connect(self._pages.setCurrentIndex)
        self.ways.chosen.connect(lambda _place: self._watch())
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 0)
        head.addWidget(self.ways)
        head.addStretch(1)
        head.addWidget(self.room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(scrolling(self._pages), 1)  # all panels that share the place may be as low as the lowest

    def set_front(self, front: bool) -> None:
        """Say whether the panel can be seen, for places where Qt does not: a dock behind another one's tab."""
        if front != self._front:
            self._front = front
            self._watch()

    def shutdown(self, timeout_s: float) -> bool:
        """Stop all work and wait; whether it ended in time."""
        return self.judge.verdict.shutdown(timeout_s) and self.predict.shutdown(timeout_s)

    def _watch(self) -> None:
        self.judge.verdict.watch(self._front and self.isVisible() and self.ways.place == 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to follow."""
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden panel costs nothing."""
        super().hideEvent(event)
        self._watch()
