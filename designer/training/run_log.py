"""What is known of the runs of a project: their curves and where the current one stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from designer.training.curves import RunCurves
from designer.training.progress import Meter, Progress
from engine.train.events import (
    BatchEnd,
    Compiling,
    EpochEnd,
    Event,
    Failed,
    Finished,
    Resumed,
    Started,
    Validating,
)
from engine.train.state import RunHistory, RunState

#: Earlier runs that are kept to be shown faintly behind the current one.
KEPT_RUNS = 3
_BULK = frozenset({BatchEnd, EpochEnd, Validating, Compiling})


class RunLog:
    """Series and status that views read; lists of events go in once a frame.

    Attributes:
        curves: of the current run.
        past: curves of earlier runs, the latest last; at most ``KEPT_RUNS``.
        compiling: the kernel being prepared, while kernels are prepared.
        validating: how far validation is, while it is under way.
        metrics: names of the metrics of the current run.
        logs: figures of the last completed epoch.
        version: changes whenever the curves do.
    """

    def __init__(self) -> None:
        self.curves = RunCurves()
        self.past: tuple[RunCurves, ...] = ()
        self.compiling: Compiling | None = None
        self.validating: Validating | None = None
        self.metrics: tuple[str, ...] = ()
        self.logs: Mapping[str, float] = {}
        self.version = 0
        self._meter = Meter()

    @property
    def progress(self) -> Progress:
        """Where the run stands."""
        return self._meter.now

    def apply(self, events: Sequence[Event]) -> None:
        """Take in what happened, in order."""
        # There may be thousands in a frame, nearly all of them updates: they are handled in bulk.
        start = 0
        if not set(map(type, events)) <= _BULK:
            for place, event in enumerate(events):
                if type(event) not in _BULK:
                    # What came before it must be in the curves when it is handled.
                    self._take(events[start:place])
                    self._handle(event)
                    start = place + 1
        self._take(events[start:])

    def _handle(self, event: Event) -> None:
        if isinstance(event, Started):
            self._started(event)
        elif isinstance(event, Resumed):
            self._meter.resume(self.curves)
        elif isinstance(event, Finished | Failed):
            self._ended(event)

    def _take(self, events: Sequence[Event]) -> None:
        """Take in events of the kinds of ``_BULK``."""
        batches = [event for event in events if isinstance(event, BatchEnd)]
        rest = [event for event in events if not isinstance(event, BatchEnd)] if len(batches) < len(events) else []
        epochs: list[EpochEnd] = []
        for event in rest:
            if isinstance(event, EpochEnd):
                epochs.append(event)
                self.validating = None
            elif isinstance(event, Validating):
                self.validating = event
            elif isinstance(event, Compiling):
                self.compiling = event
        if batches or epochs:
            self._extend(batches, epochs)

    def _extend(self, batches: list[BatchEnd], epochs: list[EpochEnd]) -> None:
        self.curves.take_batches(batches, self.metrics, self.progress.batches, self._meter.offset)
        self.curves.take_epochs(epochs)
        self._meter.note_durations(epochs)
        if batches:
            self._meter.take_batch(batches[-1], self.curves)
        if epochs:
            self.logs = epochs[-1].logs
            if not batches or batches[-1].step <= epochs[-1].step:
                self._meter.take_epoch(epochs[-1])
        self.version += 1

    def _started(self, event: Started) -> None:
        if event.step == 0:
            self.put_aside()
        else:
            # The run may go on from before its last updates, for example after a failure.
            self.curves.shorten(event.step)
        self.metrics = event.metrics
        self.compiling = None
        self.validating = None
        self._meter.start(event, self.curves)
        self.version += 1

    def _ended(self, event: Finished | Failed) -> None:
        self.compiling = None
        self.validating = None
        history = event.state.history if event.state is not None else RunHistory()
        if self.curves.lacks(history):
            # Events were thinned out while nobody could look; the trainer kept every one.
            self._refill(event.state)

    def _refill(self, state: RunState | None) -> None:
        if state is None:
            return
        filled = RunCurves(self.curves.number)
        filled.restore(state, self.curves)
        self.curves = filled
        self.version += 1

    def put_aside(self) -> None:
        """Begin with empty curves; those of the run so far stay as an earlier run."""
        if len(self.curves):
            self.past = (*self.past, self.curves)[-KEPT_RUNS:]
            self.curves = RunCurves(self.curves.number + 1)
        self.logs = {}
        self._meter = Meter()
        self.version += 1

    def bring_back(self, curves: RunCurves) -> None:
        """Make an earlier run the current one again, in place of one without any curve."""
        self.past = tuple(earlier for earlier in self.past if earlier is not curves)
        self.curves = curves
        self.logs = self._last_logs()
        self._meter = Meter()
        self.version += 1

    def restore(self, state: RunState | None) -> None:
        """Show another project's run: its curves from the file, and no earlier runs."""
        self.curves = RunCurves()
        self.past = ()
        self.metrics = ()
        self._meter = Meter()
        self.compiling = self.validating = None
        if state is not None:
            self.curves.restore(state)
            now = self._meter.now
            now.epoch, now.step = state.epoch, state.step
            running = dict(state.history.running)
            now.loss, self.metrics, now.metrics = running.pop("loss", math.nan), (*running,), (*running.values(),)
        self.logs = dict(state.history.epochs[-1]) if state is not None and state.history.epochs else {}
        self.version += 1

    def _last_logs(self) -> Mapping[str, float]:
        figures = self.curves.epochs.figures
        return {name: float(series.values[-1]) for name, series in figures.items() if len(series)}
