"""Arrays of every element type and shape are taken, or refused with a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential
from engine.errors import DataError
from engine.layers import Dense

X = np.random.default_rng(0).standard_normal((12, 4)).astype("float32")
Y = np.arange(12) % 3


def small(loss: str = "sparse_categorical_crossentropy") -> Sequential:
    model = Sequential([Dense(3, activation="softmax", input_shape=(4,))])
    model.compile(loss=loss, optimizer="sgd")
    return model


@pytest.mark.parametrize("kind", ["float16", ">f4", ">f8", "longdouble", "float64", ">i4", ">u2", "bool", "int8"])
def test_every_element_type_trains_and_predicts(kind: str) -> None:
    given = (X * 2).astype(kind)
    plain, odd = small(), small()
    plain.fit(given.astype("float32"), Y, verbose=0)
    odd.fit(given, Y, verbose=0)

    for a, b in zip(plain.get_weights(), odd.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(plain.predict(given.astype("float32"), verbose=0), odd.predict(given, verbose=0), 1e-5)


@pytest.mark.parametrize("kind", ["float16", ">f8", "longdouble", ">i8", "uint8"])
def test_every_element_type_serves_as_target(kind: str) -> None:
    plain, odd = small(), small()
    plain.fit(X, Y, verbose=0)
    odd.fit(X, Y.astype(kind), verbose=0)

    assert all(np.array_equal(a, b) for a, b in zip(plain.get_weights(), odd.get_weights(), strict=True))


@pytest.mark.parametrize("empty", [np.zeros((0, 4)), []])
def test_no_samples_give_an_empty_answer_or_a_sentence(empty: Any) -> None:
    model = small()

    assert model.predict(empty, verbose=0).shape == (0, 3)
    with pytest.raises(DataError, match="no samples"):
        model.fit(empty, [], verbose=0)
    with pytest.raises(DataError, match="no samples"):
        model.evaluate(empty, [], verbose=0)
    with pytest.raises(DataError, match="no samples"):
        model.train_on_batch(empty, [])


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (3.0, Y, "single number"),
        (X, 1, "single number"),
        ([[1, 2, 3, 4], [1, 2]], [0, 1], "one length"),
        (X[:2], [[1], [1, 2]], "one length"),
        (X + 1j, Y, "must be numbers"),
        (np.full((2, 4), 10**30, dtype=object), [0, 1], "must be numbers"),
        (np.zeros((0, 5)), np.zeros(0), "no samples"),
    ],
)
def test_what_is_no_block_of_numbers_gets_a_sentence(x: Any, y: Any, words: str) -> None:
    for call in ("fit", "evaluate"):
        with pytest.raises(DataError, match=words):
            getattr(small(), call)(x, y, verbose=0)
    with pytest.raises(DataError, match=words):
        small().train_on_batch(x, y)


@pytest.mark.parametrize("x", [3.0, [[1, 2, 3, 4], [1, 2]], np.zeros((0, 5)), np.zeros((2, 5)), [["a"] * 4]])
def test_predict_refuses_them_too(x: Any) -> None:
    with pytest.raises(DataError):
        small().predict(x, verbose=0)
