"""Penalties on what layers put out: what they add to the loss, in training and in evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential, registry
from engine.catalogue.layers.base import Example
from engine.errors import UsageError
from engine.infer import infer
from engine.layers import ActivityRegularization, Conv2D, Dense, Flatten
from tests.engine.train.networks import chain
from tests.engine.workbench import Bench

X = np.random.default_rng(4).standard_normal((11, 3))
Y = np.random.default_rng(5).standard_normal((11, 2))


def model(**settings: Any) -> Sequential:
    made = Sequential([Dense(4, input_dim=3, activation="tanh", **settings), Dense(2)], dtype="float64")
    made.compile("sgd", "mse")
    return made


def hidden(made: Sequential) -> np.ndarray:
    kernel, bias = made.layers[0].get_weights()
    return np.tanh(X @ kernel + bias)


@pytest.mark.parametrize("batch_size", [4, 11])
def test_evaluation_adds_the_penalty_of_each_sample(batch_size: int) -> None:
    plain, penalized = model(), model(activity_regularizer={"type": "L1L2", "l1": 0.3, "l2": 0.7})
    h = hidden(penalized)

    extra = penalized.evaluate(X, Y, batch_size=batch_size) - plain.evaluate(X, Y, batch_size=batch_size)

    assert extra == pytest.approx((0.3 * np.abs(h).sum() + 0.7 * np.square(h).sum()) / len(X), rel=1e-9)


def test_the_layer_penalizes_what_flows_through_it() -> None:
    made = Sequential([Dense(4, input_dim=3), ActivityRegularization(l2=0.5), Dense(2)], dtype="float64")
    made.compile("sgd", "mse")
    kernel, bias = made.layers[0].get_weights()
    values = X @ kernel + bias
    wanted = np.square(made.predict(X) - Y).mean() + 0.5 * np.square(values).sum() / len(X)

    assert made.evaluate(X, Y) == pytest.approx(wanted, rel=1e-9)
    assert made.train_on_batch(X, Y) == pytest.approx(wanted, rel=1e-9)


def test_training_makes_outputs_small() -> None:
    strong, free = model(activity_regularizer={"type": "L2", "l2": 5.0}), model()
    for made in (strong, free):
        made.fit(X, Y, epochs=40, batch_size=11, verbose=0)

    assert np.abs(hidden(strong)).mean() < 0.5 * np.abs(hidden(free)).mean()


def test_softmax_with_a_penalty_is_not_computed_as_a_pair() -> None:
    made = Sequential([Dense(3, input_dim=3, activation="softmax", activity_regularizer="L2")], dtype="float64")
    made.compile("sgd", "categorical_crossentropy")
    wanted = np.eye(3)[np.arange(11) % 3]
    p = made.predict(X)

    loss = made.evaluate(X, wanted)

    assert loss == pytest.approx(-(wanted * np.log(p)).sum() / 11 + 0.01 * np.square(p).sum() / 11, rel=1e-6)


def test_a_penalty_before_a_view_reaches_the_gradient() -> None:
    made = Sequential([Conv2D(2, 2, input_shape=(3, 3, 1), activity_regularizer="L2"), Flatten(), Dense(1)])
    made.compile("sgd", "mse")
    pictures = np.random.default_rng(6).standard_normal((5, 3, 3, 1))
    before = made.layers[0].get_weights()[0].copy()
    made.layers[-1].set_weights([np.zeros((8, 1)), np.zeros(1)])

    made.train_on_batch(pictures, np.zeros((5, 1)))

    # The loss itself has no slope here: what changed the filters is the penalty.
    assert np.abs(made.layers[0].get_weights()[0] - before).max() > 1e-6


@pytest.mark.parametrize("shards", [1, 3])
def test_pairs_of_samples_are_looked_at_across_shards(shards: int) -> None:
    """The orthogonal regularizer is no sum over samples, so one shard looks at all of them."""
    layer: Any = registry.layers.get("Dense")(units=4, activity_regularizer="OrthogonalRegularizer")
    bench = Bench(layer, Example({}, ((3,),)), rows=7, shards=shards)
    bench.loss()

    value = layer.activity_regularizer.value(bench.plan.values["subject"][0])

    assert bench.plan.sums[:shards, 1:].sum() == pytest.approx(value, rel=1e-12)


def test_a_regularizer_that_does_not_fit_the_output_says_so() -> None:
    graph = chain(
        ("Input", {"shape": (4, 3)}), ("Dense", {"units": 2, "activity_regularizer": "OrthogonalRegularizer"})
    )

    assert "is made for a matrix, but the output 'y' has 3 axes" in infer(graph).problems[0].text
    with pytest.raises(UsageError, match="is made for a matrix"):
        Sequential([Dense(2, input_shape=(4, 3), activity_regularizer="orthogonal_regularizer")])
