"""Layers that take several named inputs, called as Keras calls them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.api.model import Model
from engine.errors import UsageError
from engine.layers import Attention, Input, MultiHeadAttention  # type: ignore[attr-defined]


def answer(model: Model, *arrays: np.ndarray) -> np.ndarray:
    return model.predict(list(arrays) if len(arrays) > 1 else arrays[0], verbose=0)


def test_query_value_and_key_by_place_or_by_name() -> None:
    random = np.random.default_rng(1)
    arrays = [random.standard_normal((2, steps, 3)).astype(np.float32) for steps in (4, 5, 5)]
    q, v, k = (Input(a.shape[1:]) for a in arrays)
    found = []
    for call in (lambda a: a(q, v, k), lambda a: a(q, v, key=k), lambda a: a([q, v, k])):
        layer = MultiHeadAttention(2, 2)
        model = Model([q, v, k], call(layer))
        layer.set_weights([0.1 + 0.01 * np.arange(w.size).reshape(w.shape) for w in layer.get_weights()])
        found.append(answer(model, *arrays))

    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


def test_what_keras_takes_at_the_call_becomes_a_setting() -> None:
    x = Input((4, 3))
    layer = MultiHeadAttention(1, 2)
    model = Model(x, layer(x, x, use_causal_mask=True))
    assert layer.declaration.use_causal_mask is True  # type: ignore[attr-defined]
    first = np.random.default_rng(2).standard_normal((1, 4, 3)).astype(np.float32)
    second = first.copy()
    second[0, 3] += 1

    one, other = answer(model, first), answer(model, second)

    np.testing.assert_array_equal(one[0, :3], other[0, :3])
    assert (one[0, 3] != other[0, 3]).all()
    with pytest.raises(UsageError, match="other settings before"):
        layer(x, x, use_causal_mask=False)


@pytest.mark.parametrize("named", [{"mask_of": None, "other": 1}, {"key": "x", "values": "y"}])
def test_unknown_names_are_refused(named: dict[str, Any]) -> None:
    x = Input((4, 3))

    with pytest.raises(UsageError, match="Attention takes no"):
        Attention()(x, x, **named)


def test_attention_mixes_by_the_softmax_of_products() -> None:
    entering = Input((4, 3))
    model = Model(entering, Attention()([entering, entering]))
    x = np.random.default_rng(2).standard_normal((1, 4, 3)).astype(np.float32)
    scores = np.exp(x[0] @ x[0].T)

    np.testing.assert_allclose(answer(model, x)[0], scores / scores.sum(-1, keepdims=True) @ x[0], rtol=1e-5)
