"""Layers that act by chance: what they do to numbers, and that it depends on nothing but seed, step and place."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import registry
from engine.catalogue.layers.base import Example
from engine.errors import ShapeError
from engine.kernels.normal import add_noise
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench

Array = np.ndarray[Any, Any]
ROWS = 40


def trained(key: str, shape: tuple[int, ...], rows: int = ROWS, shards: int = 1, **values: Any) -> tuple[Array, Array]:
    """What entered and what left in a training step."""
    layer: Any = registry.layers.get(key)(**values)
    bench = Bench(layer, Example(values, (shape,)), rows=rows, shards=shards)
    bench.loss()
    return bench.plan.values["offset0"][0].copy(), bench.plan.values["subject"][0].copy()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_noise_follows_the_normal_distribution(dtype: str) -> None:
    zeros = np.zeros((20, 20_000), dtype)
    noise = np.empty_like(zeros)
    clock = np.array([3, 1])

    add_noise(zeros, noise, clock, -1, 7, 0, np.dtype(dtype).type(1))

    assert stats.kstest(noise.reshape(-1), "norm").pvalue > 0.001
    assert abs(noise.std() - 1) < 0.005
    assert 4 < np.abs(noise).max() < 5.5
    assert abs(np.corrcoef(noise[0], noise[1])[0, 1]) < 0.03
    assert abs(np.corrcoef(noise[0, 1:], noise[0, :-1])[0, 1]) < 0.03


def test_both_precisions_draw_the_same_noise() -> None:
    clock = np.array([3, 1])
    found = []
    for dtype in ("f4", "f8"):
        noise = np.empty((2, 5000), dtype)
        add_noise(np.zeros_like(noise), noise, clock, 5, 7, 0, np.dtype(dtype).type(1))
        found.append(noise)

    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=2e-4)
    assert np.median(np.abs(found[0] - found[1])) < 2e-7


def test_gaussian_noise_is_added() -> None:
    x, y = trained("GaussianNoise", (500,), stddev=0.25)

    assert stats.kstest(((y - x) / 0.25).reshape(-1), "norm").pvalue > 0.001


def test_gaussian_dropout_multiplies() -> None:
    x, y = trained("GaussianDropout", (500,), rate=0.2)

    assert stats.kstest(((y / x - 1) / sqrt(0.2 / 0.8)).reshape(-1), "norm").pvalue > 0.001


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x, y = trained("AlphaDropout", (2000,), rate=0.3)

    floor = -1.7580993408473766
    a = 1 / sqrt(0.7 * (1 + 0.3 * floor**2))
    b = -a * 0.3 * floor
    dropped = np.isclose(y, a * floor + b, atol=1e-9)
    np.testing.assert_allclose(y[~dropped], a * x[~dropped] + b)
    assert dropped.mean() == pytest.approx(0.3, abs=0.01)
    clean = (x - x.mean()) / x.std()
    assert (a * np.where(dropped, floor, clean) + b).mean() == pytest.approx(0, abs=0.02)
    assert (a * np.where(dropped, floor, clean) + b).std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("key", ["Dropout", "AlphaDropout"])
@pytest.mark.parametrize(
    ("noise_shape", "alike"),
    [((None, 1, None), (1,)), ((1, None, 40), (0,)), ((ROWS, 6, 1), (2,)), ((1, 1, None), (0, 1))],
)
def test_a_pattern_of_noise_repeats_along_axes_of_size_1(
    key: str, noise_shape: tuple[int | None, ...], alike: tuple[int, ...], shards: int
) -> None:
    x, y = trained(key, (6, 40), shards=shards, rate=0.4, noise_shape=noise_shape)

    gone = -1.7580993408473766
    a = 1 / sqrt(0.6 * (1 + 0.4 * gone**2)) if key == "AlphaDropout" else 1 / 0.6
    b = -a * 0.4 * gone if key == "AlphaDropout" else 0.0
    kept = np.isclose(y, a * x + b, rtol=1e-9)
    np.testing.assert_allclose(y[~kept], a * gone + b if key == "AlphaDropout" else 0.0, rtol=1e-9)
    for axis in alike:
        assert (kept == kept.take([0], axis)).all()
    for axis in {0, 1, 2} - set(alike):
        assert (kept != kept.take([0], axis)).any()


def test_a_pattern_of_noise_without_ones_is_the_usual_one() -> None:
    x, y = trained("Dropout", (6, 7), rate=0.4, seed=5, noise_shape=(None, None, None))
    same, wanted = trained("Dropout", (6, 7), rate=0.4, seed=5)

    np.testing.assert_array_equal(x, same)
    np.testing.assert_array_equal(y, wanted)


def test_a_pattern_of_noise_that_does_not_fit_is_refused() -> None:
    layer: Any = registry.layers.get("Dropout")(0.5, (None, 2, None))

    with pytest.raises(ShapeError, match=r"every axis of the input 6 × 7.*received None, 2, None"):
        layer.infer((TensorSpec((6, 7)),))
    with pytest.raises(ShapeError, match="every axis of the input 7"):
        layer.infer((TensorSpec((7,)),))


SPATIAL = [("SpatialDropout1D", (6, 50)), ("SpatialDropout2D", (3, 2, 50)), ("SpatialDropout3D", (3, 1, 2, 50))]


@pytest.mark.parametrize(("key", "shape"), SPATIAL)
def test_spatial_dropout_drops_whole_channels(key: str, shape: tuple[int, ...]) -> None:
    x, y = trained(key, shape, rate=0.4)

    factor = (y / x).reshape(ROWS, -1, shape[-1])
    np.testing.assert_allclose(factor, np.broadcast_to(factor[:, :1], factor.shape), rtol=1e-12)
    kept = factor[:, 0] != 0
    np.testing.assert_allclose(factor[:, 0][kept], 1 / 0.6)
    assert kept.mean() == pytest.approx(0.6, abs=0.04)


CASES = [
    ("GaussianNoise", {"stddev": 0.25}, (9,)), ("GaussianDropout", {"rate": 0.3}, (9,)),
    ("AlphaDropout", {"rate": 0.3}, (9,)), ("SpatialDropout1D", {"rate": 0.4}, (3, 9)),
    ("SpatialDropout2D", {"rate": 0.4}, (3, 2, 9)), ("SpatialDropout3D", {"rate": 0.4}, (2, 1, 3, 9)),
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "shape"), CASES)
def test_shards_do_not_change_chance_and_seeds_do(key: str, values: dict[str, Any], shape: tuple[int, ...]) -> None:
    found = [trained(key, shape, shards=shards, **values)[1] for shards in (1, 4)]

    np.testing.assert_array_equal(found[0], found[1])
    assert not np.array_equal(found[0], trained(key, shape, seed=5, **values)[1])


@pytest.mark.parametrize(("key", "values", "shape"), CASES)
def test_nothing_happens_when_predicting(key: str, values: dict[str, Any], shape: tuple[int, ...]) -> None:
    layer: Any = registry.layers.get(key)(**values)
    bench = Bench(layer, Example(values, (shape,)))

    np.testing.assert_array_equal(bench.predict(), bench.plan.values["offset0"][0])


def test_spatial_dropout_wants_places() -> None:
    layer: Any = registry.layers.get("SpatialDropout2D")(rate=0.1)
    with pytest.raises(ShapeError, match="needs images"):
        layer.infer((TensorSpec((4, 3)),))
    deep: Any = registry.layers.get("SpatialDropout3D")(rate=0.1)
    with pytest.raises(ShapeError, match="needs volumes"):
        deep.infer((TensorSpec((4, 3, 2)),))
