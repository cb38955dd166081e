"""Batches that are read while the one before is computed."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.errors import DataError
from engine.plan.plan import Feed
from engine.train.ahead import Ahead, Rows


class Recording:
    """A reader whose rows are their numbers; notes what is read, and by whom."""

    numbered = True

    def __init__(self) -> None:
        self.read: list[tuple[tuple[int, ...], bool]] = []

    def batch(self, rows: Rows) -> Feed:
        """The rows; from 100 on there are none."""
        self.read.append((tuple(rows.tolist()), threading.current_thread() is threading.main_thread()))
        if len(rows) and rows.max() >= 100:
            raise DataError("There are no such rows.")
        return Feed({"x": rows.astype(np.float32)}, {}, None)


def rows(*numbers: int) -> Rows:
    return np.array(numbers, np.int64)


def test_what_was_begun_is_given_and_not_read_twice() -> None:
    reader = Recording()
    ahead = Ahead(reader)
    assert ahead.batch(rows(1, 2)).inputs["x"].tolist() == [1, 2]
    ahead.begin(rows(5, 3))
    assert ahead.batch(rows(5, 3)).inputs["x"].tolist() == [5, 3]
    assert reader.read == [((1, 2), True), ((5, 3), False)]


def test_other_rows_than_those_begun_are_read_now() -> None:
    reader = Recording()
    ahead = Ahead(reader)
    ahead.begin(rows(5, 3))
    assert ahead.batch(rows(3, 5)).inputs["x"].tolist() == [3, 5]
    assert ahead.batch(rows(5, 3)).inputs["x"].tolist() == [5, 3]
    assert [who for _, who in reader.read] == [False, True, True]


def test_an_error_comes_when_its_batch_is_asked_for() -> None:
    ahead = Ahead(Recording())
    ahead.begin(rows(100))
    with pytest.raises(DataError, match="no such rows"):
        ahead.batch(rows(100))
    ahead.begin(rows(100))
    assert ahead.batch(rows(7)).inputs["x"].tolist() == [7]
