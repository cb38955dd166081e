"""How far a run is, how fast it goes, and how long it will take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designer.training.curves import RunCurves
from designer.training.decimate import Numbers
from engine.train.events import BatchEnd, EpochEnd, Started

#: Speed is measured over this much of the latest past (s).
WINDOW = 3.0
#: How quickly the expected end follows new estimates (s).
CALM = 2.0


@dataclass
class Progress:
    """Where a run stands.

    Attributes:
        epoch, epochs: completed epochs, and how many there will be at the end.
        batch, batches: completed batches of the epoch under way, and how many it has.
        step: updates so far.
        samples: samples that train, in one epoch.
        loss, metrics: of the epoch so far, for the big numbers between two epochs.
        updates_per_second, samples_per_second: 0 while unknown.
        seconds: time this start has taken.
        seconds_left: until the last epoch's end, smoothed; ``None`` while unknown.
        epoch_seconds_left: until the end of this epoch's updates; ``None`` while unknown.
    """

    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    step: int = 0
    samples: int = 0
    loss: float = math.nan
    metrics: tuple[float, ...] = ()
    updates_per_second: float = 0.0
    samples_per_second: float = 0.0
    seconds: float = 0.0
    seconds_left: float | None = None
    epoch_seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        """Share of all updates that are done."""
        total = self.epochs * self.batches
        return min((self.epoch * self.batches + self.batch) / total, 1.0) if total else 0.0


class Meter:
    """Keeps a ``Progress`` up to date.

    Attributes:
        now: where the run stands.
    """

    def __init__(self) -> None:
        self.now = Progress()
        self._offset = 0.0
        self._since = 0.0
        self._durations: list[float] = []
        self._end: float | None = None

    def start(self, event: Started, curves: RunCurves) -> None:
        """A run begins or goes on."""
        self.now = Progress(event.epoch, event.epochs, event.batch, event.batches, event.step, event.samples)
        self._offset = curves.batches.last("time")
        self._durations = []
        self.resume(curves)

    @property
    def offset(self) -> float:
        """Seconds the run had taken before this start."""
        return self._offset

    def resume(self, curves: RunCurves) -> None:
        """Measure the speed anew, so that a pause does not count."""
        self._since = curves.batches.last("updates")
        self._end = None

    def take_batch(self, event: BatchEnd, curves: RunCurves) -> None:
        """Note the latest update; it must have been appended to the curves."""
        now = self.now
        now.epoch, now.batch, now.step = event.epoch, event.batch, event.step
        now.loss, now.metrics = event.mean_loss, event.metrics
        elapsed, now.seconds = event.seconds - now.seconds, event.seconds
        rate = self._rate(curves)
        if rate is None:
            return
        now.updates_per_second = rate
        now.samples_per_second = rate * now.samples / max(now.batches, 1)
        now.epoch_seconds_left = (now.batches - now.batch) / rate
        self._foresee(event.seconds, now.epoch_seconds_left, rate, max(elapsed, 0.0))

    def note_durations(self, events: Sequence[EpochEnd]) -> None:
        """Note how long epochs took, validation included."""
        self._durations = [*self._durations, *(event.seconds for event in events)][-5:]

    def take_epoch(self, event: EpochEnd) -> None:
        """Note that an epoch is over and nothing came after it yet."""
        now = self.now
        now.epoch, now.batch, now.step = event.epoch, 0, event.step
        if event.epoch >= now.epochs:
            now.seconds_left = now.epoch_seconds_left = 0.0

    def _rate(self, curves: RunCurves) -> float | None:
        """Updates per second over the latest window."""
        begin = int(np.searchsorted(curves.batches.axes["updates"].values, self._since, side="right"))
        times, steps = (curves.batches.axes[axis].values[begin:] for axis in ("time", "updates"))
        if len(times) < 2:
            return None
        first = int(np.searchsorted(times, times[-1] - WINDOW))
        first = min(first, len(times) - 2)
        return _slope(times, steps, first)

    def _foresee(self, time: float, epoch_left: float, rate: float, elapsed: float) -> None:
        """Move the expected end a little towards what the latest speed says."""
        now = self.now
        # Whole epochs count with their validation, which the speed of updates leaves out.
        epoch = float(np.median(self._durations)) if self._durations else now.batches / rate
        end = time + epoch_left + max(now.epochs - now.epoch - 1, 0) * epoch
        share = 1.0 if self._end is None else 1.0 - math.exp(-elapsed / CALM)
        self._end = end if self._end is None else self._end + share * (end - self._end)
        now.seconds_left = max(self._end - time, 0.0)


def _slope(times: Numbers, steps: Numbers, first: int) -> float | None:
    seconds = float(times[-1] - times[first])
    return float(steps[-1] - steps[first]) / seconds if seconds > 0 else None
