"""Layers that put numbers into other places, against numpy's own words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.catalogue.layers.base import Example
from engine.catalogue.layers.moving import runs_of
from engine.errors import ParameterError, ShapeError
from engine.kernels.moving import gather_runs, scatter_runs
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench

Array = np.ndarray[Any, Any]


def made(key: str, **values: Any) -> Any:
    return registry.layers.get(key)(**values)


CASES: list[tuple[str, dict[str, Any], tuple[int, ...], Callable[[Array], Array]]] = [
    ("ZeroPadding2D", {"padding": ((1, 0), (2, 3))}, (3, 2, 5), lambda x: np.pad(x, ((0, 0), (1, 0), (2, 3), (0, 0)))),
    ("ZeroPadding1D", {"padding": (2, 0)}, (3, 2), lambda x: np.pad(x, ((0, 0), (2, 0), (0, 0)))),
    ("Cropping2D", {"cropping": ((1, 0), (2, 1))}, (3, 5, 3), lambda x: x[:, 1:, 2:-1]),
    ("Cropping1D", {"cropping": (0, 2)}, (5, 3), lambda x: x[:, :-2]),
    ("ZeroPadding3D", {"padding": ((1, 0), (2, 3), (0, 1))}, (2, 3, 2, 5),
     lambda x: np.pad(x, ((0, 0), (1, 0), (2, 3), (0, 1), (0, 0)))),
    ("Cropping3D", {"cropping": ((1, 0), (2, 1), (0, 2))}, (3, 5, 4, 3), lambda x: x[:, 1:, 2:-1, :-2]),
    ("UpSampling3D", {"size": (2, 1, 3)}, (2, 3, 2, 2), lambda x: x.repeat(2, axis=1).repeat(3, axis=3)),
    ("Permute", {"dims": (3, 1, 2)}, (2, 3, 4), lambda x: x.transpose(0, 3, 1, 2)),
    ("RepeatVector", {"n": 3}, (4,), lambda x: np.stack([x, x, x], axis=1)),
    ("UpSampling1D", {"size": 3}, (2, 1), lambda x: x.repeat(3, axis=1)),
    ("Identity", {}, (2, 3), lambda x: x),
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "shape", "meant"), CASES, ids=[case[0] for case in CASES])
def test_is_what_numpy_says(
    key: str, values: dict[str, Any], shape: tuple[int, ...], meant: Callable[[Array], Array]
) -> None:
    bench = Bench(made(key, **values), Example(values, (shape,)))

    found = bench.predict()

    x = bench.plan.values["offset0"][0]
    np.testing.assert_array_equal(found, meant(x))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4).flatmap(
        lambda sizes: st.tuples(st.just(tuple(sizes)), st.permutations(range(len(sizes))), st.integers(0, 2))
    ),
    st.sampled_from(("f4", "f8")),
)
def test_gathering_follows_any_table_and_scattering_is_its_transpose(
    case: tuple[tuple[int, ...], list[int], int], dtype: str
) -> None:
    sizes, order, border = case
    random = np.random.default_rng(1)
    x = random.integers(-9, 9, (2, *sizes)).astype(dtype)
    numbers = np.arange(x[0].size).reshape(sizes).transpose(order)
    places = np.pad(np.repeat(numbers, 2, axis=0), border, constant_values=-1)
    table, run = runs_of(places)
    y = np.full((2, places.size), np.nan, dtype)
    gather_runs(x.reshape(2, -1), table, run, y)
    flat = np.concatenate([x.reshape(2, -1), np.zeros((2, 1))], axis=1)
    np.testing.assert_array_equal(y, flat[:, places.reshape(-1)])
    dy = random.integers(-9, 9, y.shape).astype(dtype)
    dx = np.full_like(x.reshape(2, -1), np.nan)
    scatter_runs(dy, table, run, dx)
    expected = np.zeros((2, x[0].size + 1))
    np.add.at(expected, (slice(None), places.reshape(-1)), dy)
    np.testing.assert_array_equal(dx, expected[:, :-1])


def test_whole_pixels_travel_together() -> None:
    numbers = np.arange(24).reshape(2, 3, 4)

    assert runs_of(numbers.transpose(1, 0, 2))[1] == 4
    assert runs_of(numbers.transpose(2, 0, 1))[1] == 1
    assert runs_of(np.pad(numbers, ((1, 1), (0, 0), (0, 0)), constant_values=-1))[1] == 4
    assert runs_of(np.pad(numbers, 1, constant_values=-1))[1] == 1


@pytest.mark.parametrize(
    ("given_sides", "meant"),
    [
        (2, ((2, 2), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ([[0, 1], [0, 1]], ((0, 1), (0, 1))),
        ((1, 2, 3, 4), ((1, 2), (3, 4))),
    ],
)
def test_borders_in_every_form_of_keras(given_sides: Any, meant: Any) -> None:
    assert made("ZeroPadding2D", padding=given_sides).padding == meant


@pytest.mark.parametrize(
    ("given_sides", "meant"),
    [
        (2, ((2, 2), (2, 2), (2, 2))),
        ([1, 2, 3], ((1, 1), (2, 2), (3, 3))),
        (((1, 2), (3, 4), [5, 6]), ((1, 2), (3, 4), (5, 6))),
        ((1, 2, 3, 4, 5, 6), ((1, 2), (3, 4), (5, 6))),
    ],
)
def test_shells_in_every_form_of_keras(given_sides: Any, meant: Any) -> None:
    assert made("ZeroPadding3D", padding=given_sides).padding == meant
    assert made("Cropping3D", cropping=given_sides).cropping == meant


@pytest.mark.parametrize("bad", [-1, (1, 2), (1, 2, 3, 4), ((1, 2), (3, 4)), ((1, 2, 3), 1, 1), "1", True])
def test_other_shells_are_refused(bad: Any) -> None:
    with pytest.raises(ParameterError, match="front, back"):
        made("Cropping3D", cropping=bad)


@pytest.mark.parametrize("bad", [-1, (1,), ((1, 2, 3), (1, 2)), ((1, -2), (0, 0)), "1", True])
def test_other_borders_are_refused(bad: Any) -> None:
    with pytest.raises(ParameterError, match="top, bottom"):
        made("ZeroPadding2D", padding=bad)


@pytest.mark.parametrize(
    ("key", "values", "shape", "said"),
    [
        ("Cropping2D", {"cropping": 2}, (4, 9, 1), "nothing is left"),
        ("Cropping1D", {"cropping": (2, 2)}, (4, 1), "Cropping1D takes 4 places off 4, so nothing is left"),
        ("Cropping3D", {"cropping": (0, 1, 2)}, (4, 3, 4, 1), "takes 0 × 2 × 4 places off 4 × 3 × 4"),
        ("ZeroPadding3D", {}, (4, 4, 2), r"Reshape it to \(4, 4, 2, 1\)"),
        ("Permute", {"dims": (1, 3)}, (2, 3), "each of 1, 2 once"),
        ("Permute", {"dims": (1, 1)}, (2, 3), "each of 1, 2 once"),
        ("RepeatVector", {"n": 2}, (2, 3), "Flatten it first"),
        ("UpSampling1D", {}, (4,), r"Reshape it to \(4, 1\)"),
        ("ZeroPadding1D", {}, (4, 4, 2), r"Reshape it to \(16, 2\)"),
        ("ZeroPadding2D", {}, (784,), r"Reshape it to \(28, 28, 1\)"),
    ],
)
def test_shapes_that_do_not_fit_are_told(key: str, values: dict[str, Any], shape: tuple[int, ...], said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        made(key, **values).infer((TensorSpec(shape),))
