"""Dense products at every kind of size and stride, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.kernels.dense import FEW_ROWS, multiply, multiply_a_transposed, multiply_b_transposed

Array = np.ndarray[Any, Any]
Sizes = tuple[int, int, int]
small = st.tuples(st.integers(1, 30), st.integers(1, 40), st.integers(1, 50))


def guarded(shape: tuple[int, int], dtype: str) -> tuple[Array, Array]:
    """A block of columns inside an array of NaN, whose surroundings can be checked."""
    whole = np.full((shape[0] + 2, shape[1] + 5), np.nan, dtype)
    return whole, whole[1:-1, 2:-3]


def filled(shape: tuple[int, int], dtype: str, seed: int) -> Array:
    _, inner = guarded(shape, dtype)
    inner[...] = np.random.default_rng(seed).standard_normal(shape)
    return inner


def assert_product(kernel: Any, a: Array, b: Array, expected: Array, dtype: str) -> None:
    whole, c = guarded(expected.shape, dtype)  # type: ignore[arg-type]
    kernel(a, b, c)
    np.testing.assert_allclose(c, expected, rtol=1e-4, atol=1e-4 if dtype == "f4" else 1e-11)
    c[...] = np.nan
    assert np.isnan(whole).all(), "written outside of the result"


@settings(deadline=None, max_examples=60)
@given(small, st.sampled_from(("f4", "f8")))
@example((50, 784, 33), "f4")
@example((8, 300, 16), "f4")
@example((FEW_ROWS + 1, 20, 17), "f4")
@example((13, 129, 18), "f8")
def test_products_are_numpys(sizes: Sizes, dtype: str) -> None:
    rows, terms, columns = sizes
    a, b = filled((rows, terms), dtype, 1), filled((terms, columns), dtype, 2)
    assert_product(multiply, a, b, a.astype(float) @ b, dtype)
    b = filled((columns, terms), dtype, 3)
    assert_product(multiply_b_transposed, a, b, a.astype(float) @ b.T, dtype)
    a, b = filled((terms, rows), dtype, 4), filled((terms, columns), dtype, 5)
    assert_product(multiply_a_transposed, a, b, a.T.astype(float) @ b, dtype)


@pytest.mark.parametrize(("rows", "terms", "columns"), [(10, 70, 40), (7, 64, 4), (5, 200, 10), (3, 65, 3)])
def test_long_dot_products(rows: int, terms: int, columns: int) -> None:
    for dtype in ("f4", "f8"):
        a, b = filled((rows, terms), dtype, 1), filled((columns, terms), dtype, 2)
        assert_product(multiply_b_transposed, a, b, a.astype(float) @ b.T, dtype)


@pytest.mark.parametrize("terms", [300, 600])
def test_gradients_over_large_batches(terms: int) -> None:
    a, b = filled((terms, 150), "f4", 1), filled((terms, 20), "f4", 2)
    assert_product(multiply_a_transposed, a, b, a.T.astype(float) @ b, "f4")


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    a, b = filled((50, 300), "f4", 1), filled((300, 40), "f4", 2)
    whole, part = np.empty((50, 40), "f4"), np.empty((9, 40), "f4")
    multiply(a, b, whole)
    multiply(a[30:39], b, part)
    np.testing.assert_array_equal(whole[30:39], part)
    turned = filled((40, 300), "f4", 3)
    multiply_b_transposed(a, turned, whole)
    multiply_b_transposed(a[30:39], turned, part)
    np.testing.assert_array_equal(whole[30:39], part)


def test_what_lies_beside_b_is_never_touched() -> None:
    """NaN right behind the last column must not enter, nor be needed."""
    a, b = filled((6, 20), "f4", 1), filled((20, 5), "f4", 2)
    assert_product(multiply, a, b, a.astype(float) @ b, "f4")
