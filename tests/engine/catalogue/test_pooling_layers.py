"""Pooling, merging and enlarging layers against plain numpy."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.catalogue.layers.base import Example
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench

Array = np.ndarray[Any, Any]


def bench(key: str, shapes: tuple[tuple[int, ...], ...], **values: Any) -> Bench:
    layer: Any = registry.layers.get(key)(**values)
    return Bench(layer, Example(values, shapes), rows=2)


def windows(size: int, window: int, stride: int, padding: str) -> list[slice]:
    """The cells of each window that exist; with "same" the odd cell of padding comes at the end."""
    count = -(-size // stride) if padding == "same" else (size - window) // stride + 1
    rim = max((count - 1) * stride + window - size, 0) // 2 if padding == "same" else 0
    return [slice(max(i * stride - rim, 0), min(i * stride - rim + window, size)) for i in range(count)]


def pooled(x: Array, steps: list[list[slice]], operation: Any) -> Array:
    y = np.empty((len(x), *map(len, steps), x.shape[-1]))
    for place in product(*(range(len(step)) for step in steps)):
        cells = x[(slice(None), *(steps[axis][at] for axis, at in enumerate(place)))]
        y[(slice(None), *place)] = operation(cells.reshape(len(x), -1, x.shape[-1]), axis=1)
    return y


@settings(deadline=None, max_examples=25)
@given(
    st.tuples(st.integers(4, 7), st.integers(4, 7)), st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)), st.sampled_from(("valid", "same")), st.integers(1, 3),
)  # fmt: skip
def test_means_of_windows(
    size: tuple[int, int], window: tuple[int, int], stride: tuple[int, int], padding: str, channels: int
) -> None:
    made = bench("AveragePooling2D", ((*size, channels),), pool_size=window, strides=stride, padding=padding)

    steps = [windows(*sizes, padding) for sizes in zip(size, window, stride, strict=True)]

    found = made.predict()
    np.testing.assert_allclose(found, pooled(made.plan.values["offset0"][0], steps, np.mean), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("key", "operation"), [("AveragePooling1D", np.mean), ("MaxPooling1D", np.max)])
@pytest.mark.parametrize(("window", "stride", "padding"), [(2, None, "valid"), (3, 2, "same"), (4, 1, "same")])
def test_windows_of_steps(key: str, operation: Any, window: int, stride: int | None, padding: str) -> None:
    made = bench(key, ((7, 3),), pool_size=window, strides=stride, padding=padding)

    found = made.predict()

    x = made.plan.values["offset0"][0]
    expected = pooled(x, [windows(7, window, stride or window, padding)], operation)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("key", "operation"), [("AveragePooling3D", np.mean), ("MaxPooling3D", np.max)])
@settings(deadline=None, max_examples=15)
@given(
    st.tuples(*[st.integers(3, 5)] * 3), st.tuples(*[st.integers(1, 3)] * 3), st.tuples(*[st.integers(1, 3)] * 3),
    st.sampled_from(("valid", "same")), st.integers(1, 3),
)  # fmt: skip
def test_windows_of_volumes(
    key: str, operation: Any, size: tuple[int, ...], window: tuple[int, ...], stride: tuple[int, ...], padding: str,
    channels: int,
) -> None:  # fmt: skip
    made = bench(key, ((*size, channels),), pool_size=window, strides=stride, padding=padding)

    found = made.predict()

    steps = [windows(*sizes, padding) for sizes in zip(size, window, stride, strict=True)]
    expected = pooled(made.plan.values["offset0"][0], steps, operation)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_the_first_of_equal_cells_of_a_volume_learns() -> None:
    made = bench("MaxPooling3D", ((2, 2, 2, 1),))
    made.feed.inputs["in0"][...] = 1.0
    made.parameters.flat[...] = 0.0

    made.loss()

    (entry,) = made.parameters.entries
    slope = made.parameters.view(made.parameters.gradient, entry).reshape(-1)
    assert slope[0] != 0 and not np.any(slope[1:])


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 2), (20, 20, 1), (3, 2, 4, 3)])
@pytest.mark.parametrize(("word", "operation"), [("Average", np.mean), ("Max", np.max)])
def test_all_places_of_a_channel(word: str, operation: Any, shape: tuple[int, ...], keepdims: bool) -> None:
    places = len(shape) - 1
    made = bench(f"Global{word}Pooling{places}D", (shape,), keepdims=keepdims)

    found = made.predict()

    x = made.plan.values["offset0"][0]
    expected = operation(x, axis=tuple(range(1, places + 1)), keepdims=keepdims)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("key", "count", "meant"),
    [
        ("Subtract", 2, lambda xs: xs[0] - xs[1]),
        ("Multiply", 3, lambda xs: np.prod(xs, axis=0)),
        ("Average", 3, lambda xs: np.mean(xs, axis=0)),
        ("Maximum", 3, lambda xs: np.max(xs, axis=0)),
        ("Minimum", 3, lambda xs: np.min(xs, axis=0)),
    ],
)
def test_branches_number_by_number(key: str, count: int, meant: Any) -> None:
    made = bench(key, ((2, 3),) * count)

    found = made.predict()

    np.testing.assert_allclose(found, meant([made.plan.values[f"offset{n}"][0] for n in range(count)]), rtol=1e-12)


@pytest.mark.parametrize("key", ["Maximum", "Minimum"])
def test_the_first_of_equal_branches_learns(key: str) -> None:
    made = bench(key, ((4,), (4,), (4,)))
    for place in range(3):
        made.feed.inputs[f"in{place}"][...] = 1.0
    for entry in made.parameters.entries:
        made.parameters.view(made.parameters.flat, entry)[...] = 0.0

    made.loss()

    slopes = [made.parameters.view(made.parameters.gradient, entry) for entry in made.parameters.entries]
    assert np.all(slopes[0] != 0)
    assert not np.any(slopes[1]) and not np.any(slopes[2])


@pytest.mark.parametrize("key", ["Maximum", "Minimum"])
def test_what_is_no_number_shows(key: str) -> None:
    for place in range(2):
        made = bench(key, ((3,), (3,)))
        made.feed.inputs[f"in{place}"][0, 1] = np.nan
        assert np.isnan(made.predict()[0]).tolist() == [False, True, False]


def test_straight_lines_between_pixels() -> None:
    made = bench("UpSampling2D", ((1, 2, 1),), size=(1, 4), interpolation="bilinear")

    found = made.predict()[:, 0, :, 0]

    left, right = made.plan.values["offset0"][0][:, 0, :, 0].T
    shares = np.array([0, 0, 1 / 8, 3 / 8, 5 / 8, 7 / 8, 1, 1])
    np.testing.assert_allclose(found, left[:, None] * (1 - shares) + right[:, None] * shares, rtol=1e-12, atol=1e-14)


def test_pixels_become_blocks() -> None:
    made = bench("UpSampling2D", ((2, 3, 2),), size=(3, 2))

    found = made.predict()

    np.testing.assert_array_equal(found, made.plan.values["offset0"][0].repeat(3, axis=1).repeat(2, axis=2))


@pytest.mark.parametrize(
    ("key", "values", "shapes", "said"),
    [
        ("Multiply", {}, ((3,),), "at least two inputs"),
        ("Multiply", {}, ((3,), (4,)), "needs inputs of one shape"),
        ("Subtract", {}, ((3,), (3,), (3,)), "takes 2 inputs"),
        ("AveragePooling2D", {"pool_size": 5}, ((4, 9, 1),), "larger than the image"),
        ("AveragePooling1D", {"pool_size": 5}, ((4, 1),), "longer than the sequence of 4"),
        ("MaxPooling1D", {"pool_size": 5}, ((4, 1),), "longer than the sequence of 4"),
        ("GlobalAveragePooling2D", {}, ((4, 1),), "needs images"),
        ("GlobalMaxPooling1D", {}, ((4,),), "needs sequences"),
        ("MaxPooling3D", {"pool_size": 3}, ((4, 2, 4, 1),), "larger than the volume of 4 × 2 × 4"),
        ("GlobalMaxPooling3D", {}, ((4, 2, 4),), "needs volumes"),
    ],
)
def test_shapes_that_do_not_fit_are_told(key: str, values: Any, shapes: Any, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        registry.layers.get(key)(**values).infer(tuple(map(TensorSpec, shapes)))  # type: ignore[attr-defined]


def test_a_dense_is_offered_where_only_the_last_axis_differs() -> None:
    layer: Any = registry.layers.get("Multiply")()
    with pytest.raises(ShapeError) as caught:
        layer.infer((TensorSpec((2, 3)), TensorSpec((2, 4))))

    assert caught.value.remedy is not None
    assert (caught.value.remedy.insert, caught.value.remedy.wires) == ("Dense", (1,))
