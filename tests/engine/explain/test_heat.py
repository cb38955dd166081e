"""Numbers to pictures: against plain definitions, and with hostile numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.explain.heat import WARM, enlarged, filters, greys, mosaic, over, shades


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 30), st.integers(1, 30))
def test_enlarging_is_bilinear(h: int, w: int, height: int, width: int) -> None:
    heat = np.random.default_rng(h * 31 + w).random((h, w)).astype("float32")
    made = enlarged(heat, height, width)
    for i in range(height):
        for j in range(width):
            y = min(max((i + 0.5) * h / height - 0.5, 0), h - 1)
            x = min(max((j + 0.5) * w / width - 0.5, 0), w - 1)
            a, b = int(y), int(x)
            c, d = min(a + 1, h - 1), min(b + 1, w - 1)
            top = heat[a, b] * (1 - (x - b)) + heat[a, d] * (x - b)
            low = heat[c, b] * (1 - (x - b)) + heat[c, d] * (x - b)
            assert made[i, j] == pytest.approx(top * (1 - (y - a)) + low * (y - a), abs=1e-5)


def test_heat_of_the_same_size_stays() -> None:
    heat = np.random.default_rng(1).random((5, 6)).astype("float32")
    np.testing.assert_array_equal(enlarged(heat, 5, 6), heat)


@pytest.mark.parametrize("shape", [(8, 6), (8, 6, 1), (8, 6, 3)])
def test_no_heat_or_no_strength_shows_the_picture(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(2).integers(0, 256, shape, np.uint8)
    expected = np.broadcast_to(picture.reshape(8, 6, -1), (8, 6, 3))

    np.testing.assert_array_equal(over(picture, np.zeros((2, 2))), expected)
    np.testing.assert_array_equal(over(picture, np.ones((2, 2)), 0.0), expected)
    np.testing.assert_array_equal(over(picture, np.ones((2, 2)), 1.0), np.broadcast_to(WARM[-1], (8, 6, 3)))


def test_pictures_of_any_range_are_shown() -> None:
    heat = np.zeros((1, 1))
    np.testing.assert_array_equal(over(np.array([[0.0, 0.5, 1.0]]), heat)[0, :, 0], [0, 128, 255])
    np.testing.assert_array_equal(over(np.array([[-2.0, 0.0, 2.0]]), heat)[0, :, 1], [0, 128, 255])
    np.testing.assert_array_equal(over(np.array([[0, 1000]]), heat)[0, :, 2], [0, 255])
    np.testing.assert_array_equal(over(np.array([[np.nan, np.inf, 1.0]]), heat)[0, :, 0], [0, 0, 255])
    np.testing.assert_array_equal(over(np.array([[7.0, 7.0]]), heat)[0, :, 0], [0, 0])


def test_shades_begin_and_end_with_the_given_colours_and_grow_brighter() -> None:
    table = shades()
    assert table.shape == (256, 3)
    assert tuple(table[0]) == WARM[0]
    assert tuple(table[-1]) == WARM[-1]
    assert (np.diff(table @ np.array([0.299, 0.587, 0.114])) > -0.8).all()


def test_channels_have_scales_of_their_own_or_one_for_all() -> None:
    values = np.stack([np.linspace(0, 1, 6), np.linspace(0, 10, 6)], axis=-1).reshape(2, 3, 2)
    own, shared = greys(values), greys(values, shared=True)
    np.testing.assert_array_equal(own[..., 0], own[..., 1])
    assert (own.min(), own.max(), shared[..., 0].max(), shared[..., 1].max()) == (0, 255, 26, 255)
    signed = greys(np.array([[-1.0], [0.0], [0.5]]), signed=True)
    np.testing.assert_array_equal(signed[:, 0], [1, 128, 192])
    assert not greys(np.full((4, 2), 3.0)).any()
    assert (greys(np.full((4, 2), np.nan), signed=True) == 128).all()


def test_every_tile_of_a_mosaic_is_its_channel() -> None:
    values = np.random.default_rng(3).standard_normal((4, 5, 7))
    whole = mosaic(values, columns=3, gap=2)
    tiles = greys(values)
    assert whole.shape == (3 * 4 + 2 * 2, 3 * 5 + 2 * 2)
    for place in range(7):
        y, x = place // 3 * 6, place % 3 * 7
        np.testing.assert_array_equal(whole[y : y + 4, x : x + 5], tiles[..., place])
    assert not whole[4:6].any()


def test_vectors_and_filters_become_tiles() -> None:
    row = mosaic(np.arange(10.0), columns=5)
    np.testing.assert_array_equal(row.reshape(-1), greys(np.arange(10.0).reshape(1, 1, 10), shared=True).reshape(-1))
    kernel = np.random.default_rng(4).standard_normal((3, 2, 4, 5))
    whole = filters(kernel)
    assert whole.shape == (4 * 3 + 3, 5 * 2 + 4)
    np.testing.assert_array_equal(whole[4:7, 6:8], greys(kernel[:, :, 1, 2].reshape(-1, 1), signed=True).reshape(3, 2))


def test_other_axes_get_a_sentence() -> None:
    with pytest.raises(DataError, match="1 or 3 colours; received 4 × 4 × 2"):
        over(np.zeros((4, 4, 2)), np.zeros((2, 2)))
    with pytest.raises(DataError, match="Heat must be"):
        over(np.zeros((4, 4)), np.zeros((2, 2, 2)))
    with pytest.raises(DataError, match="Channels must be"):
        mosaic(np.zeros((2, 2)))
    with pytest.raises(DataError, match="Filters must be"):
        filters(np.zeros((2, 2, 2)))
