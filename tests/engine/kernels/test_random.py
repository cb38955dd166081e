"""Dropping elements: chances, independence, and bits that depend on nothing but their key."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.kernels.random import drop


def edge(rate: float) -> int:
    return min(round(rate * 2**32) - 2**31, 2**31 - 1)


def dropped(
    shape: tuple[int, int], rate: float, *, clock: tuple[int, int] = (1, 1), seed: int = -1, number: int = 2,
    first: int = 0, dtype: Any = np.float32,
) -> Any:  # fmt: skip
    x, y = np.ones(shape, dtype), np.full(shape, np.nan, dtype)
    drop(x, y, np.array(clock, np.int64), seed, number, first, edge(rate), dtype(1 / (1 - rate)))
    return y


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(400, 512), (20_000, 10), (100_000, 1)])
def test_share_of_zeros_is_the_rate(shape: tuple[int, int], rate: float) -> None:
    y = dropped(shape, rate)
    kept = y != 0

    np.testing.assert_allclose(y[kept], 1 / (1 - rate), rtol=1e-6)
    assert kept.mean() == pytest.approx(1 - rate, abs=5 * sqrt(rate * (1 - rate) / kept.size))


def test_neighbours_rows_and_steps_are_independent() -> None:
    shape = (1000, 200)
    signs = dropped(shape, 0.5) - 1
    spread = 5 / sqrt(signs.size)

    assert abs((signs[:, 1:] * signs[:, :-1]).mean()) < spread
    assert abs((signs[1:] * signs[:-1]).mean()) < spread
    for change in ({"clock": (1, 2)}, {"clock": (2, 1)}, {"number": 3}, {"seed": 5}, {"first": 1}):
        other = dropped(shape, 0.5, **change) - 1  # type: ignore[arg-type]
        assert abs((signs * other).mean()) < spread, change


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shards_draw_what_the_whole_batch_draws(dtype: Any) -> None:
    whole = dropped((10, 37), 0.3, dtype=dtype)

    parts = [dropped((n, 37), 0.3, first=first, dtype=dtype) for first, n in ((0, 4), (4, 1), (5, 5))]

    assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(dropped((10, 37), 0.3).astype(np.float64), whole.astype(np.float32).astype(np.float64))


def test_a_seed_of_its_own_replaces_the_runs_seed() -> None:
    first, second = (dropped((9, 50), 0.5, seed=4, clock=(seed, 1)) for seed in (1, 2))

    assert np.array_equal(first, second)
    assert not np.array_equal(first, dropped((9, 50), 0.5, seed=4, clock=(1, 2)))


def test_in_place_and_apart_agree_and_nan_in_kept_elements_stays() -> None:
    x = np.full((6, 41), np.nan, np.float32)
    clock = np.array([1, 1])
    mask = dropped((6, 41), 0.5) != 0

    drop(x, x, clock, -1, 2, 0, edge(0.5), np.float32(2))

    assert np.array_equal(np.isnan(x), mask)
    assert (x[~mask] == 0).all()
