"""What the common layer tests cannot know of layers for pictures: borders, chance, windows, adapting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from engine import Sequential, registry
from engine.catalogue.layers.augmentation import FILLS
from engine.catalogue.layers.base import Example
from engine.catalogue.layers.normalization import Normalization
from engine.errors import DataError, ParameterError, ShapeError
from engine.kernels.warp import warp, warp_back
from engine.layers import Dense
from engine.layers import Normalization as NormalizationLayer
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench

#: SciPy's words for what lies beyond the borders of pictures that repeat pixel by pixel.
SCIPY = {"constant": "grid-constant", "nearest": "nearest", "reflect": "reflect", "wrap": "grid-wrap"}
numbers = st.floats(-1.7, 1.7)


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3)),
    out=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    map_=st.tuples(numbers, numbers, st.floats(-9, 9), numbers, numbers, st.floats(-9, 9)),
    blend=st.booleans(),
    fill=st.sampled_from(sorted(FILLS)),
)
def test_a_map_is_what_scipy_makes_of_it(sizes: Any, out: Any, map_: Any, blend: bool, fill: str) -> None:
    random = np.random.default_rng(3)
    x = random.standard_normal((1, *sizes))
    y, dx = np.empty((1, *out, sizes[2])), np.empty_like(x)
    rows, columns = np.meshgrid(np.arange(out[0]), np.arange(out[1]), indexing="ij")
    across = map_[0] * columns + map_[1] * rows + map_[2]
    down = map_[3] * columns + map_[4] * rows + map_[5]
    ties = np.abs(np.stack([across, down]) * 2 - np.rint(np.stack([across, down]) * 2)).min()
    if not blend and ties < 1e-6:
        return  # a number half way between two pixels is rounded either way

    warp(x, np.array([map_]), blend, FILLS[fill], 0.7, y)

    for channel in range(sizes[2]):
        wanted = map_coordinates(x[0, :, :, channel], [down, across], order=int(blend), mode=SCIPY[fill], cval=0.7)
        np.testing.assert_allclose(y[0, :, :, channel], wanted, rtol=1e-9, atol=1e-9)
    dy = random.standard_normal(y.shape)
    warp_back(dy, np.array([map_]), blend, FILLS[fill], 0.0, dx)
    warp(x, np.array([map_]), blend, FILLS[fill], 0.0, y)
    assert float((dy * y).sum()) == pytest.approx(float((dx * x).sum()), rel=1e-9, abs=1e-9)


def trained(kind: str, shape: tuple[int, ...], rows: int = 40, **values: Any) -> tuple[np.ndarray, np.ndarray]:
    """What enters a layer and leaves it in a training step."""
    layer: Any = registry.layers.get(kind)(**values)
    bench = Bench(layer, Example(values, (shape,)), rows=rows)
    bench.loss()
    return bench.plan.values["offset0"][0].copy(), bench.plan.values["subject"][0].copy()


MODES = [("horizontal", (2,)), ("vertical", (1,)), ("horizontal_and_vertical", (1, 2))]


@pytest.mark.parametrize(("mode", "axes"), MODES)
def test_about_half_of_the_pictures_are_mirrored(mode: str, axes: tuple[int, ...]) -> None:
    x, y = trained("RandomFlip", (3, 4, 2), mode=mode)
    mirrored = np.flip(x, axes)
    same = np.array([np.array_equal(a, b) for a, b in zip(x, y, strict=True)])
    turned = np.array([np.array_equal(a, b) for a, b in zip(mirrored, y, strict=True)])

    assert (same ^ turned).all()
    assert 10 <= turned.sum() <= 30


def test_crops_are_windows_at_one_place_for_the_batch() -> None:
    x, y = trained("RandomCrop", (6, 7, 2), rows=5, height=2, width=3)
    places = [(r, c) for r in range(5) for c in range(5) if np.array_equal(x[:, r : r + 2, c : c + 3], y)]

    assert len(places) == 1


def test_pictures_get_numbers_of_their_own_and_a_seed_repeats_them() -> None:
    settings_ = {"height_factor": 0.4, "width_factor": 0.4, "seed": 7}
    first, again = (trained("RandomTranslation", (5, 5, 1), **settings_)[1] for _ in range(2))
    other = trained("RandomTranslation", (5, 5, 1), **(settings_ | {"seed": 8}))[1]
    brighter = trained("RandomBrightness", (1, 1, 1), factor=0.3, value_range=(-50.0, 50.0))
    deltas = (brighter[1] - brighter[0]).reshape(-1)

    assert np.array_equal(first, again)
    assert not np.allclose(first, other)
    assert len(np.unique(deltas.round(9))) == 40
    assert np.abs(deltas).max() <= 30.0
    assert np.abs(deltas.mean()) < 10.0


def test_a_factor_comes_in_every_form() -> None:
    rotation: Any = registry.layers.get("RandomRotation")
    contrast: Any = registry.layers.get("RandomContrast")

    assert rotation(0.2).factor == rotation([-0.2, 0.2]).factor == (-0.2, 0.2)
    assert rotation((0.3, 0.1)).factor == (0.1, 0.3)
    assert contrast(0.4).factor == (0.4, 0.4)
    assert contrast(0.4).bounds == ((0.6, 1.4),)
    with pytest.raises(ParameterError, match="RandomRotation: factor must be a number, or two"):
        rotation(1.5)


DATA = np.random.default_rng(2).normal(3.0, 2.0, (50, 4, 3))


@pytest.mark.parametrize(("axis", "kept"), [(-1, (2,)), (1, (1,)), ((1, -1), (1, 2)), (None, ())])
def test_normalization_adapts_to_means_and_variances_of_the_kept_axes(axis: Any, kept: tuple[int, ...]) -> None:
    layer = Normalization(axis=axis).fitted_to(DATA)
    rest = tuple(n for n in range(3) if n not in kept)

    np.testing.assert_allclose(layer.mean, DATA.mean(rest).reshape(-1), rtol=1e-12)
    np.testing.assert_allclose(layer.variance, DATA.var(rest).reshape(-1), rtol=1e-12)


def test_an_adapted_layer_in_a_model_normalizes_and_its_inverse_goes_back() -> None:
    layer = NormalizationLayer()
    layer.adapt(DATA)
    model = Sequential([layer], dtype="float64")
    y, kept = model.predict(DATA), layer.declaration
    back = Sequential([NormalizationLayer(mean=kept.mean, variance=kept.variance, invert=True)], dtype="float64")

    np.testing.assert_allclose(y.mean((0, 1)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std((0, 1)), 1, rtol=1e-12)
    np.testing.assert_allclose(back.predict(y), DATA, rtol=1e-12)


def test_a_layer_of_a_built_model_can_be_adapted_and_the_weights_of_others_stay() -> None:
    model = Sequential([NormalizationLayer(), Dense(2)], dtype="float64")
    before = model.predict(DATA)
    dense = [array.copy() for array in model.layers[1].get_weights()]

    model.layers[0].adapt(DATA)

    assert all(np.array_equal(a, b) for a, b in zip(dense, model.layers[1].get_weights(), strict=True))
    wanted = (DATA - DATA.mean((0, 1))) / DATA.std((0, 1)) @ dense[0] + dense[1]
    np.testing.assert_allclose(model.predict(DATA), wanted, rtol=1e-10, atol=1e-12)
    assert not np.allclose(before, wanted)


def test_normalization_tells_what_does_not_fit() -> None:
    with pytest.raises(ParameterError, match="mean and variance must both be given"):
        Normalization(mean=1.0)
    with pytest.raises(ParameterError, match="the same length; received 2 and 1"):
        Normalization(mean=(1.0, 2.0), variance=3.0)
    with pytest.raises(ShapeError, match="has 2 means, but 3 places keep one"):
        Normalization(mean=(1.0, 2.0), variance=(1.0, 1.0)).infer((TensorSpec((3,)),))
    with pytest.raises(ShapeError, match="cannot keep the axes 2"):
        Normalization(axis=2).infer((TensorSpec((3,)),))
    with pytest.raises(DataError, match="no samples to adapt to"):
        Normalization().fitted_to(np.zeros((0, 3)))
    with pytest.raises(DataError, match="NaN or infinite"):
        Normalization().fitted_to(np.array([[1.0], [np.nan]]))
