"""Masks: where they go, where they end, and which rows losses and metrics count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import layers, registry
from engine.api.model import Model
from engine.api.sequential import Sequential
from engine.catalogue.layers.base import Layer
from engine.component import resolved
from engine.errors import DataError
from engine.infer import leaving
from engine.layers import Dense, Dropout, Flatten, GlobalMaxPooling1D, Input, Masking  # type: ignore[attr-defined]
from engine.tensor_spec import TensorSpec

STEPS, FEATURES = 4, 2


def padded(rows: int, seed: int = 1) -> np.ndarray:
    """Sequences of which the last steps of some are zeros."""
    x = np.random.default_rng(seed).standard_normal((rows, STEPS, FEATURES)).astype(np.float32)
    for row in range(rows):
        x[row, STEPS - row % STEPS :] = 0
    return x


def counted(x: np.ndarray) -> np.ndarray:
    return (x != 0).any(-1)


def stepwise(**compile_with: Any) -> Sequential:
    model = Sequential([Input((STEPS, FEATURES)), Masking(), Dropout(0.0), Dense(3)])
    model.compile(optimizer="SGD", loss="mse", **compile_with)
    return model


#: Which layers hand a mask on: Keras 3's ``supports_masking``, the kinds that combine or end masks apart.
PASS_ON = frozenset(
    (
        "Activation",
        "ActivityRegularization",
        "AlphaDropout",
        "BatchNormalization",
        "Dense",
        "Dropout",
        "ELU",
        "GaussianDropout",
        "GaussianNoise",
        "GroupNormalization",
        "Identity",
        "LayerNormalization",
        "LeakyReLU",
        "PReLU",
        "ReLU",
        "Rescaling",
        "Softmax",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "UnitNormalization",
    )
)
END = frozenset(
    (
        "Flatten",
        "Reshape",
        "Permute",
        "RepeatVector",
        "ZeroPadding1D",
        "Cropping1D",
        "UpSampling1D",
        "MaxPooling1D",
        "AveragePooling1D",
        "GlobalAveragePooling1D",
        "GlobalMaxPooling1D",
    )
)


@pytest.mark.parametrize("key", sorted(PASS_ON | END))
def test_a_mask_goes_on_where_keras_lets_it(key: str) -> None:
    cls: type[Layer] = registry.layers.get(key)  # type: ignore[assignment]
    example = cls.examples[0]
    layer = cls(**dict(example.parameters))

    for masked in (True, False):
        specs = tuple(TensorSpec(shape, masked=masked) for shape in example.shapes)
        assert leaving(layer, specs)[0].masked == (masked and key in PASS_ON)


@pytest.mark.parametrize("key", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"])
@pytest.mark.parametrize("both", [True, False])
def test_branches_put_their_masks_together(key: str, both: bool) -> None:
    a, b = (Input((STEPS, FEATURES), name=name) for name in "ab")
    masked = Masking()(a), (Masking() if both else Dropout(0.0))(b)
    y = getattr(layers, key)()(list(masked))
    model = Model([a, b], Dense(1, kernel_initializer="zeros", use_bias=False)(y))
    model.compile(optimizer="SGD", loss="mse")
    left, right = padded(6), padded(6)[::-1].copy()
    expected = counted(left) | counted(right) if both else np.ones((6, STEPS), bool)
    target = np.arange(6 * STEPS, dtype=np.float32).reshape(6, STEPS, 1)

    found = model.evaluate({"a": left, "b": right}, target, verbose=0)

    assert found == pytest.approx(float((target[..., 0] ** 2)[expected].mean()), rel=1e-5)


def test_concatenating_along_the_steps_joins_the_masks() -> None:
    a, b = (Input((STEPS, FEATURES), name=name) for name in "ab")
    y = layers.Concatenate(axis=1)([Masking()(a), Dropout(0.0)(b)])
    model = Model([a, b], Dense(1, kernel_initializer="zeros", use_bias=False)(y))
    model.compile(optimizer="SGD", loss="mse")
    left, right = padded(6), padded(6)
    target = np.arange(12 * STEPS, dtype=np.float32).reshape(6, 2 * STEPS, 1)
    expected = np.concatenate([counted(left), np.ones((6, STEPS), bool)], axis=1)

    found = model.evaluate({"a": left, "b": right}, target, verbose=0)

    assert found == pytest.approx(float((target[..., 0] ** 2)[expected].mean()), rel=1e-5)


def test_masking_empties_the_steps_it_hides() -> None:
    model = Sequential([Input((STEPS, FEATURES)), Masking(mask_value=2.0)])
    x = padded(3)
    x[0, 1] = 2.0
    x[1, 2, 0] = 2.0

    found = model.predict(x)

    expected = x.copy()
    expected[0, 1] = 0
    np.testing.assert_array_equal(found, expected)


def test_the_loss_is_a_mean_over_what_counts() -> None:
    model = stepwise(metrics=["mse", "root_mean_squared_error"])
    x, y = padded(7), np.random.default_rng(2).standard_normal((7, STEPS, 3)).astype(np.float32)
    errors = np.square(model.predict(x) - y).mean(-1)
    mask = counted(x)

    loss, mse, rmse = model.evaluate(x, y, verbose=0)

    assert loss == pytest.approx(errors[mask].mean(), rel=1e-5)
    assert mse == pytest.approx(errors[mask].mean(), rel=1e-5)
    assert rmse == pytest.approx(np.sqrt(errors.mean()), rel=1e-5)  # Keras's metrics with a state of their own


def test_every_batch_counts_by_its_rows() -> None:
    """Keras divides by what counts in a batch, and weights batches by their rows."""
    model = stepwise()
    x, y = padded(6), np.random.default_rng(2).standard_normal((6, STEPS, 3)).astype(np.float32)
    errors, mask = np.square(model.predict(x) - y).mean(-1), counted(x)
    first, second = errors[:4][mask[:4]].mean(), errors[4:][mask[4:]].mean()

    loss = model.evaluate(x, y, batch_size=4, verbose=0)

    assert loss == pytest.approx((4 * first + 2 * second) / 6, rel=1e-5)


def test_weights_may_differ_from_step_to_step() -> None:
    model = stepwise(metrics=["mse"], weighted_metrics=["mse"])
    random = np.random.default_rng(3)
    x, y = padded(7), random.standard_normal((7, STEPS, 3)).astype(np.float32)
    weight = random.uniform(0.1, 2, (7, STEPS)).astype(np.float32)
    mask = counted(x)

    logs = model.fit(x, y, epochs=1, verbose=0, validation_data=(x, y, weight)).history
    errors = np.square(model.predict(x) - y).mean(-1)
    loss, plain, weighted = (logs[f"val_{name}"][0] for name in ("loss", "mse", "weighted_mse"))

    assert loss == pytest.approx((errors * weight)[mask].sum() / mask.sum(), rel=1e-5)
    assert plain == pytest.approx(errors[mask].mean(), rel=1e-5)
    assert weighted == pytest.approx((errors * weight)[mask].sum() / weight[mask].sum(), rel=1e-5)


def test_what_is_masked_teaches_nothing() -> None:
    """Padding that is full of other targets leads to the same weights, bit for bit."""
    found = []
    x, y = padded(8), np.random.default_rng(2).standard_normal((8, STEPS, 3)).astype(np.float32)
    for padding in (0.0, 100.0):
        y[~counted(x)] = padding
        model = stepwise()
        model.fit(x, y, epochs=2, batch_size=3, verbose=0)
        found.append([w.tobytes() for w in model.get_weights()])

    assert found[0] == found[1]


def test_a_batch_of_nothing_but_padding_changes_nothing() -> None:
    model = stepwise()
    before = [w.copy() for w in model.get_weights()]

    history = model.fit(np.zeros((4, STEPS, FEATURES)), np.ones((4, STEPS, 3)), verbose=0)

    assert history.history["loss"] == [0.0]
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("layer", [Flatten, GlobalMaxPooling1D])
def test_where_a_mask_ends_everything_counts_again(layer: Any) -> None:
    model = Sequential([Input((STEPS, FEATURES)), Masking(), layer(), Dense(2)])
    model.compile(optimizer="SGD", loss="mse")
    x, y = padded(5), np.ones((5, 2), np.float32)

    loss = model.evaluate(x, y, verbose=0)

    assert loss == pytest.approx(np.square(model.predict(x) - y).mean(), rel=1e-5)


def test_a_mask_of_whole_samples_weighs_them() -> None:
    model = Sequential([Input((FEATURES,)), Masking(), Dense(2)])
    model.compile(optimizer="SGD", loss="mse")
    x, y = padded(5)[:, 1], np.ones((5, 2), np.float32)
    assert not counted(x).all()

    loss = model.evaluate(x, y, verbose=0)

    assert loss == pytest.approx(np.square(model.predict(x) - y).mean(-1)[counted(x)].mean(), rel=1e-5)


@pytest.mark.parametrize("shape", [(7, 3), (7, STEPS, 3), (6, STEPS)])
def test_weights_that_fit_no_step_are_refused(shape: tuple[int, ...]) -> None:
    model = stepwise()

    with pytest.raises(DataError, match="sample weight"):
        model.fit(padded(7), np.ones((7, STEPS, 3)), sample_weight=np.ones(shape), verbose=0)


def classes_of(x: np.ndarray, ignored: int) -> np.ndarray:
    labels = np.random.default_rng(5).integers(0, 3, x.shape[:2])
    labels[np.random.default_rng(6).random(labels.shape) < 0.3] = ignored
    return labels


@pytest.mark.parametrize("activation", ["softmax", "linear"])
@pytest.mark.parametrize("masking", [True, False])
@pytest.mark.parametrize("ignored", [-1, 255, 1])
def test_an_ignored_class_leaves_the_mean(activation: str, masking: bool, ignored: int) -> None:
    settings = {"ignore_class": ignored, "from_logits": activation == "linear"}
    loss = resolved("loss", {"type": "sparse_categorical_crossentropy", **settings})
    model = Sequential([Input((STEPS, FEATURES)), *([Masking()] if masking else []), Dense(3, activation=activation)])
    model.compile(optimizer="SGD", loss=loss)
    x = padded(7)
    labels = classes_of(x, ignored)
    scores = model.predict(x).astype(float)
    chances = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True) if activation == "linear" else scores
    right = np.take_along_axis(chances, np.clip(labels, 0, 2)[..., None], -1)[..., 0]
    counts = (labels != ignored) & (counted(x) | (not masking))

    found = model.evaluate(x, labels, verbose=0)

    assert found == pytest.approx(-np.log(right)[counts].mean(), rel=1e-5)


def test_what_is_ignored_teaches_nothing() -> None:
    found = []
    x = padded(7)
    for ignored in (-1, 2):
        drawn = classes_of(x, -1)
        labels = np.where(drawn < 0, ignored, drawn % 2)
        model = Sequential([Input((STEPS, FEATURES)), Dense(3, activation="softmax")])
        loss = resolved("loss", {"type": "sparse_categorical_crossentropy", "ignore_class": ignored})
        model.compile(optimizer="SGD", loss=loss)
        model.fit(x, labels, epochs=2, batch_size=3, verbose=0)
        found.append([w.tobytes() for w in model.get_weights()])

    assert found[0] == found[1]


def test_only_the_ignored_label_may_lie_outside() -> None:
    model = Sequential([Input((STEPS, FEATURES)), Dense(3, activation="softmax")])
    loss = resolved("loss", {"type": "sparse_categorical_crossentropy", "ignore_class": -1})
    model.compile(optimizer="SGD", loss=loss)

    with pytest.raises(DataError, match="run from 0 to 3"):
        model.fit(padded(2), np.array([[-1, 3, 0, 1], [-1, -1, 2, 2]]), verbose=0)
