"""Tiles, colours, strokes and answers without a window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from designer.panels.inside.answer import MOST, answer_of
from designer.panels.inside.colors import colours_of, diverging, heat, table, veil
from designer.panels.inside.picture import image_of_codes
from designer.panels.inside.strokes import Drawing
from designer.training.tiles import BAD, GAP, MIDDLE, TOP, activation_tiles, kernel_tiles, small_tiles

SHAPES = st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 40))


@given(SHAPES, st.floats(0.2, 6), st.booleans(), st.integers(0, 99))
def test_every_number_lies_where_it_is_pointed_at(shape, aspect, own, seed) -> None:
    values = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    tiles = activation_tiles(values, aspect, own)
    assert tiles.shown == shape[2]
    seen = 0
    for y in range(tiles.codes.shape[0]):
        for x in range(tiles.codes.shape[1]):
            place = tiles.at(x + 0.5, y + 0.5)
            if place is None:
                assert tiles.codes[y, x] == GAP
                continue
            channel, row, column = place
            part = values[:, :, channel] if own else values
            sided = values.min() < 0
            wanted = values[row, column, channel] / np.abs(part).max() * (MIDDLE if sided else TOP)
            assert abs(float(tiles.codes[y, x]) - (wanted + MIDDLE * sided)) <= 0.51
            left, top, width, height = tiles.box(channel)
            assert left <= x < left + width and top <= y < top + height
            seen += 1
    assert seen == values.size


def test_zero_is_the_lowest_or_the_middle_code() -> None:
    ramp = np.linspace(0, 3, 8, dtype=np.float32).reshape(2, 4, 1)
    assert activation_tiles(ramp, 1.0).codes[0, 0] == 0
    sided = activation_tiles(ramp - 1.5, 1.0)
    assert (sided.low, sided.high, sided.signed) == (-1.5, 1.5, True)
    assert sided.codes.min() == 0 and sided.codes.max() == TOP


def test_silent_channels_and_zeros_are_counted() -> None:
    values = np.zeros((3, 3, 4), np.float32)
    values[:, :, 1] = 1
    tiles = activation_tiles(values, 1.0)
    assert tiles.silent.tolist() == [True, False, True, True]
    assert tiles.zeros == 0.75
    small = small_tiles(np.tile(values, (10, 10, 5)))
    assert small.zeros == 0.75 and small.silent.sum() == 15 and max(small.codes.shape) < 60


def test_what_is_no_number_is_marked() -> None:
    values = np.ones((2, 2, 1), np.float32)
    values[0, 0, 0], values[1, 1, 0] = np.nan, np.inf
    codes = activation_tiles(values, 1.0).codes
    assert codes[0, 0] == BAD and codes[1, 1] == BAD and codes[0, 1] < BAD


def test_huge_layers_are_cut_and_say_so() -> None:
    tiles = activation_tiles(np.ones((200, 200, 64), np.float32), 1.0)
    assert tiles.shown < tiles.channels == 64
    assert tiles.codes.size < 2_000_000


def test_one_channel_alone_keeps_its_colours() -> None:
    values = np.random.default_rng(0).random((4, 5, 6)).astype(np.float32)
    tiles = activation_tiles(values, 2.0)
    left, top, width, height = tiles.box(4)
    alone = tiles.only(4)
    assert np.array_equal(alone.codes, tiles.codes[top : top + height, left : left + width])
    assert np.array_equal(alone.values[:, :, 0], values[:, :, 4])


def test_filters_have_zero_in_the_middle() -> None:
    kernel = np.zeros((3, 3, 2, 5), np.float32)
    kernel[1, 1, 1, 3] = -2
    tiles = kernel_tiles(kernel, 1, 1.0)
    assert tiles.codes[tiles.codes != GAP].max() == MIDDLE
    assert tiles.low == -2 and tiles.silent.tolist() == [True, True, True, False, True]


def _lightness(rgb: np.ndarray) -> np.ndarray:
    """CIE L* of screen colours."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


def test_heat_rises_evenly() -> None:
    rising = np.diff(_lightness(heat().astype(float)))
    smooth = np.convolve(rising, np.ones(9) / 9, "valid")
    assert smooth.min() > 0.15 and smooth.max() < 3 * smooth.min()


