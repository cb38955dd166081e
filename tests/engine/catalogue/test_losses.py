"""Kernels of every registered loss against its numpy reference and against its own slope."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.catalogue.activations.base import Activation
from engine.catalogue.losses.base import Loss
from engine.component import resolved
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec
from tests.engine.catalogue.variants import variants
from tests.measured import assert_slope

CASES = [pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.losses for n, made in enumerate(variants(cls))]
PAIRS = [case for case in CASES if case.values[0].pairs_with]  # type: ignore[union-attr]
SHAPES = [(1, 2), (7, 3), (5, 19)]
TOLERANCE = {np.float32: 3e-6, np.float64: 1e-13}


def problem(loss: Loss, shape: tuple[int, int], dtype: Any = np.float64) -> tuple[Any, Any, Any, Any]:
    """Target, prediction, weight and scale; predictions are probabilities that add up to 1."""
    random = np.random.default_rng(sum(shape))
    rows, columns = shape
    scores = random.uniform(0.1, 1, shape)
    prediction = (scores / scores.sum(1, keepdims=True)).astype(dtype)
    labels = random.integers(0, columns, (rows, 1))
    target = labels.astype(dtype) if loss.sparse else np.eye(columns, dtype=dtype)[labels[:, 0]]
    return target, prediction, random.uniform(0, 2, rows).astype(dtype), np.array([1 / rows], dtype)


def run(loss: Loss, target: Any, prediction: Any, weight: Any, scale: Any, paired: bool = False) -> tuple[Any, Any]:
    value, gradient = np.full(len(prediction), np.nan, prediction.dtype), np.full_like(prediction, np.nan)
    kernel = loss.paired_kernel() if paired else loss.kernel()
    scalars = [prediction.dtype.type(c) for c in loss.constants()]
    kernel(target, prediction, weight, scale, value, gradient, *scalars)
    return value, gradient


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", CASES)
def test_value_matches_reference(loss: Loss, shape: tuple[int, int], dtype: Any) -> None:
    target, prediction, weight, scale = problem(loss, shape, dtype)

    value, gradient = run(loss, target, prediction, weight, scale)

    expected = loss.value(target.astype(np.float64), prediction.astype(np.float64))
    np.testing.assert_allclose(value, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    assert gradient.dtype == dtype
    assert np.isfinite(gradient).all()


#: Losses whose predictions may be any numbers, and those that judge scores before a softmax or sigmoid.
ANY_NUMBER = ("error", "hinge", "quadratic", "huber", "log_cosh", "cosine")


@pytest.mark.parametrize(
    "loss",
    [c for c in CASES if any(w in c.values[0].key for w in ANY_NUMBER) or getattr(c.values[0], "from_logits", 0)],  # type: ignore[union-attr]
)
@settings(max_examples=25, deadline=None)
@given(rows=st.integers(1, 9), columns=st.integers(2, 19), size=st.sampled_from([0.01, 1, 30]), seed=st.integers(0, 99))
def test_predictions_of_every_size_match_the_reference(
    loss: Loss, rows: int, columns: int, size: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    target, _, weight, scale = problem(loss, (rows, columns))
    prediction = random.normal(0, size, (rows, columns))

    value, gradient = run(loss, target, prediction, weight, scale)

    np.testing.assert_allclose(value, loss.value(target, prediction), rtol=1e-10, atol=1e-13)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("key", ["hinge", "squared_hinge"])
def test_hinges_take_zero_for_the_other_side(key: str) -> None:
    loss: Any = registry.losses.get(key)()
    _, prediction, weight, scale = problem(loss, (5, 3))
    sides = np.where(prediction > 0.3, 1.0, -1.0)

    signed, binary = (run(loss, target, prediction, weight, scale) for target in (sides, (sides + 1) / 2))

    for of_signs, of_bits in zip(signed, binary, strict=True):
        np.testing.assert_array_equal(of_signs, of_bits)
    assert "1" in (loss.check(0, 9, TensorSpec((3,))) or "")


@pytest.mark.parametrize("key", ["kl_divergence", "mean_squared_logarithmic_error"])
def test_clipped_predictions_get_no_gradient(key: str) -> None:
    loss: Any = registry.losses.get(key)()
    target, prediction = np.array([[0.5, 0.5]]), np.array([[-0.5, 0.5]])

    value, gradient = run(loss, target, prediction, np.ones(1), np.ones(1))

    np.testing.assert_allclose(value, loss.value(target, prediction))
    assert gradient[0, 0] == 0
    assert key == "mean_squared_logarithmic_error" or gradient[0, 1] == pytest.approx(-1)


@pytest.mark.parametrize("key", ["binary_focal_crossentropy", "categorical_focal_crossentropy"])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_losses_survive_certainty(key: str, gamma: float) -> None:
    loss: Any = registry.losses.get(key)(gamma=gamma)
    target = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    prediction = np.array([[1.0, 0.0], [1.0, 0.0]], np.float32)

    value, gradient = run(loss, target, prediction, np.ones(2, np.float32), np.ones(1, np.float32))

    assert np.isfinite(value).all() and np.isfinite(gradient).all()
    assert value[0] < 1e-6
    assert value[1] > 0.5


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", CASES)
def test_gradient_is_the_slope(loss: Loss, shape: tuple[int, int]) -> None:
    target, prediction, weight, scale = problem(loss, shape)
    direction, step = np.random.default_rng(1).normal(size=shape), 1e-6

    _, gradient = run(loss, target, prediction, weight, scale)

    rise = loss.value(target, prediction + step * direction) - loss.value(target, prediction - step * direction)
    numeric = np.sum(weight * scale * rise) / (2 * step)
    analytic = np.sum(gradient * direction)
    assert analytic == pytest.approx(numeric, rel=1e-6, abs=1e-7)
    assert_slope("loss", loss.key, float(analytic), float(numeric))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", PAIRS)
def test_paired_gradient_is_the_slope_through_the_activation(loss: Loss, shape: tuple[int, int]) -> None:
    activation: Any = resolved("activation", loss.pairs_with)
    assert isinstance(activation, Activation)
    target, _, weight, scale = problem(loss, shape)
    random = np.random.default_rng(2)
    z, direction, step = random.normal(size=shape), random.normal(size=shape), 1e-6

    value, gradient = run(loss, target, activation.value(z), weight, scale, paired=True)

    np.testing.assert_allclose(value, loss.value(target, activation.value(z)), rtol=1e-12, atol=1e-12)
    after, before = (loss.value(target, activation.value(z + s * direction)) for s in (step, -step))
    numeric = np.sum(weight * scale * (after - before)) / (2 * step)
    assert np.sum(gradient * direction) == pytest.approx(numeric, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("loss", PAIRS)
def test_paired_gradient_survives_certainty(loss: Loss) -> None:
    target = np.array([[1.0]], np.float32) if loss.sparse else np.array([[0.0, 1.0]], np.float32)
    prediction = np.array([[1.0, 0.0]], np.float32)

    value, gradient = run(loss, target, prediction, np.ones(1, np.float32), np.ones(1, np.float32), paired=True)

    assert np.isfinite(value).all()
    assert gradient[0, 0] > 0.2
    assert gradient[0, 1] < -0.2


@pytest.mark.parametrize("loss", CASES)
def test_gradients_in_single_and_double_precision_agree(loss: Loss) -> None:
    single, double = (run(loss, *problem(loss, (5, 19), dtype)) for dtype in (np.float32, np.float64))

    np.testing.assert_allclose(single[1], double[1], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("loss", CASES)
def test_nan_reaches_the_value(loss: Loss) -> None:
    target, prediction, weight, scale = problem(loss, (3, 4), np.float32)
    prediction[1] = np.nan

    value, gradient = run(loss, target, prediction, weight, scale)

    assert np.isnan(value[1])
    assert np.isnan(gradient[1]).any()
    assert np.isfinite(value[[0, 2]]).all()


@pytest.mark.parametrize("loss", [case for case in CASES if case.values[0].sparse])  # type: ignore[union-attr]
@pytest.mark.parametrize("label", [-1.0, 4.0, 1e9, np.nan, -np.inf])
def test_labels_outside_the_classes_give_nan_and_touch_nothing(loss: Loss, label: float) -> None:
    target, prediction, weight, scale = problem(loss, (3, 4), np.float32)
    target[1] = label
    room = np.full((5, 4), 7, np.float32)
    kernels = [loss.kernel()] + ([loss.paired_kernel()] if loss.pairs_with else [])

    for kernel in kernels:
        value = np.zeros(3, np.float32)
        kernel(target, prediction, weight, scale, value, room[1:4])

        assert np.isnan(value[1]) and np.isnan(room[2]).all()
        assert np.isfinite(value[[0, 2]]).all()
        assert (room[[0, 4]] == 7).all()


@pytest.mark.parametrize("loss", CASES)
def test_targets_are_judged_before_training(loss: Loss) -> None:
    output = TensorSpec((5,))
    wanted = loss.target(output)

    assert wanted.shape == ((1,) if loss.sparse else (5,))
    assert loss.check(0.0, 1.0, output) is None


@pytest.mark.parametrize("loss", [case for case in CASES if case.values[0].sparse])  # type: ignore[union-attr]
def test_too_few_units_are_named_with_the_number_needed(loss: Loss) -> None:
    text = loss.check(0, 9, TensorSpec((5,)))

    assert text == "The labels run from 0 to 9, but the output has 5 values; set units to 10."
    assert "smallest label is -1" in (loss.check(-1, 3, TensorSpec((5,))) or "")
    assert "whole" in (loss.check(0, 3.5, TensorSpec((5,))) or "")
    with pytest.raises(ShapeError, match="as many units as there are classes"):
        loss.target(TensorSpec((1,)))
