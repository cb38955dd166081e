"""The values of all curves nearest to a position."""

from __future__ import annotations

import numpy as np

from designer.plots.readout import Row
from designer.plots.ticks import clock, figure
from designer.plots.view import first_row
from designer.text import tr
from designer.training.curves import RunCurves, Series, Table
from designer.training.smoothed import Smoothed


def nearest(run: RunCurves, table: Table, axis: str, position: float) -> int | None:
    """The row nearest to a position on an axis; ``None`` when there is no row."""
    first = first_row(run, table, axis)
    places = table.axes[axis].values[first:]
    if not len(places):
        return None
    after = min(int(np.searchsorted(places, position)), len(places) - 1)
    before = max(after - 1, 0)
    return first + (before if position - places[before] <= places[after] - position else after)


def heading(run: RunCurves, axis: str, position: float) -> Row | None:
    """Where the pointer is: update, epoch and time of the nearest row."""
    for table in (run.batches, run.epochs):
        row = nearest(run, table, axis, position)
        if row is not None:
            update, epoch, time = (float(table.axes[name].values[row]) for name in ("updates", "epochs", "time"))
            text = tr("Update {update:,}, epoch {epoch:.2f}", update=int(update), epoch=epoch)
            known = row >= first_row(run, table, "time") and time > 0
            return Row(None, f"{text}, {clock(round(time, 1))}" if known else text, "")
    return None


def training_rows(run: RunCurves, smoothed: Smoothed, axis: str, position: float, color: str) -> list[Row]:
    """Smoothed and single training value."""
    series, row = smoothed.series, nearest(run, run.batches, axis, position)
    if series is None or row is None or not np.isfinite(series.values[row]):
        return _epoch_row(run, smoothed.figure, axis, position, color, tr("Training, epoch {epoch}"))
    found = [Row(color, tr("Training"), figure(float(series.values[row])))]
    if smoothed.updates > 1:
        raw = run.batches.figures[smoothed.figure].values[row]
        found.append(Row(color, tr("This update alone"), figure(float(raw)), faint=True))
    return found


def validation_rows(run: RunCurves, name: str, axis: str, position: float, color: str) -> list[Row]:
    """The validation value of the nearest epoch."""
    return _epoch_row(run, f"val_{name}", axis, position, color, tr("Validation, epoch {epoch}"))


def past_rows(run: RunCurves, name: str, axis: str, position: float, color: str) -> list[Row]:
    """An earlier run's validation value, or its training value where it had none."""
    text = tr("Run {number}", number=run.number)
    return _epoch_row(run, f"val_{name}", axis, position, color, text) or _epoch_row(
        run, name, axis, position, color, text
    )


def _epoch_row(run: RunCurves, name: str, axis: str, position: float, color: str, text: str) -> list[Row]:
    series: Series | None = run.epochs.figures.get(name)
    row = nearest(run, run.epochs, axis, position)
    if series is None or row is None or not np.isfinite(series.values[row]):
        return []
    epoch = int(run.epochs.axes["epochs"].values[row])
    return [Row(color, text.format(epoch=epoch), figure(float(series.values[row])))]
