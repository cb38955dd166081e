"""Convolutions over one to three axes against their definitions, written out in plain numpy."""

from __future__ import annotations

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
Sizes = tuple[int, ...]


def bench(key: str, shape: Sizes, **values: Any) -> Bench:
    layer: Any = registry.layers.get(key)(**values)
    return Bench(layer, Example(values, (shape,)), rows=2)


def entering(made: Bench) -> Array:
    return np.asarray(made.plan.values["offset0"][0])


def weight(made: Bench, name: str) -> Array:
    return np.asarray(made.parameters.copy()["subject"][name])


def framed(x: Array, kernel: Sizes, strides: Sizes, gaps: Sizes, padding: str) -> Array:
    """x with the zeros that its padding means."""
    sides = []
    for size, k, s, d in zip(x.shape[1:-1], kernel, strides, gaps, strict=True):
        reach = (k - 1) * d + 1
        same = max((-(-size // s) - 1) * s + reach - size, 0)
        rims = {"valid": (0, 0), "causal": (reach - 1, 0), "full": (reach - 1, reach - 1)}
        sides.append(rims.get(padding, (same // 2, same - same // 2)))
    return np.pad(x, [(0, 0), *sides, (0, 0)])


def windows(x: Array, kernel: Sizes, strides: Sizes, gaps: Sizes) -> Any:
    """Every place with what its window sees of a framed x: (samples, *kernel, channels)."""
    steps = list(zip(x.shape[1:-1], kernel, strides, gaps, strict=True))
    for place in np.ndindex(*((size - (k - 1) * d - 1) // s + 1 for size, k, s, d in steps)):
        cells = (slice(p * s, p * s + (k - 1) * d + 1, d) for p, (_, k, s, d) in zip(place, steps, strict=True))
        yield place, x[(slice(None), *cells)]


def collected(found: dict[Sizes, Array]) -> Array:
    """Answers by place as one array (samples, *places, channels)."""
    sizes = [n + 1 for n in max(found)]
    return np.stack(list(found.values()), 1).reshape(len(next(iter(found.values()))), *sizes, -1)


def convolved(x: Array, kernel: Array, strides: Sizes, gaps: Sizes, padding: str, groups: int) -> Array:
    size = kernel.shape[:-2]
    share, part = kernel.shape[-2], kernel.shape[-1] // groups
    found = {}
    for place, seen in windows(framed(x, size, strides, gaps, padding), size, strides, gaps):
        sums = [
            np.tensordot(seen[..., n * share : (n + 1) * share], kernel[..., n * part : (n + 1) * part], len(size) + 1)
            for n in range(groups)
        ]
        found[place] = np.concatenate(sums, -1)
    return collected(found)


def each_channel(x: Array, kernel: Array, strides: Sizes, gaps: Sizes, padding: str) -> Array:
    size = kernel.shape[:-2]
    found = {}
    for place, seen in windows(framed(x, size, strides, gaps, padding), size, strides, gaps):
        found[place] = (seen[..., None] * kernel).sum(tuple(range(1, len(size) + 1))).reshape(len(x), -1)
    return collected(found)


@st.composite
def sliding(draw: st.DrawFn, places: int, both: bool = False) -> dict[str, Any]:
    """Sizes, windows, strides, gaps and padding that fit each other; strides and gaps at once only where allowed."""
    strides = draw(st.tuples(*[st.integers(1, 3)] * places))
    gaps = draw(st.tuples(*[st.integers(1, 3)] * places)) if both or max(strides) == 1 else (1,) * places
    kernel = draw(st.tuples(*[st.integers(1, 3)] * places))
    padding = draw(st.sampled_from(("valid", "same")))
    least = [(k - 1) * d + 1 if padding == "valid" else 1 for k, d in zip(kernel, gaps, strict=True)]
    size = tuple(draw(st.integers(n, n + 4)) for n in least)
    return {"size": size, "kernel_size": kernel, "strides": strides, "dilation_rate": gaps, "padding": padding}


@pytest.mark.parametrize("places", [1, 2, 3])
@settings(deadline=None, max_examples=15)
@given(st.data())
def test_every_filter_sums_over_its_window(places: int, data: st.DataObject) -> None:
    case = data.draw(sliding(places))
    groups, channels, filters = data.draw(st.tuples(st.integers(1, 2), st.integers(1, 3), st.sampled_from((1, 3, 9))))
    if places == 1:
        case["padding"] = data.draw(st.sampled_from((case["padding"], "causal", "full")))
    size = case.pop("size")
    made = bench(f"Conv{places}D", (*size, channels * groups), filters=filters * groups, groups=groups, **case)

    found = made.predict()

    order = case["strides"], case["dilation_rate"], case["padding"], groups
    expected = convolved(entering(made), weight(made, "kernel"), *order) + weight(made, "bias")
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_causal_steps_never_see_the_future() -> None:
    made = bench("Conv1D", (6, 2), filters=3, kernel_size=3, padding="causal", dilation_rate=2)
    before = made.predict()
    made.feed.inputs["in0"].reshape(2, 6, 2)[:, 4:] += 1.0

    after = made.predict()

    np.testing.assert_array_equal(after[:, :4], before[:, :4])
    assert np.all(after[:, 4:] != before[:, 4:])


@pytest.mark.parametrize(
    ("key", "values", "shape", "said"),
    [
        ("Conv1D", {"filters": 2, "kernel_size": 5}, (4, 1), "longer than the sequence of 4"),
        ("Conv1D", {"filters": 2, "kernel_size": 3, "dilation_rate": 3}, (6, 1), "covers 7 steps"),
        ("Conv1D", {"filters": 2, "kernel_size": 2, "strides": 2, "dilation_rate": 2}, (9, 1), "at once"),
        ("Conv1D", {"filters": 2, "kernel_size": 2, "groups": 2}, (9, 3), "3 cannot be split"),
        ("Conv1D", {"filters": 2, "kernel_size": 2}, (9, 3, 1), "needs sequences"),
        ("Conv3D", {"filters": 2, "kernel_size": 3}, (4, 4, 2, 1), "larger than the volume of 4 × 4 × 2"),
        ("Conv3D", {"filters": 2, "kernel_size": 3}, (4, 4, 2), "needs volumes"),
        ("Conv3D", {"filters": 2, "kernel_size": 3}, (None, 4, 4, 2), "beforehand"),
    ],
)
def test_what_does_not_fit_is_told(key: str, values: Any, shape: Any, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        registry.layers.get(key)(**values).infer((TensorSpec(shape),))  # type: ignore[attr-defined]


def test_images_become_volumes_by_the_offered_reshape() -> None:
    layer: Any = registry.layers.get("Conv3D")(2, 3)
    with pytest.raises(ShapeError) as caught:
        layer.infer((TensorSpec((4, 5, 6)),))

    remedy = caught.value.remedy
    assert remedy is not None and remedy.insert == "Reshape"
    assert dict(remedy.parameters) == {"target_shape": (4, 5, 6, 1)}


@pytest.mark.parametrize("places", [1, 2, 3])
@settings(deadline=None, max_examples=15)
@given(st.data())
def test_transposed_is_the_convolution_the_other_way_round(places: int, data: st.DataObject) -> None:
    """<x, conv(z)> = <transposed(x), z> for every z that is as large as what comes out."""
    case = data.draw(sliding(places))
    channels, filters = data.draw(st.tuples(st.sampled_from((1, 3, 9)), st.sampled_from((1, 2, 17))))
    made = bench(f"Conv{places}DTranspose", (*case.pop("size"), channels), filters=filters, use_bias=False, **case)
    found = made.predict()

    z = np.random.default_rng(1).standard_normal(found.shape)
    seen = convolved(z, weight(made, "kernel"), case["strides"], case["dilation_rate"], case["padding"], 1)

    assert seen.shape == entering(made).shape
    assert np.vdot(found, z) == pytest.approx(np.vdot(entering(made), seen), rel=1e-10, abs=1e-10)


def test_output_padding_chooses_among_sizes() -> None:
    layer: Any = registry.layers.get("Conv2DTranspose")
    shapes = [
        layer(3, 3, strides=2, padding=padding, output_padding=extra).infer((TensorSpec((4, 5, 1)),))[0].shape
        for padding in ("same", "valid")
        for extra in (None, 0, 1)
    ]

    assert shapes == [(8, 10, 3), (7, 9, 3), (8, 10, 3), (9, 11, 3), (9, 11, 3), (10, 12, 3)]


def test_output_padding_is_smaller_than_the_strides() -> None:
    layer: Any = registry.layers.get("Conv2DTranspose")(3, 3, strides=2, output_padding=(1, 2))
    with pytest.raises(ShapeError, match="must be smaller than its strides") as caught:
        layer.infer((TensorSpec((4, 5, 1)),))

    remedy = caught.value.remedy
    assert remedy is not None
    assert layer.changed(**dict(remedy.parameters)).infer((TensorSpec((4, 5, 1)),))[0].shape == (9, 11, 3)


@pytest.mark.parametrize("places", [1, 2])
@settings(deadline=None, max_examples=25)
@given(st.data())
def test_every_channel_is_looked_at_by_itself(places: int, data: st.DataObject) -> None:
    case = data.draw(sliding(places, both=True))
    channels, many = data.draw(st.tuples(st.sampled_from((1, 3, 8, 17, 32)), st.integers(1, 3)))
    size = case.pop("size")
    made = bench(f"DepthwiseConv{places}D", (*size, channels), depth_multiplier=many, **case)

    found = made.predict()

    order = case["strides"], case["dilation_rate"], case["padding"]
    expected = each_channel(entering(made), weight(made, "kernel"), *order) + weight(made, "bias")
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("places", [1, 2])
@settings(deadline=None, max_examples=15)
@given(st.data())
def test_separable_mixes_channels_after_places(places: int, data: st.DataObject) -> None:
    case = data.draw(sliding(places, both=True))
    channels, many, filters = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from((1, 5, 17))))
    size = case.pop("size")
    made = bench(f"SeparableConv{places}D", (*size, channels), depth_multiplier=many, filters=filters, **case)

    found = made.predict()

    order = case["strides"], case["dilation_rate"], case["padding"]
    between = each_channel(entering(made), weight(made, "depthwise_kernel"), *order)
    mixed = between @ weight(made, "pointwise_kernel").reshape(channels * many, filters) + weight(made, "bias")
    np.testing.assert_allclose(found, mixed, rtol=1e-11, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_gradients_of_single_channels_are_the_transposed_maps(data: st.DataObject) -> None:
    """The sums are linear in x and in the kernel, so their gradients are known from the definition alone."""
    case = data.draw(sliding(2, both=True))
    channels, many = data.draw(st.tuples(st.sampled_from((1, 5, 16, 33)), st.integers(1, 3)))
    size, order = case.pop("size"), (case["strides"], case["dilation_rate"], case["padding"])
    made = bench("DepthwiseConv2D", (*size, channels), depth_multiplier=many, use_bias=False, **case)
    x, kernel = entering(made), weight(made, "kernel")

    made.loss()

    y = each_channel(x, kernel, *order)
    dy = 2 / y.size * (y - made.feed.targets["subject"].reshape(y.shape))
    gradients = {e.node: made.parameters.view(made.parameters.gradient, e) for e in made.parameters.entries}
    random = np.random.default_rng(1)
    for _ in range(2):
        along = random.standard_normal(kernel.shape)
        expected = np.vdot(each_channel(x, along, *order), dy)
        assert np.vdot(gradients["subject"], along) == pytest.approx(expected, rel=1e-9, abs=1e-11)
        shift = random.standard_normal((1, *size, channels))
        expected = np.vdot(each_channel(np.repeat(shift, 2, 0), kernel, *order), dy)
        assert np.vdot(gradients["offset0"], shift) == pytest.approx(expected, rel=1e-9, abs=1e-11)
