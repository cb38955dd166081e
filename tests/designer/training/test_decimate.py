import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from designer.training.decimate import BASE, Pyramid

numbers = st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf])
series = hnp.arrays(np.float64, st.integers(1, 700), elements=numbers)


def grown(values: np.ndarray, cuts: list[int]) -> Pyramid:
    pyramid = Pyramid()
    for cut in sorted(cut % (len(values) + 1) for cut in cuts):
        pyramid.extend(values[:cut])
    return pyramid


@settings(max_examples=300, deadline=None)
@given(values=series, cuts=st.lists(st.integers(0, 700), max_size=4), buckets=st.integers(1, 60), data=st.data())
def test_extrema_ends_and_gaps_survive(values: np.ndarray, cuts: list[int], buckets: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values) - 1))
    stop = data.draw(st.integers(start + 1, len(values)))
    places = grown(values, cuts).places(values, start, stop, buckets)
    window, drawn = values[start:stop], values[places]
    assert (np.diff(places) > 0).all()
    assert places[0] == start
    assert places[-1] == stop - 1
    finite, drawn_finite = window[np.isfinite(window)], drawn[np.isfinite(drawn)]
    assert len(finite) == 0 or (finite.min() == drawn_finite.min() and finite.max() == drawn_finite.max())
    assert np.isfinite(window).all() == np.isfinite(drawn).all()


@settings(max_examples=60, deadline=None)
@given(values=series, buckets=st.integers(1, 40))
def test_every_pixel_keeps_its_extrema(values: np.ndarray, buckets: int) -> None:
    # Whatever block a number lies in, the drawing reaches at least as high and as low within two pixels of it.
    places = Pyramid().places(values, 0, len(values), buckets)
    reach = -(-len(values) // buckets) * 2
    for place in np.flatnonzero(np.isfinite(values)):
        near = values[places[np.abs(places - place) <= reach]]
        near = near[np.isfinite(near)]
        assert near.max() >= values[place] >= near.min()


def test_a_long_curve_costs_its_pixels() -> None:
    values = np.random.default_rng(0).normal(size=200_003)
    pyramid = Pyramid()
    for buckets in (50, 400, 1500):
        assert len(pyramid.places(values, 0, len(values), buckets)) <= 6 * buckets
        assert len(pyramid.places(values, 777, 150_001, buckets)) <= 6 * buckets


def test_a_single_missing_number_is_a_gap_at_every_zoom() -> None:
    values = np.sin(np.arange(100_000) / 500)
    values[61_234] = np.nan
    for buckets in (10, 100, 1000):
        assert np.isnan(values[Pyramid().places(values, 0, len(values), buckets)]).any()


def test_the_latest_numbers_are_drawn_before_their_block_is_full() -> None:
    values = np.zeros(100 * BASE + 5)
    values[-2] = 9.0
    assert values[Pyramid().places(values, 0, len(values), 10)].max() == 9.0


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17])
def test_short_series_are_drawn_whole(size: int) -> None:
    assert Pyramid().places(np.arange(size, dtype=float), 0, size, 100).tolist() == list(range(size))


def test_an_empty_window_has_no_places() -> None:
    assert Pyramid().places(np.arange(5.0), 3, 3, 10).tolist() == []
    assert Pyramid().places(np.zeros(0), 0, 0, 10).tolist() == []
