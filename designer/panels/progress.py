"""How far a run is: figures of the last epoch, two bars, and the speed."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from designer.plots.figures import short_title
from designer.plots.ticks import clock
from designer.plots.ticks import figure as figure_text
from designer.text import tr
from designer.theme import SMALL_SIZE, TITLE_SIZE, set_kind, ui_font
from designer.training.run_log import RunLog
from designer.training.status import epochs_trained

#: Finest step of the bars.
_STEPS = 1000


class BigNumber(QWidget):
    """A value with its name above it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = _small("", self)
        self.value = QLabel(self)
        self.value.setObjectName(f"number-{name}")
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setFont(ui_font(TITLE_SIZE, strong=True, tabular=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._name)
        column.addWidget(self.value)

    def show_value(self, name: str, value: float | None, tip: str) -> None:
        """Show a value; ``None`` is a dash."""
        _set(self._name, name)
        _set(self.value, "–" if value is None else figure_text(value))
        self.setToolTip(tip)


class Bar(QWidget):
    """A line of text over a thin bar."""

    def __init__(self, name: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.left = _small("", self)
        self.right = _small("", self)
        for text in (self.left, self.right):
            text.setFont(ui_font(SMALL_SIZE, tabular=True))
        self.bar = QProgressBar(self)
        self.bar.setObjectName(name)
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.setToolTip(tip)
        words = QHBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.left, 1)
        words.addWidget(self.right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(words)
        column.addWidget(self.bar)

    def show_progress(self, fraction: float, left: str, right: str) -> None:
        """Show a share from 0 to 1 with its words."""
        self.bar.setValue(round(_STEPS * min(max(fraction, 0.0), 1.0)))
        self.bar.setAccessibleDescription(left)
        _set(self.left, left)
        _set(self.right, right)


class ProgressBlock(QWidget):
    """Numbers and bars of the current run.

    Args:
        log: where they come from.
    """

    def __init__(self, log: RunLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._numbers = [BigNumber(name, self) for name in ("loss", "metric", "val-loss", "val-metric")]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        for place, number in enumerate(self._numbers):
            grid.addWidget(number, 0, place)
            grid.setColumnStretch(place, 1)
        self._epochs = Bar("epoch-progress", tr("Passes through all samples, and the time until the last one."), self)
        self._batches = Bar("batch-progress", tr("Updates of this epoch, and the time until they are done."), self)
        self._speed = _small("", self)
        self._speed.setObjectName("run-speed")
        self._speed.setFont(ui_font(SMALL_SIZE, tabular=True))
        self._speed.setToolTip(tr("Speed over the last seconds. An update is one change of all weights."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(grid)
        column.addWidget(self._epochs)
        column.addWidget(self._batches)
        column.addWidget(self._speed)

    def refresh(self, active: bool) -> None:
        """Show where the run stands; call it a few times a second, text that changes faster cannot be read."""
        self._refresh_numbers()
        compiling = self._log.compiling
        if active and compiling is not None:
            left = tr("Preparing kernels {done} of {total}", done=compiling.done, total=compiling.total)
            self._epochs.show_progress(compiling.done / max(compiling.total, 1), left, compiling.name)
            self._epochs.setToolTip(tr("Fast code for this network is being made. It is kept for the next time."))
        else:
            self._refresh_epochs(active)
        self._refresh_batches(active)
        self._refresh_speed(active)

    def _refresh_numbers(self) -> None:
        log = self._log
        names = [name for name in log.curves.names if name != "loss"]
        metric = (*names, *log.metrics, "")[0]
        logs = dict(log.logs)
        if not logs and not math.isnan(log.progress.loss):
            # No epoch is complete yet; the figures of the epoch so far say more than dashes.
            logs = {"loss": log.progress.loss, **dict(zip(log.metrics, log.progress.metrics, strict=False))}
        metric_title = short_title(metric) if metric else tr("Metric")
        last = tr("Last complete epoch, on the samples that train.") if log.logs else tr("This epoch so far.")
        judged = tr("Last complete epoch, on the validation samples.")
        table = (
            ("loss", tr("Loss"), last),
            (metric, metric_title, last),
            ("val_loss", tr("Val. loss"), judged),
            (f"val_{metric}", tr("Val. {figure}", figure=metric_title.lower()), judged),
        )
        for number, (name, title, tip) in zip(self._numbers, table, strict=True):
            number.show_value(title, logs.get(name) if name else None, tip)

    def _refresh_epochs(self, active: bool) -> None:
        now = self._log.progress
        if not now.epochs:
            text = epochs_trained(now.epoch) if now.epoch else tr("No epoch yet")
            self._epochs.show_progress(1.0 if now.epoch else 0.0, text, "")
            return
        left = tr("Epoch {number} of {total}", number=min(now.epoch + 1, now.epochs), total=now.epochs)
        if now.epoch >= now.epochs:
            left = epochs_trained(now.epoch)
        self._epochs.show_progress(now.fraction, left, _time_left(now.seconds_left) if active else "")
        self._epochs.setToolTip(tr("Passes through all samples, and the time until the last one."))

    def _refresh_batches(self, active: bool) -> None:
        now, validating = self._log.progress, self._log.validating
        if active and validating is not None:
            left = tr("Validating, batch {done} of {total}", done=validating.done, total=validating.total)
            self._batches.show_progress(validating.done / max(validating.total, 1), left, "")
            return
        if not now.batches:
            self._batches.show_progress(0.0, tr("No batch yet"), "")
            return
        done = now.batches if now.epoch and not now.batch and not active else now.batch
        left = tr("Batch {number} of {total}", number=done, total=now.batches)
        self._batches.show_progress(done / now.batches, left, _time_left(now.epoch_seconds_left) if active else "")

    def _refresh_speed(self, active: bool) -> None:
        now = self._log.progress
        text = ""
        if now.updates_per_second:
            text = tr(
                "{updates} updates/s · {samples} samples/s",
                updates=_rate(now.updates_per_second),
                samples=_rate(now.samples_per_second),
            )
        if not active and now.seconds:
            text = tr("Took {time} · {rest}", time=clock(round(now.seconds, 1)), rest=text) if text else ""
        _set(self._speed, text)


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _time_left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 1:
        return tr("a moment left")
    return tr("{time} left", time=clock(math.ceil(seconds)))


def _small(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_kind(label, "small")
    return label


def _set(label: QLabel, text: str) -> None:
    # Setting the same text again would lay the panel out anew.
    if label.text() != text:
        label.setText(text)
