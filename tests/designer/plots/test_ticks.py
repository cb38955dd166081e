import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.plots.ticks import clock, figure, marks, short


@given(
    kind=st.sampled_from(["number", "whole", "time", "log"]),
    low=st.floats(-10, 1e6),
    span=st.floats(1e-3, 1e7),
    most=st.integers(1, 20),
)
def test_marks_lie_within_increase_and_do_not_crowd(kind: str, low: float, span: float, most: int) -> None:
    if kind == "log":
        low, span = math.copysign(min(abs(low), 6.0), low), min(span, 9.0)
    found = marks(kind, low, low + span, most)
    places = [place for place, _ in found]
    assert places == sorted(set(places))
    assert all(low - 1e-6 * span <= place <= low + span * (1 + 1e-6) for place in places)
    assert len(found) <= 2 * most + 2
    assert all(text for _, text in found)


@given(low=st.floats(0, 1e4), span=st.floats(0.01, 1e5), most=st.integers(2, 12))
def test_texts_of_neighbours_differ(low: float, span: float, most: int) -> None:
    texts = [text for _, text in marks("number", low, low + span, most)]
    assert len(texts) == len(set(texts))


def test_known_axes() -> None:
    assert marks("number", 0.0, 1.0, 5) == [(0.0, "0.0"), (0.2, "0.2"), (0.4, "0.4"), (pytest.approx(0.6), "0.6"),
                                            (0.8, "0.8"), (1.0, "1.0")]  # fmt: skip
    assert [text for _, text in marks("whole", 0, 3, 10)] == ["0", "1", "2", "3"]
    assert [text for _, text in marks("number", 0, 200_000, 4)] == ["0k", "50k", "100k", "150k", "200k"] or [
        text for _, text in marks("number", 0, 200_000, 4)
    ] == ["0", "50k", "100k", "150k", "200k"]
    assert [text for _, text in marks("time", 0, 200, 5)] == ["0 s", "1:00", "2:00", "3:00"]
    assert [text for _, text in marks("log", -2, 1, 4)] == ["0.01", "0.1", "1", "10"]


def test_impossible_ranges_have_no_marks() -> None:
    for low, high in ((1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)):
        assert marks("number", low, high, 5) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0000"), (0.97654, "0.9765"), (12.3456, "12.35"), (1234.5, "1,234"), (1e-5, "1.000e-05"),
     (math.nan, "not a number"), (math.inf, "infinite"), (-0.5, "-0.5000")],
)  # fmt: skip
def test_figures(value: float, text: str) -> None:
    assert figure(value) == text


def test_clock_and_short_numbers() -> None:
    assert [clock(s) for s in (0.5, 42, 185, 7385)] == ["0.5 s", "42 s", "3:05", "2:03:05"]
    assert [short(v, s) for v, s in ((0.0, 0.5), (1500, 500), (12_000, 2000), (2_500_000, 500_000))] == [
        "0.0", "1,500", "12k", "2.5M",
    ]  # fmt: skip
