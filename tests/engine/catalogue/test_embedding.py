"""Embedding: rows by number, what they learn, and numbers that it refuses."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.api.sequential import Sequential
from engine.errors import DataError
from engine.kernels.embedding import add_rows, look_up
from engine.layers import Dense, Embedding, Flatten, GlobalAveragePooling1D, Input  # type: ignore[attr-defined]
from engine.train.feeds import make_feed


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 40), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_rows_and_sums_are_those_of_numpy(words: int, width: int, count: int, parts: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    index = random.integers(0, words, count)
    table, dy = random.standard_normal((words, width)), random.standard_normal((count, width))
    y, gradient = np.empty((count, width)), np.full((words, width), np.nan)

    look_up(index.astype(float), table, y)
    edges = np.linspace(0, words, parts + 1).astype(int)
    for first, stop in pairwise(edges):
        add_rows(index.astype(float), dy, first, gradient[first:stop])

    expected = np.zeros((words, width))
    np.add.at(expected, index, dy)
    np.testing.assert_array_equal(y, table[index])
    np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("bad", [-1.0, 3.0, 2.5 + 1e-9, np.nan, np.inf, -np.inf, 1e30])
def test_a_number_without_a_row_reads_no_other_memory(bad: float) -> None:
    y = np.zeros((2, 4))

    look_up(np.array([bad, 2.0]), np.ones((3, 4)), y)

    assert np.isnan(y[0]).all()
    assert (y[1] == 1).all()


def network(words: int = 6) -> Sequential:
    return Sequential([Input((4,)), Embedding(words, 3), Flatten(), Dense(1)])


@pytest.mark.parametrize(
    ("bad", "said"),
    [(-1, "begin at -1"), (6, "go up to 6. Set input_dim to 7"), (0.5, "fractions")],
)
def test_numbers_outside_the_table_are_refused_before_anything_is_computed(bad: Any, said: str) -> None:
    model = network()
    model.compile(optimizer="SGD", loss="mse")
    before = [w.tobytes() for w in model.get_weights()]
    x = np.array([[0, 1, 2, 3], [4, 5, bad, 1]])

    for call in (lambda: model.fit(x, np.ones((2, 1)), verbose=0), lambda: model.predict(x)):
        with pytest.raises(DataError, match=said) as caught:
            call()
        assert "'embedding'" in str(caught.value)

    assert before == [w.tobytes() for w in model.get_weights()]


def test_numbers_are_checked_behind_layers_that_only_reshape() -> None:
    model = Sequential([Input((2, 2)), Flatten(), Embedding(3, 2), Flatten(), Dense(1)])

    with pytest.raises(DataError, match="go up to 3"):
        make_feed(model.shapes(), (), {model.graph.inputs[0]: np.full((1, 2, 2), 3)}, {}, None, "float32")


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop"])
def test_the_whole_table_is_updated_as_with_dense_gradients(optimizer: str) -> None:
    """A row that occurred once goes on moving by the optimizer's momentum, and others stay."""
    model = network()
    model.compile(optimizer=registry.optimizers.get(optimizer)(), loss="mse")
    start = model.layers[0].get_weights()[0]
    model.fit(np.array([[1, 1, 2, 1]]), np.ones((1, 1)), epochs=1, verbose=0)
    once = model.layers[0].get_weights()[0]
    model.fit(np.array([[3, 3, 3, 3]]), np.ones((1, 1)), epochs=1, verbose=0)
    twice = model.layers[0].get_weights()[0]

    assert (start != once).any(axis=1).tolist() == [False, True, True, False, False, False]
    assert (once != twice).any(axis=1).tolist() == [False, optimizer == "Adam", optimizer == "Adam", True, False, False]


def test_its_width_is_a_parameter_and_no_shape_of_data() -> None:
    model = Sequential()
    model.add(Embedding(input_dim=5, output_dim=2))
    model.add(Flatten())
    model.add(Dense(1))
    model.compile(optimizer="SGD", loss="mse")

    model.fit(np.array([[0, 4, 1], [1, 2, 3]]), np.ones((2, 1)), verbose=0)

    assert [w.shape for w in model.get_weights()] == [(5, 2), (6, 1), (1,)]


def test_two_topics_part_in_the_table() -> None:
    """Words that occur in texts of one topic get rows of their own side; what tells nothing stays between."""
    random = np.random.default_rng(4)
    topic = random.integers(0, 2, 400)
    own = random.integers(0, 20, (400, 12)) + 1 + 20 * topic[:, None]
    shared = random.integers(41, 61, (400, 12))
    texts = np.where(random.random((400, 12)) < 0.4, own, shared)
    texts[random.random((400, 12)) < 0.2] = 0  # padding here and there
    model = Sequential(
        [Input((12,)), Embedding(61, 4, mask_zero=True), GlobalAveragePooling1D(), Dense(1, activation="sigmoid")]
    )
    model.compile(
        optimizer=registry.optimizers.get("Adam")(learning_rate=0.02), loss="binary_crossentropy", metrics=["accuracy"]
    )

    history = model.fit(
        texts[:300], topic[:300], epochs=25, batch_size=25, verbose=0, validation_data=(texts[300:], topic[300:])
    )

    table = model.layers[0].get_weights()[0]
    side = table @ model.layers[-1].get_weights()[0][:, 0]
    assert history.history["val_accuracy"][-1] > 0.95
    left, right, none = side[1:21], side[21:41], side[41:]
    assert left.max() < none.min()
    assert none.max() < right.min()
