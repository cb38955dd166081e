"""Copying, adding and gathering against plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels.elementwise import add_into, copy, gather_rows

TYPES = [np.uint8, np.int32, np.int64, np.float32, np.float64]
SIZES = st.integers(1, 40)


def numbers(rows: int, columns: int, dtype: Any, seed: int = 1) -> Any:
    return np.random.default_rng(seed).integers(0, 200, (rows, columns)).astype(dtype)


@pytest.mark.parametrize("target_type", [np.float32, np.float64])
@pytest.mark.parametrize("source_type", TYPES)
@settings(max_examples=15, deadline=None)
@given(rows=SIZES, columns=SIZES)
def test_copy_converts(source_type: Any, target_type: Any, rows: int, columns: int) -> None:
    source, target = numbers(rows, columns, source_type), np.full((rows, columns), -1, target_type)

    copy(source, target)

    assert np.array_equal(target, source.astype(target_type))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=15, deadline=None)
@given(rows=SIZES, columns=SIZES)
def test_copy_reads_and_writes_columns_of_larger_arrays(dtype: Any, rows: int, columns: int) -> None:
    source, target = numbers(rows, columns + 3, dtype), np.zeros((rows, columns + 5), dtype)

    copy(source[:, 2 : 2 + columns], target[:, 1 : 1 + columns])

    assert np.array_equal(target[:, 1 : 1 + columns], source[:, 2 : 2 + columns])
    assert not target[:, 0].any()
    assert not target[:, 1 + columns :].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=15, deadline=None)
@given(rows=SIZES, columns=SIZES)
def test_add_into_adds(dtype: Any, rows: int, columns: int) -> None:
    source, target = numbers(rows, columns, dtype), numbers(rows, columns, dtype, seed=2)
    expected = source + target

    add_into(source, target)

    assert np.array_equal(target, expected)


@pytest.mark.parametrize("target_type", [np.float32, np.float64])
@pytest.mark.parametrize("source_type", TYPES)
@settings(max_examples=15, deadline=None)
@given(rows=SIZES, columns=SIZES, index=st.lists(st.integers(0, 39), min_size=1, max_size=30))
def test_gather_rows_picks_and_converts(
    source_type: Any, target_type: Any, rows: int, columns: int, index: list[int]
) -> None:
    source = numbers(rows, columns, source_type)
    wanted = np.array(index, np.int64) % rows
    target = np.full((len(index), columns), -1, target_type)

    gather_rows(source, wanted, target)

    assert np.array_equal(target, source[wanted].astype(target_type))
