"""Loss and metric side by side, with what they share: axis, scale, smoothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from designer.plots.curve_plot import CurvePlot
from designer.plots.redraw import Redrawer
from designer.plots.view import Settings
from designer.text import tr
from designer.training.run_log import RunLog
from designer.training.runner import Runner

#: Steps of the slider for every power of ten of smoothing.
_PER_DECADE = 20
_DECADES = 3.5


def loss_names(log: RunLog) -> Sequence[str]:
    """What the left plot may show."""
    return ("loss",)


def metric_names(log: RunLog) -> Sequence[str]:
    """What the right plot may show: everything else."""
    runs = (log.curves, *log.past[::-1])
    found = dict.fromkeys(name for run in runs for name in run.names if name != "loss")
    return tuple(found)


def smoothing_of(place: int) -> float:
    """Updates averaged at a place of the slider."""
    return float(round(10.0 ** (place / _PER_DECADE)))


def place_of(updates: float) -> int:
    """Place of the slider for so many updates."""
    return round(math.log10(max(updates, 1.0)) * _PER_DECADE)


class CurvesArea(QWidget):
    """Two plots of the current run and their settings.

    Attributes:
        failed: emitted with a sentence when a file could not be written.
        saved: emitted with a sentence when one was.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves-area")
        self.settings = Settings()
        self.loss_plot = CurvePlot(runner.run_log, "loss", loss_names, self)
        self.metric_plot = CurvePlot(runner.run_log, "metric", metric_names, self)
        self.redrawer = Redrawer(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for plot in (self.loss_plot, self.metric_plot):
            layout.addWidget(plot, 1)
            self.redrawer.add(plot)
            plot.dirtied.connect(self.redrawer.hurry)
            plot.failed.connect(self.failed)
            plot.saved.connect(self.saved)
        layout.addWidget(self._controls())
        runner.frame.connect(self.redrawer.wake)
        self._apply()

    def _controls(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(132)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.axis = QComboBox(side)
        self.axis.setObjectName("x-axis")
        self.axis.setAccessibleName(tr("What lies to the right"))
        for name, text in (("updates", tr("Updates")), ("epochs", tr("Epochs")), ("time", tr("Time"))):
            self.axis.addItem(text, name)
        self.axis.setToolTip(
            tr("What lies to the right. Updates are single changes of the weights, one per batch; an epoch is one "
               "pass through all samples; time compares how fast runs learn.")
        )  # fmt: skip
        self.axis.currentIndexChanged.connect(self._apply)
        self.log_scale = QCheckBox(tr("Log scale"), side)
        self.log_scale.setObjectName("log-scale")
        self.log_scale.setToolTip(
            tr("Shows the loss in powers of ten, so that small improvements late in training can be seen. "
               "Figures of which more is better stay as they are.")
        )  # fmt: skip
        self.log_scale.toggled.connect(self._apply)
        self.smoothing = QSlider(Qt.Orientation.Horizontal, side)
        self.smoothing.setObjectName("smoothing")
        self.smoothing.setAccessibleName(tr("Updates averaged"))
        self.smoothing.setRange(0, round(_DECADES * _PER_DECADE))
        self.smoothing.setValue(place_of(self.settings.smoothing))
        self.smoothing.setPageStep(_PER_DECADE // 2)
        self.smoothing.setToolTip(
            tr("Averages the training curve over the latest updates, because single batches scatter. "
               "The faint line behind shows them as they are. Slide to the left end for no averaging.")
        )  # fmt: skip
        self.smoothing.valueChanged.connect(self._apply)
        self._smoothing_text = _small_label("", side)
        self._smoothing_text.setBuddy(self.smoothing)
        over = _small_label(tr("Over"), side)
        over.setBuddy(self.axis)
        for widget in (over, self.axis, self.log_scale, self._smoothing_text, self.smoothing):
            layout.addWidget(widget)
        layout.insertSpacing(3, 4)
        layout.addStretch(1)
        return side

    def _apply(self) -> None:
        updates = smoothing_of(self.smoothing.value())
        self.settings = replace(
            self.settings, axis=self.axis.currentData(), log=self.log_scale.isChecked(), smoothing=updates
        )
        text = tr("Average of {updates:,} updates", updates=int(updates)) if updates > 1 else tr("No averaging")
        self._smoothing_text.setText(text)
        for plot in (self.loss_plot, self.metric_plot):
            plot.apply(self.settings)

    def showEvent(self, event: QEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.redrawer.hurry()


def _small_label(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", "small")
    return label
