"""Where a loop takes its batches from: rows in memory in the order of the epoch, or a reader."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.plan.parameters import stream
from engine.plan.plan import Feed
from engine.train.ahead import Ahead
from engine.train.job import Job
from engine.train.reader import NO_ROWS, Reader
from engine.train.tray import Tray, rows_of

Rows = npt.NDArray[np.int64]


class Supply:
    """Batches of one kind.

    Args:
        feed: the rows; of a reader, its first batch.
        reader: hands out batches that are not in memory.
        capacity: rows of a batch at most.

    Attributes:
        feed: what programs are bound to.
    """

    def __init__(self, feed: Feed, reader: Reader | None, capacity: int) -> None:
        self.is_open = reader is not None and not reader.numbered
        # A generator is asked for a batch when it is needed and never before: whoever wrote it may count on that.
        self._ahead = Ahead(reader) if reader is not None and reader.numbered else None
        self._reader = reader
        self._tray = Tray(feed, capacity) if reader is not None else None
        self.feed = feed if self._tray is None else self._tray.feed

    def place(self, wanted: Rows, then: Rows = NO_ROWS) -> tuple[Rows, bool]:
        """Make a batch ready.

        Args:
            wanted: numbers of its rows.
            then: those of the batch after it, which is read while this one is computed; none for not known.

        Returns:
            Where the rows lie in the feed, and whether the feed is another one now.

        Raises:
            DataError: the reader has no such batch.
        """
        if self._reader is None or self._tray is None:
            return wanted, False
        batch = (self._ahead or self._reader).batch(wanted)
        changed = not self._tray.takes(batch)
        if changed:
            self._tray = Tray(batch, max(self._tray.capacity, rows_of(batch)))
            self.feed = self._tray.feed
        rows = self._tray.put(batch)
        if self._ahead is not None and len(then):
            self._ahead.begin(then)
        return np.arange(rows, dtype=np.int64), changed


class Order:
    """Which rows a batch of training has.

    Args:
        job: the training.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._round, self._rows = -1, NO_ROWS

    def after(self, epoch: int, batch: int) -> Rows:
        """Numbers of the rows of the batch after one, of the same epoch; none behind its last."""
        return self.wanted(epoch, batch + 1) if batch + 1 < self._job.batches else NO_ROWS

    def wanted(self, epoch: int, batch: int) -> Rows:
        """Numbers of the rows of a batch; where an epoch is a number of steps, the next one goes on behind it."""
        job = self._job
        number = epoch * job.batches + batch if job.steps else batch
        rounds, place = divmod(number, job.all_batches) if job.steps else (epoch, batch)
        if rounds != self._round:
            self._round, self._rows = rounds, order(job, rounds)
        start = place * job.batch_size
        return self._rows[start : start + job.batch_size]


def order(job: Job, epoch: int) -> Rows:
    """Row numbers in the order in which an epoch visits them.

    With ``shuffle="batch"`` whole batches change places and the incomplete one stays last.
    """
    if not job.shuffle:
        return np.arange(job.samples, dtype=np.int64)
    random = np.random.Generator(np.random.Philox(key=stream(job.seed, "order", str(epoch))))
    if job.shuffle != "batch":
        return random.permutation(job.samples).astype(np.int64)
    full = job.samples // job.batch_size
    whole = np.arange(full * job.batch_size, dtype=np.int64).reshape(full, job.batch_size)
    rest = np.arange(full * job.batch_size, job.samples, dtype=np.int64)
    return np.concatenate([whole[random.permutation(full)].reshape(-1), rest])
