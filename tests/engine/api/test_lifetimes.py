"""Models that are gone: layers they shared do not keep them, and keep what they learnt."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from weakref import ReferenceType, ref

import numpy as np
import pytest

from engine.layers import Dense, Input
from engine.models import Model, Sequential

RANDOM = np.random.default_rng(5)
X = RANDOM.standard_normal((24, 4)).astype(np.float32)
Y = RANDOM.standard_normal((24, 1)).astype(np.float32)


def base() -> Model:
    x = Input((4,))
    return Model(x, Dense(3, activation="tanh", name="code")(x), name="encoder")


def trained(*parts: Any) -> Sequential:
    model = Sequential([*parts, Dense(1)])
    model.compile("adam", "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def gone(make: Callable[[], Model]) -> tuple[list[Any], bool]:
    """The weights of the first layer that a model had, and whether it is gone."""
    model = make()
    weights: list[Any] = model.get_weights()[:2]
    known: ReferenceType[Model] = ref(model)
    del model
    gc.collect()
    gc.collect()  # what a finalizer let go of
    return weights, known() is None


@pytest.mark.parametrize("make", [base, lambda: Dense(3, name="code", input_shape=(4,))])
def test_a_kept_part_frees_its_models_and_keeps_what_it_learnt(make: Callable[[], Any]) -> None:
    kept = make()
    for _ in range(3):
        weights, free = gone(lambda: trained(kept))
        assert free
        for found, wanted in zip(kept.get_weights(), weights, strict=True):
            np.testing.assert_array_equal(found, wanted)
    assert len(kept.trainable_weights) == 2
    again = Sequential([Input((4,)), kept])
    np.testing.assert_allclose(again.predict(X, verbose=0)[0], _answer(kept, weights)[0], rtol=1e-5, atol=1e-6)


def _answer(kept: Any, weights: list[Any]) -> Any:
    before = X @ weights[0] + weights[1]
    return np.tanh(before) if isinstance(kept, Model) else before


def test_what_goes_on_learning_begins_where_the_last_model_ended() -> None:
    encoder = base()
    other = Sequential([encoder, Dense(2)])
    untouched = other.get_weights()
    weights, free = gone(lambda: trained(encoder))

    assert free
    assert not np.array_equal(untouched[0], weights[0])
    np.testing.assert_array_equal(other.get_weights()[0], weights[0])
    np.testing.assert_array_equal(encoder.get_weights()[0], weights[0])
    encoder.set_weights([np.zeros((4, 3)), np.ones(3)])
    np.testing.assert_array_equal(other.get_weights()[0], np.zeros((4, 3)))
    other.compile("sgd", "mse")
    other.fit(X, np.repeat(Y, 2, axis=1), epochs=1, verbose=0)
    np.testing.assert_array_equal(encoder.get_weights()[0], other.get_weights()[0])
    assert np.any(encoder.get_weights()[0])


def test_a_layer_whose_models_are_gone_is_written_and_joins_the_next() -> None:
    layer = Dense(3, input_shape=(4,))
    shape = (gone(lambda: trained(layer))[1], layer.output_shape)
    layer.set_weights([np.ones((4, 3)), np.zeros(3)])

    assert shape == (True, (None, 3))
    np.testing.assert_array_equal(Sequential([layer]).get_weights()[0], np.ones((4, 3)))


def test_models_of_models_go_too_and_leave_few_calls() -> None:
    encoder = base()
    layer = encoder.get_layer("code")
    middle: list[ReferenceType[Model]] = []

    def nested() -> Model:
        inner = Sequential([encoder, Dense(3)])
        middle.append(ref(inner))
        return trained(inner)

    for _ in range(3):
        assert gone(nested)[1]
    assert [known() for known in middle] == [None] * 3
    assert len(layer.calls) == 1
    assert encoder.predict(X, verbose=0).shape == (24, 3)


def test_a_call_that_another_model_uses_stays() -> None:
    encoder = base()
    longer = Sequential([encoder, Dense(3, name="next")])
    last = longer.get_layer("next")
    last(Input((3,)))
    assert gone(lambda: Model(longer.inputs, last.output))[1]

    assert len(last.calls) == 2
    longer.pop()
    assert longer.predict(X, verbose=0).shape == (24, 3)


def test_a_script_that_ends_with_models_ends_quietly() -> None:
    script = (
        "from engine.layers import Dense, Input\nfrom engine.models import Sequential\n"
        "layer = Dense(3)\nfirst = Sequential([Input((4,)), layer])\nfirst.get_weights()\n"
        "kept = [Sequential([Input((4,)), layer, Dense(2)]), first]\nkept[0].get_weights()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
