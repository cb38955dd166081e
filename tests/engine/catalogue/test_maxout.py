"""Maxout against its formula in plain numpy, and as Keras 1 called it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Sequential, registry
from engine.catalogue.layers.base import Example
from engine.errors import OldSpellingNote, ShapeError
from engine.layers import Dense, MaxoutDense
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench


def bench(n: int, units: int, features: int, rows: int, shards: int = 1) -> Bench:
    layer: Any = registry.layers.get("Maxout")(units=units, features=features)
    return Bench(layer, Example({}, ((n,),)), rows=rows, shards=shards)


@settings(max_examples=15, deadline=None)
@given(
    n=st.integers(1, 9), units=st.integers(1, 19), features=st.integers(1, 5), rows=st.integers(1, 7),
    shards=st.integers(1, 3),
)  # fmt: skip
def test_every_output_is_the_largest_of_its_functions(
    n: int, units: int, features: int, rows: int, shards: int
) -> None:
    made = bench(n, units, features, rows, shards)
    made.loss()
    x, weights = made.plan.values["offset0"][0], made.parameters.copy()["subject"]
    sums = np.einsum("bn,fnu->bfu", x, weights["kernel"]) + weights["bias"]

    np.testing.assert_allclose(made.plan.values["subject"][0], sums.max(axis=1), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(made.predict(), sums.max(axis=1), rtol=1e-12, atol=1e-12)


def test_the_first_of_equal_functions_gets_the_gradient() -> None:
    made = bench(3, 2, 4, 5)
    parameters = made.parameters
    for entry in parameters.trainable():
        if entry.node == "subject":
            view = parameters.view(parameters.flat, entry)
            view[...] = view[:1]
    made.loss()

    for entry in parameters.trainable():
        if entry.node == "subject":
            slopes = parameters.view(parameters.gradient, entry)
            assert np.abs(slopes[0]).max() > 1e-6
            assert not slopes[1:].any()


def test_pictures_are_to_be_flattened_first() -> None:
    layer: Any = registry.layers.get("Maxout")(units=2)

    with pytest.raises(ShapeError, match="needs a row of numbers for each sample, but 4 × 3 arrives"):
        layer.infer((TensorSpec((4, 3)),))


def test_the_words_of_keras_1_make_it_learn() -> None:
    with pytest.warns(OldSpellingNote):
        layer = MaxoutDense(output_dim=8, nb_feature=3, input_dim=2, init="glorot_uniform")
    model = Sequential([layer, Dense(1)], dtype="float64")
    model.compile("adam", "mse")
    x = np.random.default_rng(1).uniform(-1, 1, (128, 2))
    y = np.abs(x).sum(axis=1, keepdims=True)  # piecewise linear, as what it computes
    before = model.evaluate(x, y)

    model.fit(x, y, epochs=60, batch_size=16, verbose=0)

    assert layer.get_weights()[0].shape == (3, 2, 8)
    assert model.evaluate(x, y) < 0.05 * before
