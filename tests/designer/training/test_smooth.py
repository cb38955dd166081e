import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from designer.training.growing import Growing
from designer.training.smooth import Smoother


def reference(values: np.ndarray, updates: float) -> np.ndarray:
    keep, average, weight, out = 1 - 1 / updates, 0.0, 1.0, []
    for value in values:
        if not np.isfinite(value):
            out.append(np.nan)
            continue
        average = keep * average + (1 - keep) * value
        weight *= keep
        out.append(average / (1 - weight))
    return np.array(out)


@settings(max_examples=150, deadline=None)
@given(
    values=hnp.arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e3, 1e3) | st.just(np.nan)),
    updates=st.floats(1.0, 1e4),
    cut=st.integers(0, 300),
)
def test_a_series_in_pieces_gives_the_textbook_average(values: np.ndarray, updates: float, cut: int) -> None:
    smoother = Smoother(updates)
    found = np.concatenate([smoother.extend(values[:cut]), smoother.extend(values[cut:])])
    np.testing.assert_allclose(found, reference(values, updates), rtol=1e-9, atol=1e-9)


def test_a_constant_stays_what_it_is_from_the_first_number_on() -> None:
    np.testing.assert_allclose(Smoother(1000).extend(np.full(5000, 3.5)), 3.5, rtol=1e-12)


def test_one_update_changes_nothing() -> None:
    values = np.random.default_rng(1).normal(size=50)
    np.testing.assert_array_equal(Smoother(1).extend(values), values)


@given(pieces=st.lists(st.lists(st.integers(-5, 5), max_size=90), max_size=8))
def test_growing_holds_what_was_added_and_old_views_keep_their_numbers(pieces: list[list[int]]) -> None:
    growing, whole = Growing(np.int64), []
    views = []
    for piece in pieces:
        growing.extend(piece)
        whole += piece
        views.append((growing.values, list(whole)))
    growing.shorten(len(whole) // 2)
    growing.extend([77])
    assert all(view.tolist() == then for view, then in views)
    assert growing.values.tolist() == [*whole[: len(whole) // 2], 77]
