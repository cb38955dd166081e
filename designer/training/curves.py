"""The numbers of one run, as the plots read them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from designer.training.decimate import Numbers, Places, Pyramid
from designer.training.growing import Growing
from engine.train.events import BatchEnd, EpochEnd
from engine.train.state import RunState

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

    def places(self, start: int, stop: int, buckets: int) -> Places:
        """Which numbers to draw; see :meth:`designer.training.decimate.Pyramid.places`."""
        return self._pyramid.places(self.values, start, stop, buckets)


class Table:
    """Rows over three axes and any number of named figures; a figure that came later starts with gaps.

    Attributes:
        axes: position of every row, by name of the axis; never decreasing.
        figures: by name.
        generation: changes when rows were taken away, so that whoever derived something begins anew.
    """

    def __init__(self) -> None:
        self.axes = {name: Growing(np.float64) for name in AXES}
        self.figures: dict[str, Series] = {}
        self.generation = 0

    def __len__(self) -> int:
        return len(self.axes["updates"])

    def extend(self, axes: Sequence[npt.ArrayLike], figures: dict[str, Numbers]) -> None:
        """Append rows; ``axes`` in the order of ``AXES``."""
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
        timed_from: the first row of ``batches`` whose time is known (earlier ones come from a file).
    """

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.batches = Table()
        self.epochs = Table()
        self.timed_from = 0

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
            state: the run; it keeps every update's loss, but not when it was made.
            seen: curves with some of the same updates, whose times then tell those of the others.
        """
        steps, losses = np.asarray(state.history.steps, np.float64).reshape(-1, 2).T
        batches = max((state.step - state.batch) / state.epoch if state.epoch else float(state.step), 1.0)
        times, unknown = np.zeros(len(steps)), len(steps)
        if seen is not None and len(seen.batches):
            known = {axis: seen.batches.axes[axis].values[seen.timed_from :] for axis in ("updates", "time")}
            times = np.interp(steps, known["updates"], known["time"]) if len(known["time"]) else times
            unknown = int(np.searchsorted(steps, known["updates"][0])) if len(known["time"]) else unknown
        self.batches.extend((steps, steps / batches, times), {"loss": losses})
        logs = state.history.epochs
        self.take_epochs([EpochEnd(n, round(n * batches), log, 0.0) for n, log in enumerate(logs, start=1)])
        self.timed_from = unknown

    def shorten(self, step: int) -> None:
        """Forget what came after an update, because the run goes on from there."""
        self.batches.shorten(step)
        self.epochs.shorten(step)
        self.timed_from = min(self.timed_from, len(self.batches))

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


def _finite(values: Numbers) -> Numbers:
    return np.where(np.isfinite(values), values, np.nan)
