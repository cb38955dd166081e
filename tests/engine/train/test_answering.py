from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.infer import infer
from engine.plan.parameters import Parameters
from engine.templates import chain
from engine.train.predictor import Predictor

Array = npt.NDArray[Any]
GRAPH = chain(
    ("Input", {"shape": (6, 6, 1)}), ("Conv2D", {"filters": 3, "kernel_size": 3}), ("BatchNormalization", {}),
    ("Flatten", {}), ("Dense", {"units": 4, "activation": "softmax"}),
)  # fmt: skip
X = np.random.default_rng(3).random((23, 6, 6, 1), np.float32)


def predictor(seed: int = 0) -> Predictor:
    parameters = Parameters(GRAPH, infer(GRAPH), np.dtype("float32"))
    parameters.initialize(seed)
    return Predictor(GRAPH, parameters.copy())


def ask(who: Predictor, x: Array, batch: int = 8) -> Array:
    return who.predict({"input": x}, batch)["dense"]


def test_questions_of_every_size_are_answered_as_by_a_new_predictor() -> None:
    kept = predictor()
    for first, count, batch in ((0, 5, 8), (5, 1, 8), (3, 8, 8), (0, 23, 8), (2, 3, 3), (0, 23, 32), (7, 2, 1)):
        x = X[first : first + count]
        np.testing.assert_array_equal(ask(kept, x, batch), ask(predictor(), x, batch))


def test_answers_are_the_askers_own() -> None:
    kept = predictor()
    first = ask(kept, X[:4])
    before = first.copy()
    ask(kept, X[4:8])
    np.testing.assert_array_equal(first, before)


def test_the_place_is_kept_from_question_to_question() -> None:
    kept = predictor()
    ask(kept, X[:4])
    ready = kept._answering
    ask(kept, X[4:7])
    assert kept._answering is ready
    ask(kept, X[:5])
    assert kept._answering is not ready


@pytest.mark.parametrize("dtype", [np.uint8, np.float64, np.int32])
def test_other_numbers_are_read_as_what_they_are(dtype: type) -> None:
    kept = predictor()
    ask(kept, X)
    x = (X * 9).astype(dtype)
    np.testing.assert_allclose(ask(kept, x), ask(predictor(), x.astype(np.float32)), rtol=1e-6)


def test_new_weights_are_used() -> None:
    kept, other = predictor(), predictor(7)
    ask(kept, X[:4])
    kept.parameters.load(other.parameters.copy())
    np.testing.assert_array_equal(ask(kept, X[:4]), ask(other, X[:4]))


def test_layers_inside_are_answered_too() -> None:
    kept = predictor()
    whole = ask(kept, X[:4])
    found = kept.predict({"input": X[:4]}, 8, outputs=("conv2d", "dense"))
    assert found["conv2d"].shape == (4, 4, 4, 3)
    np.testing.assert_array_equal(found["dense"], whole)
