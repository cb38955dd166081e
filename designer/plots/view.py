"""What part of a run a plot shows, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designer.training.curves import RunCurves, Series, Table
from designer.training.decimate import Numbers


@dataclass(frozen=True)
class Settings:
    """How curves are drawn; shared by the plots of a panel.

    Attributes:
        axis: what lies to the right: ``updates``, ``epochs`` or ``time``.
        log: powers of ten upwards, for figures of which less is better.
        smoothing: updates that a smoothed point averages; 1 for none.
    """

    axis: str = "updates"
    log: bool = False
    smoothing: float = 10.0


@dataclass(frozen=True)
class Line:
    """Points of one curve as they are drawn.

    Attributes:
        x: positions on the axis.
        y: values, or their powers of ten.
        has_gaps: whether some values cannot be drawn.
    """

    x: Numbers
    y: Numbers
    has_gaps: bool

    def __len__(self) -> int:
        return len(self.x)


EMPTY = Line(np.zeros(0), np.zeros(0), False)


def first_row(curves: RunCurves, table: Table, axis: str) -> int:
    """The first row of a table that has a place on an axis; times before the project was opened are unknown."""
    if axis != "time" or curves.timed_from == 0:
        return 0
    if table is curves.batches:
        return curves.timed_from
    known = curves.batches.axes["updates"].values[: curves.timed_from]
    return int(np.searchsorted(table.axes["updates"].values, known[-1], side="right"))


def line(positions: Numbers, series: Series, low: float, high: float, pixels: int, log: bool, first: int = 0) -> Line:
    """The points of a series between two positions, no more than its pixels need.

    One more point on each side keeps the line going to the edge.
    """
    start = max(int(np.searchsorted(positions, low, side="left")) - 1, first)
    stop = min(int(np.searchsorted(positions, high, side="right")) + 1, len(series))
    if stop <= start:
        return EMPTY
    places = series.places(start, stop, pixels)
    y = series.values[places]
    if log:
        y = logarithms(y)
    return Line(positions[places], y, not bool(np.isfinite(y).all()))


def logarithms(values: Numbers) -> Numbers:
    """Powers of ten; what has none is a gap."""
    found = np.full(len(values), np.nan)
    np.log10(values, out=found, where=values > 0)
    return found


def extent(curves: Sequence[RunCurves], axis: str) -> tuple[float, float] | None:
    """First and last position of some runs; ``None`` while there is nothing to show."""
    ends: list[float] = []
    for run in curves:
        for table in (run.batches, run.epochs):
            values = table.axes[axis].values[first_row(run, table, axis) :]
            ends += [float(values[0]), float(values[-1])] if len(values) else []
    if not ends:
        return None
    low, high = min(ends), max(ends)
    # A run that begins at the first update is shown from zero.
    return (0.0 if 0 <= low < 0.05 * high else low), high


def heights(lines: Sequence[Line], rough: Sequence[Line]) -> tuple[float, float] | None:
    """Lowest and highest value to make room for.

    Args:
        lines: shown whole.
        rough: shown but for their outermost points, lest a single bad batch flatten everything.
    """
    found = [part.y[np.isfinite(part.y)] for part in lines]
    for part in rough:
        finite = part.y[np.isfinite(part.y)]
        if len(finite):
            found.append(np.percentile(finite, (4, 96)))
    values = np.concatenate([np.zeros(0), *found])
    return (float(values.min()), float(values.max())) if len(values) else None


def calm_range(low: float, high: float, current: tuple[float, float], margin: float) -> tuple[float, float]:
    """The range to show: the current one while it fits, so that marks do not dance.

    Args:
        low: lowest value that must be seen.
        high: highest value that must be seen.
        current: the range now.
        margin: share of the range left free at each end.
    """
    span = high - low
    if span <= 0:
        span = abs(high) * 0.1 or 1.0
        low, high = low - span / 2, high + span / 2
    fits = current[0] <= low - 0.25 * margin * span and high + 0.25 * margin * span <= current[1]
    if fits and (current[1] - current[0]) <= span * (1 + 5 * margin):
        return current
    return low - margin * span, high + margin * span
