"""The numbers of one run, as the plots read them.

Long curves are thinned by the rule of :mod:`engine.train.recorder`, row for row as the trainer's own history
is, so a run that is opened again looks as it did while it went on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from designer.training.decimate import Numbers, Places, Pyramid
from designer.training.growing import Growing
from engine.train.events import BatchEnd, EpochEnd
from engine.train.recorder import EPOCH_ROOM, ROOM, kept
from engine.train.state import RunHistory, RunState

#: What curves can be drawn over.
AXES = ("updates", "epochs", "time")


class Series:
    """One growing row of numbers that can be thinned to pixels at any time."""

    def __init__(self) -> None:
        self._numbers = Growing(np.float64)
        self._pyramid = Pyramid()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def values(self) -> Numbers:
        """All numbers so far."""
        return self._numbers.values

    def extend(self, values: npt.ArrayLike) -> None:
        """Append numbers."""
        self._numbers.extend(values)

    def fill(self, length: int) -> None:
        """Append gaps up to a length."""
        self._numbers.extend(np.full(max(length - len(self), 0), np.nan))

    def shorten(self, length: int) -> None:
        """Forget everything from ``length`` on."""
        self._numbers.shorten(length)
        self._pyramid.clear()

    def keep(self, stays: npt.NDArray[np.bool_]) -> None:
        """Forget every other number."""
        self._numbers.keep(stays)
        self._pyramid.clear()

    def places(self, start: int, stop: int, buckets: int) -> Places:
        """Which numbers to draw; see :meth:`designer.training.decimate.Pyramid.places`."""
        return self._pyramid.places(self.values, start, stop, buckets)


class Table:
    """Rows over three axes and any number of named figures; a figure that came later starts with gaps.

    Args:
        counter: the axis that numbers the rows.
        room: rows that are held at most.

    Attributes:
        axes: position of every row, by name of the axis; never decreasing.
        figures: by name.
        generation: changes when rows were taken away, so that whoever derived something begins anew.
    """

    def __init__(self, counter: str = "updates", room: int = ROOM) -> None:
        self._counter, self._room = counter, room
        self.axes = {name: Growing(np.float64) for name in AXES}
        self.figures: dict[str, Series] = {}
        self.generation = 0

    def __len__(self) -> int:
        return len(self.axes["updates"])

    def extend(self, axes: Sequence[npt.ArrayLike], figures: dict[str, Numbers]) -> None:
        """Append rows; ``axes`` in the order of ``AXES``."""
        columns = [np.asarray(values, np.float64) for values in axes]
        start, count = 0, len(columns[0])
        while start < count:
            # The curve is thinned at the very row at which it is full, however many rows come at a time.
            stop = min(count, start + self._room - len(self))
            self._append([c[start:stop] for c in columns], {name: v[start:stop] for name, v in figures.items()})
            start = stop
            if len(self) >= self._room:
                self._thin()

    def _thin(self) -> None:
        stays = kept(self.axes[self._counter].values, self._room)
        for axis in self.axes.values():
            axis.keep(stays)
        for series in self.figures.values():
            series.keep(stays)
        self.generation += 1

    def _append(self, axes: Sequence[Numbers], figures: dict[str, Numbers]) -> None:
        before = len(self)
        for name, values in zip(AXES, axes, strict=True):
            self.axes[name].extend(values)
        for name, values in figures.items():
            if name not in self.figures:
                self.figures[name] = Series()
            self.figures[name].fill(before)
            self.figures[name].extend(values)
        for series in self.figures.values():
            series.fill(len(self))

    def shorten(self, step: int) -> None:
        """Forget the rows after an update."""
        length = int(np.searchsorted(self.axes["updates"].values, step, side="right"))
        if length == len(self):
            return
        for axis in self.axes.values():
            axis.shorten(length)
        for series in self.figures.values():
            series.shorten(length)
        self.generation += 1

    def last(self, axis: str) -> float:
        """The last row's position, 0 when there is none."""
        values = self.axes[axis].values
        return float(values[-1]) if len(values) else 0.0


