"""Rows that stay in an HDF5 file until a batch needs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.api import rows as api_rows
from engine.api.rows import OnDisk

VALUES = np.arange(60, dtype=np.int16).reshape(20, 3)


@pytest.fixture(params=[0, 2**20], ids=["one by one", "as a list"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_rows, "LARGE_ROW", request.param)


@pytest.fixture(params=[None, (1, 3), (8, 2)], ids=["one piece", "a block a row", "blocks"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[h5py.Dataset]:
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        yield file.create_dataset("x", data=VALUES, chunks=request.param)


@pytest.mark.parametrize(
    "rows", [(), (7,), (2, 3, 4), (4, 3, 2), (19, 0, 5, 6, 7, 1), (3, 3, 3), (9, 2, 2, 3, 9)], ids=str
)
def test_rows_come_in_the_order_in_which_they_are_wanted(stored: h5py.Dataset, rows: tuple[int, ...]) -> None:
    found = OnDisk(stored).take(np.array(rows, np.int64))
    assert found.dtype == VALUES.dtype
    np.testing.assert_array_equal(found, VALUES[list(rows)])


def test_a_part_counts_its_own_rows(stored: h5py.Dataset) -> None:
    part = OnDisk(stored)[5:15][2:]
    assert part.shape == (8, 3)
    np.testing.assert_array_equal(part.take(np.array([7, 0, 1])), VALUES[7:15][[7, 0, 1]])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.integers(0, 19), max_size=40))
def test_any_rows_are_those_of_an_array_in_memory(tmp_path_factory: pytest.TempPathFactory, rows: list[int]) -> None:
    with h5py.File(tmp_path_factory.mktemp("h5") / "rows.h5", "w") as file:
        labels = file.create_dataset("y", data=VALUES[:, 0])
        wanted = np.array(rows, np.int64)
        np.testing.assert_array_equal(OnDisk(labels).take(wanted), VALUES[wanted, 0])