def test_both_directions_weigh_the_same() -> None:
    light = _lightness(diverging().astype(float))
    assert light.argmax() == MIDDLE
    assert np.abs(light - light[::-1]).max() < 9
    blue, red = diverging()[0].astype(int), diverging()[-1].astype(int)
    assert blue[2] - blue[0] > 100 and red[0] - red[2] > 100


def test_white_and_black_are_themselves() -> None:
    assert colours_of(np.array([0.0, 1.0]), np.zeros(2), np.zeros(2)).tolist() == [[0, 0, 0], [255, 255, 255]]


def test_the_map_lets_through_where_it_says_nothing() -> None:
    made = veil(np.array([[0.0, 0.5], [0.9, 1.0]]))
    assert made[0, 0].tolist() == [0, 0, 0, 0]
    assert made[0, 0, 3] < made[0, 1, 3] <= made[1, 1, 3] == 255
    assert (made[..., :3] <= made[..., 3:]).all()


def test_codes_become_the_tables_colours() -> None:
    codes = np.array([[0, TOP, GAP], [MIDDLE, BAD, 7]], np.uint8)
    image = image_of_codes(codes, True)
    for y, x in np.ndindex(codes.shape):
        assert image.pixel(int(x), int(y)) == int(table(True)[codes[y, x]])


# -- strokes -------------------------------------------------------------------------------------


def drawn(*points: tuple[float, float]) -> Drawing:
    drawing = Drawing()
    drawing.begin(QPointF(*points[0]), 20, False)
    for point in points[1:]:
        drawing.go_on(QPointF(*point))
    return drawing


def test_strokes_are_white_with_soft_borders() -> None:
    pixels = drawn((60, 60), (160, 160)).pixels()
    assert pixels.max() == 255 and pixels[110, 110] == 255 and pixels[10, 200] == 0
    assert ((pixels > 20) & (pixels < 200)).sum() > 100


def test_undo_gives_the_picture_before() -> None:
    drawing = drawn((60, 60), (160, 160))
    before = drawing.pixels()
    drawing.begin(QPointF(20, 200), 30, False)
    drawing.go_on(QPointF(200, 20))
    drawing.begin(QPointF(110, 110), 40, True)
    assert drawing.pixels()[110, 110] < 40
    drawing.undo()
    drawing.undo()
    assert np.array_equal(drawing.pixels(), before)
    drawing.undo()
    drawing.undo()
    assert drawing.is_empty and not drawing.pixels().any()


def test_the_pad_has_the_networks_proportions() -> None:
    pixels = Drawing(16, 64).pixels()
    assert pixels.shape == (56, 224)


# -- answers -------------------------------------------------------------------------------------


def test_probabilities_are_told_in_percent() -> None:
    answer = answer_of(np.array([0.1, 0.7, 0.2]), ("a", "b", "c"), np.array(2))
    assert answer.head == "b · 70.0 %" and answer.verdict == "wrong"
    assert [row.value for row in answer.rows] == ["10.0 %", "70.0 %", "20.0 %"]
    assert [row.true for row in answer.rows] == [False, False, True]


def test_no_certainty_is_made_by_rounding() -> None:
    answer = answer_of(np.array([0.99999, 0.00001]), (), np.array([1.0, 0.0]))
    assert [row.value for row in answer.rows] == ["> 99.9 %", "< 0.1 %"]
    assert answer.verdict == "right"


def test_one_sigmoid_is_two_classes() -> None:
    answer = answer_of(np.array([0.25], np.float32), ("no", "yes"), np.array([0]))
    assert answer.head == "no · 75.0 %" and answer.verdict == "right"


def test_of_many_classes_the_likeliest_and_the_true_are_listed() -> None:
    values = np.full(100, 0.002)
    values[30:60] = (1 - 0.002 * 70) / 30
    answer = answer_of(values, (), np.array(99))
    assert len(answer.rows) == MOST and answer.more == 100 - MOST
    assert answer.rows[-1].name == "99" and answer.rows[-1].true


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_still_told(value) -> None:
    answer = answer_of(np.array([value, 1.0]), ("a", "b"), None)
    assert len(answer.rows) == 2 and all(np.isfinite(row.share) for row in answer.rows)


def test_regression_tells_what_would_be_right() -> None:
    answer = answer_of(np.array([1.5]), (), np.array([2.0]))
    assert answer.head == "1.5" and answer.rows[0].truth == "2" and answer.rows[0].share == 0.75
