"""The smoothed companion of a growing series."""

from __future__ import annotations

from designer.training.curves import Series, Table
from designer.training.smooth import Smoother


class Smoothed:
    """A running average of one figure of a table, brought up to date when it is asked for.

    Args:
        table: where the figure grows.
        figure: its name.
        updates: how many updates count, about; 1 changes nothing.
    """

    def __init__(self, table: Table, figure: str, updates: float) -> None:
        self.table = table
        self.figure = figure
        self.updates = updates
        self._begin()

    def _begin(self) -> None:
        self._generation = self.table.generation
        self._smoother = Smoother(self.updates)
        self._result = Series()

    @property
    def series(self) -> Series | None:
        """The averages so far; ``None`` while the table has no such figure."""
        source = self.table.figures.get(self.figure)
        if source is None or self.updates <= 1:
            return source
        if self._generation != self.table.generation:
            self._begin()
        fresh = source.values[len(self._result) :]
        if len(fresh):
            self._result.extend(self._smoother.extend(fresh))
        return self._result
