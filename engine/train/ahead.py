"""Reads the batch that comes next while the one before it is being computed."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from engine.plan.plan import Feed
from engine.train.reader import Reader

Rows = npt.NDArray[np.int64]


class Ahead:
    """Batches of a reader that looks at row numbers; one of them may be under way.

    A thread for every batch costs less than a tenth of a millisecond and leaves nothing to close, however a run ends.

    Args:
        reader: gives the rows.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._reading: _Reading | None = None

    def batch(self, wanted: Rows) -> Feed:
        """The rows of these numbers: those that were begun, or read now.

        Raises:
            DataError: they do not fit the network.
        """
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.join()
            if np.array_equal(reading.wanted, wanted):
                return reading.outcome()
        return self._reader.batch(wanted)

    def begin(self, wanted: Rows) -> None:
        """Read these rows beside what goes on; the next call of :meth:`batch` asks for them."""
        self._reading = _Reading(self._reader, wanted)
        self._reading.start()


class _Reading(threading.Thread):
    """One batch on its way."""

    def __init__(self, reader: Reader, wanted: Rows) -> None:
        super().__init__(name="reading ahead")
        self._reader, self.wanted = reader, wanted
        self._found: Feed | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Read; an error is kept for whoever asks for the batch."""
        try:
            self._found = self._reader.batch(self.wanted)
        except BaseException as error:
            self._error = error

    def outcome(self) -> Feed:
        """What was read, once it is done.

        Raises:
            DataError: as the reader raised it.
        """
        if self._found is None:
            assert self._error is not None
            raise self._error
        return self._found
