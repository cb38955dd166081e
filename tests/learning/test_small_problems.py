"""Networks learn what they must be able to learn; seconds each."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Sequential
from engine.datasets import mnist
from engine.layers import BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D
from engine.optimizers import Adam


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_xor(seed: int) -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.array([[0], [1], [1], [0]], np.float32)
    model = Sequential([Input((2,)), Dense(8, activation="tanh"), Dense(1, activation="sigmoid")], seed=seed)
    model.compile(loss="binary_crossentropy", optimizer=Adam(0.05), metrics=["accuracy"])

    history = model.fit(x, y, batch_size=4, epochs=400, verbose=0).history

    assert np.array_equal(model.predict(x, verbose=0).round(), y)
    assert history["loss"][-1] < 0.02


def test_xor_is_out_of_reach_without_a_hidden_layer() -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.array([[0], [1], [1], [0]], np.float32)
    model = Sequential([Input((2,)), Dense(1, activation="sigmoid")], seed=1)
    model.compile(loss="binary_crossentropy", optimizer=Adam(0.05))

    history = model.fit(x, y, batch_size=4, epochs=400, verbose=0).history

    assert history["loss"][-1] == pytest.approx(np.log(2), rel=1e-2)


def spirals(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of two arms that wind around each other."""
    random = np.random.default_rng(seed)
    turn = 3 * np.pi * np.sqrt(random.uniform(0.02, 1, count))
    arm = random.integers(0, 2, count)
    angle = turn + np.pi * arm
    x = np.stack([turn * np.cos(angle), turn * np.sin(angle)], axis=1) / (3 * np.pi)
    return (x + random.normal(0, 0.01, x.shape)).astype(np.float32), arm


def test_two_spirals() -> None:
    x, y = spirals(600, 1)
    fresh_x, fresh_y = spirals(300, 2)
    model = Sequential([
        Input((2,)), Dense(32, activation="tanh"), Dense(32, activation="tanh"), Dense(2, activation="softmax"),
    ], seed=1)  # fmt: skip
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(0.01), metrics=["accuracy"])

    model.fit(x, y, batch_size=50, epochs=150, verbose=0)

    assert model.evaluate(x, y, verbose=0)[1] >= 0.99
    assert model.evaluate(fresh_x, fresh_y, verbose=0)[1] >= 0.97


@pytest.mark.parametrize("normalized", [False, True])
def test_sixteen_samples_are_learnt_by_heart(normalized: bool) -> None:
    (images, _), _ = mnist.load_data()
    x = (images[:16, ..., None] / 255).astype(np.float32)
    y = np.random.default_rng(4).integers(0, 10, 16)  # nothing to understand, only to remember
    between = [BatchNormalization()] if normalized else []
    model = Sequential([
        Input((28, 28, 1)), Conv2D(8, 3, activation="relu"), MaxPooling2D(2), *between, Flatten(),
        Dense(32, activation="relu"), Dense(10, activation="softmax"),
    ], seed=1)  # fmt: skip
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(0.01), metrics=["accuracy"])

    history = model.fit(x, y, batch_size=16, epochs=80, verbose=0).history

    assert history["accuracy"][-1] == 1.0
    assert history["loss"][-1] < 0.02


def test_an_autoencoder_on_digits() -> None:
    (images, _), (others, _) = mnist.load_data()
    x, fresh = ((part.reshape(len(part), 784) / 255).astype(np.float32) for part in (images[:3000], others[:500]))
    model = Sequential([
        Input((784,)), Dense(128, activation="relu"), Dense(32, activation="relu"), Dense(128, activation="relu"),
        Dense(784, activation="sigmoid"),
    ], seed=1)  # fmt: skip
    model.compile(loss="binary_crossentropy", optimizer=Adam(0.002), metrics=["mse"])

    model.fit(x, x, batch_size=50, epochs=15, verbose=0)

    always_the_mean = float(np.mean((fresh - x.mean(axis=0)) ** 2))
    centred = x - x.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:8]
    of_eight_numbers = float(np.mean((fresh - x.mean(axis=0) - (fresh - x.mean(axis=0)) @ axes.T @ axes) ** 2))
    found = model.evaluate(fresh, fresh, verbose=0)[1]
    assert found < 0.4 * always_the_mean
    assert found < of_eight_numbers  # better than the best eight straight directions
