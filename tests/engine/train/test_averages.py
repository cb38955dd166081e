"""Moving averages of weights against Keras's rule, written down in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential, registry
from engine.layers import Dense
from engine.train.events import BatchEnd, Finished
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, halted, parts, project, run

X = np.random.default_rng(4).standard_normal((12, 3))
Y = np.random.default_rng(5).standard_normal((12, 2))


def model(**settings: Any) -> Sequential:
    made = Sequential([Dense(2, input_dim=3, kernel_constraint="non_neg")], dtype="float64")
    optimizer: Any = registry.optimizers.get("SGD")(learning_rate=0.1, **settings)
    made.compile(optimizer, "mse")
    return made


def reference(kernel: np.ndarray, steps: int, momentum: float, every: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Weights and their averages after full-batch steps: average after the step, rule after the average."""
    bias, averages = np.zeros(2), [np.zeros((3, 2)), np.zeros(2)]
    for step in range(1, steps + 1):
        slope = 2 * (X @ kernel + bias - Y) / Y.size
        weights = [kernel - 0.1 * X.T @ slope, bias - 0.1 * slope.sum(0)]
        m = momentum if step > 1 else 0.0
        averages = [m * a + (1 - m) * w for a, w in zip(averages, weights, strict=True)]
        kernel, bias = averages if every and step % every == 0 else weights
        kernel = np.maximum(kernel, 0)
    return kernel, averages[0]


@pytest.mark.parametrize("every", [None, 2])
def test_single_updates_keep_averages_as_keras_does(every: int | None) -> None:
    made = model(use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=every)
    start = made.layers[0].get_weights()[0].copy()

    for _ in range(5):
        made.train_on_batch(X, Y)

    kernel, average = reference(start, 5, 0.8, every)
    np.testing.assert_allclose(made.layers[0].get_weights()[0], kernel, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(made.state().slots["ema"]["dense"]["kernel"], average, rtol=1e-12, atol=1e-14)


def test_at_the_end_of_fit_the_averages_take_the_weights_place() -> None:
    made = model(use_ema=True, ema_momentum=0.8)
    start = made.layers[0].get_weights()[0].copy()

    made.fit(X, Y, batch_size=12, epochs=5, verbose=0)

    np.testing.assert_allclose(made.layers[0].get_weights()[0], reference(start, 5, 0.8, None)[1], rtol=1e-12)


def test_a_run_with_averages_goes_on_exactly_where_it_stopped() -> None:
    made = project(optimizer={"type": "Adam", "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 3})
    whole = run(Trainer(made, parts()))[-1]
    middle = halted(Trainer(made, parts()), lambda event: isinstance(event, BatchEnd) and event.step == 8)
    rest = run(Trainer(made, parts(), state=middle))[-1]

    assert isinstance(whole, Finished) and isinstance(rest, Finished)
    assert bits(whole.state) == bits(rest.state)


def test_a_run_that_is_stopped_keeps_its_weights() -> None:
    made = project(optimizer={"type": "SGD", "use_ema": True})
    state = halted(Trainer(made, parts()), lambda event: isinstance(event, BatchEnd) and event.step == 5)

    assert not np.array_equal(state.weights["dense"]["kernel"], state.slots["ema"]["dense"]["kernel"])
