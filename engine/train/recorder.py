"""The curves of a run while it goes on, kept within bounds.

The rule of thinning: as soon as a curve has ``room`` rows, its newest quarter stays whole. Of the older
rows only the first and every second, fourth, eighth ... update stay: the smallest such power of two,
not below that of the time before, that leaves at most half the room. So the older part is evenly spaced,
every row is one that was measured, and which rows stay depends on the numbers of the updates alone: a run
that was stopped, saved and opened again keeps the same ones as an unbroken run.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import isnan, nan

import numpy as np
import numpy.typing as npt

from engine.train.state import RunHistory

Numbers = npt.NDArray[np.float64]
#: Updates that one curve holds at most.
ROOM = 200_000
#: Epochs that one curve holds at most.
EPOCH_ROOM = 20_000
_AXES = 4  # columns before the metrics: update, epochs, seconds, loss


def kept(numbers: Numbers, room: int) -> npt.NDArray[np.bool_]:
    """Which rows of a full curve stay; see the rule above.

    Args:
        numbers: of the rows' updates (or epochs), increasing.
        room: rows that the curve may hold; at least 4.
    """
    stays = np.ones(len(numbers), np.bool_)
    older = numbers[: len(numbers) - room // 4]
    stride, spacing = 2, float(numbers[2] - numbers[1])
    while stride < spacing:
        stride *= 2
    while (chosen := older % stride == 0).sum() > room // 2:
        stride *= 2
    stays[: len(older)] = chosen
    stays[0] = True
    return stays


class Recorder:
    """Takes in every update and epoch, and hands out the history.

    Args:
        metrics: names of what ``update`` is given.
        history: what is known already; curves of other metrics go on with gaps.
        room: updates that are held at most.
        epoch_room: epochs that are held at most.
    """

    def __init__(
        self,
        metrics: Sequence[str],
        history: RunHistory | None = None,
        room: int = ROOM,
        epoch_room: int = EPOCH_ROOM,
    ) -> None:
        before = history or RunHistory()
        self._room, self._epoch_room = room, epoch_room
        self._given = tuple(metrics)
        self._names = tuple(dict.fromkeys((*before.metrics, *metrics)))
        self._width = _AXES + len(self._names)
        self._places = [self._names.index(name) for name in metrics]
        self._whole = self._given == self._names  # no metric is left over from before
        self._rows = array("d", _table(before, self._width).tobytes())
        self._epochs = list(before.epochs)
        self._ends = array("d", _ends(before).tobytes())
        self._offset = self.seconds
        self._thin()
        self._thin_epochs()

    @property
    def seconds(self) -> float:
        """Time trained until the last update, as far as it is known."""
        last = self._rows[2 - self._width] if self._rows else nan
        return 0.0 if isnan(last) else last

    def update(self, step: int, epochs: float, seconds: float, loss: float, figures: Sequence[float]) -> None:
        """Note an update.

        Args:
            step: its number.
            epochs: epochs done, with the fraction of the one under way.
            seconds: since this start.
            loss: of the batch alone.
            figures: metrics of the batch alone, in their order.
        """
        if self._whole:
            self._rows.extend((step, epochs, self._offset + seconds, loss, *figures))
        else:
            row = [nan] * len(self._names)
            for place, figure in zip(self._places, figures, strict=True):
                row[place] = figure
            self._rows.extend((step, epochs, self._offset + seconds, loss, *row))
        if len(self._rows) >= self._room * self._width:
            self._thin()

    def end_epoch(self, epoch: int, step: int, logs: Mapping[str, float]) -> None:
        """Note a completed epoch and its last update."""
        self._epochs.append(logs)
        self._ends.extend((epoch, step, self.seconds))
        self._thin_epochs()

    def clear(self) -> None:
        """Forget everything."""
        del self._rows[:], self._ends[:]
        self._epochs = []
        self._offset = 0.0

    def history(self, running: Mapping[str, float]) -> RunHistory:
        """A copy of everything so far, with the figures of the epoch under way."""
        table = np.array(self._rows, np.float64).reshape(-1, self._width)
        figures = [0, *range(_AXES - 1, self._width)]
        return RunHistory(
            table[:, figures],
            tuple(self._epochs),
            self._names,
            table[:, 1:3].copy(),
            np.array(self._ends, np.float64).reshape(-1, 3),
            running,
        )

    def _thin(self) -> None:
        if len(self._rows) >= self._room * self._width:
            table = np.array(self._rows, np.float64).reshape(-1, self._width)
            self._rows = array("d", table[kept(table[:, 0], self._room)].tobytes())

    def _thin_epochs(self) -> None:
        if len(self._epochs) >= self._epoch_room:
            ends = np.array(self._ends, np.float64).reshape(-1, 3)
            stays = kept(ends[:, 0], self._epoch_room)
            self._epochs = [logs for logs, stay in zip(self._epochs, stays.tolist(), strict=True) if stay]
            self._ends = array("d", ends[stays].tobytes())


def _table(history: RunHistory, width: int) -> Numbers:
    """Rows of update, epochs, seconds, loss and metrics; what was not kept is NaN."""
    steps = np.asarray(history.steps, np.float64)
    table = np.full((len(steps), width), np.nan)
    if len(steps):
        table[:, 0], table[:, _AXES - 1 : _AXES - 2 + steps.shape[1]] = steps[:, 0], steps[:, 1:]
        if len(history.axes):
            table[:, 1:3] = history.axes
    return table


def _ends(history: RunHistory) -> Numbers:
    if len(history.ends) == len(history.epochs):
        return np.asarray(history.ends, np.float64)
    ends = np.full((len(history.epochs), 3), np.nan)
    ends[:, 0] = np.arange(1, len(ends) + 1)
    return ends