class RunCurves:
    """The curves of one run.

    Attributes:
        number: 1 for the first run since the project was opened.
        batches: one row per update: loss and metrics of the batch alone. Means of the epoch so far would jump
            wherever an epoch begins.
        epochs: one row per completed epoch, with the names of the epoch's logs.
    """

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.batches = Table()
        self.epochs = Table("epochs", EPOCH_ROOM)
        self._timed_step = 0.0

    @property
    def timed_from(self) -> int:
        """The first row of ``batches`` whose time is known; earlier ones come from a file of version 1."""
        return int(np.searchsorted(self.batches.axes["updates"].values, self._timed_step))

    def __len__(self) -> int:
        return len(self.batches) + len(self.epochs)

    @property
    def step(self) -> int:
        """Updates so far."""
        return int(max(self.batches.last("updates"), self.epochs.last("updates")))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the figures, without those of validation: ``loss`` first."""
        found = dict.fromkeys((*self.batches.figures, *self.epochs.figures))
        return tuple(name for name in found if not name.startswith("val_"))

    def take_batches(self, events: Sequence[BatchEnd], metrics: Sequence[str], batches: int, offset: float) -> None:
        """Append updates.

        Args:
            events: in order.
            metrics: names of ``BatchEnd.batch_metrics``.
            batches: batches of an epoch.
            offset: seconds the run had taken before this start.
        """
        if not events:
            return
        columns = tuple(zip(*events, strict=True))
        steps, epochs, places, losses, _, _, seconds, figures = columns
        progress = np.asarray(epochs, np.float64) + np.asarray(places, np.float64) / max(batches, 1)
        found = {"loss": np.asarray(losses, np.float64), **_columns(figures, metrics)}
        self.batches.extend((steps, progress, np.asarray(seconds, np.float64) + offset), found)

    def take_epochs(self, events: Sequence[EpochEnd]) -> None:
        """Append completed epochs; their updates must have been taken before."""
        if not events:
            return
        steps = np.array([event.step for event in events], np.float64)
        names = dict.fromkeys(name for event in events for name in event.logs)
        figures = {name: np.array([event.logs.get(name, np.nan) for event in events], np.float64) for name in names}
        self.epochs.extend((steps, [event.epoch for event in events], self._times(steps)), figures)

    def _times(self, steps: Numbers) -> Numbers:
        """When updates were made, as far as it is known."""
        if not len(self.batches):
            return np.zeros(len(steps))
        places = np.searchsorted(self.batches.axes["updates"].values, steps, side="right") - 1
        return self.batches.axes["time"].values[np.maximum(places, 0)]

    def restore(self, state: RunState, seen: RunCurves | None = None) -> None:
        """Fill empty curves from what was kept of a run.

        Args:
            state: the run.
            seen: curves with some of the same updates, which tell when the others were made where the file
                does not (those of version 1).
        """
        history = state.history
        steps = np.asarray(history.steps, np.float64)
        updates = steps[:, 0] if len(steps) else np.zeros(0)
        batches = max((state.step - state.batch) / state.epoch if state.epoch else float(state.step), 1.0)
        axes = history.axes if len(history.axes) else np.full((len(steps), 2), np.nan)
        places = _filled(axes[:, 0], updates / batches)
        times, self._timed_step = _timed(updates, axes[:, 1], seen)
        figures = {name: steps[:, place] for place, name in enumerate(("loss", *history.metrics), start=1)}
        self.batches.extend((updates, places, times), figures if len(steps) else {})
        self._restore_epochs(history, batches)

    def _restore_epochs(self, history: RunHistory, batches: float) -> None:
        count = len(history.epochs)
        ends = history.ends if len(history.ends) else np.full((count, 3), np.nan)
        numbers = _filled(ends[:, 0], np.arange(1.0, count + 1))
        steps = _filled(ends[:, 1], np.round(numbers * batches))
        names = dict.fromkeys(name for logs in history.epochs for name in logs)
        figures = {name: np.array([logs.get(name, np.nan) for logs in history.epochs], np.float64) for name in names}
        self.epochs.extend((steps, numbers, _filled(ends[:, 2], self._times(steps))), figures)

    def lacks(self, history: RunHistory) -> bool:
        """Whether a history of the same run holds updates or epochs that are not here."""
        if len(history.epochs) > len(self.epochs):
            return True
        updates = self.batches.axes["updates"].values
        wanted = history.steps[:, 0]
        if len(wanted) > len(updates):
            return True
        return not np.array_equal(updates[np.searchsorted(updates, wanted).clip(max=len(updates) - 1)], wanted)

    def shorten(self, step: int) -> None:
        """Forget what came after an update, because the run goes on from there."""
        self.batches.shorten(step)
        self.epochs.shorten(step)
        self._timed_step = min(self._timed_step, step + 1.0)

    def best_epoch(self, figure: str, better: str) -> tuple[int, float] | None:
        """The row of ``epochs`` with the best figure, and the figure; the first of equals.

        Args:
            figure: a name in ``epochs.figures``.
            better: ``"higher"`` or ``"lower"``.
        """
        series = self.epochs.figures.get(figure)
        if series is None or not np.isfinite(series.values).any():
            return None
        values = series.values
        place = int(np.nanargmax(_finite(values)) if better == "higher" else np.nanargmin(_finite(values)))
        return place, float(values[place])


def _columns(rows: Sequence[Sequence[float]], names: Sequence[str]) -> dict[str, Numbers]:
    """Figures by name from one row per update; an update that tells none leaves gaps."""
    if not names or not any(rows):
        return {}
    if not all(rows):
        gaps = (np.nan,) * len(names)
        rows = [row or gaps for row in rows]
    values = np.array(list(chain.from_iterable(rows)), np.float64).reshape(len(rows), -1)
    return {name: values[:, place] for place, name in enumerate(names) if place < values.shape[1]}


def _filled(values: Numbers, guesses: Numbers) -> Numbers:
    """Values, with guesses where they are unknown; as the first ones are, no guess may exceed what is known."""
    known = np.isfinite(values)
    limit = values[known][0] if known.any() else np.inf
    return np.where(known, values, np.minimum(guesses, limit))


def _timed(updates: Numbers, seconds: Numbers, seen: RunCurves | None) -> tuple[Numbers, float]:
    """When updates were made, and the first update of which that is known."""
    known = np.isfinite(seconds)
    times = np.where(known, seconds, 0.0)
    if known.all():
        return times, 0.0
    first = float(updates[known][0] if known.any() else updates[-1] + 1)
    if seen is not None:
        steps, clock = (seen.batches.axes[axis].values[seen.timed_from :] for axis in ("updates", "time"))
        if len(steps):
            times = np.where(known, times, np.interp(updates, steps, clock))
            first = min(first, float(steps[0]))
    return times, first


def _finite(values: Numbers) -> Numbers:
    return np.where(np.isfinite(values), values, np.nan)
