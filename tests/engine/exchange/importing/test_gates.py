"""Recurrent layers of Keras 1, which kept an array for every gate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.exchange.importing.gates import GATES
from tests.engine.exchange.importing.legacy import layer_of, losses, numbers, put_in, sequential, take

UNITS = 3


def apart(kind: str, name: str) -> dict[str, Any]:
    """Arrays of a layer as Keras 1 wrote them, gate by gate."""
    shapes = {"W": (4, UNITS), "U": (UNITS, UNITS), "b": (UNITS,)}
    return {f"{name}_{letter}_{gate}": numbers(*shapes[letter]) for gate in GATES[kind][0] for letter in shapes}


def hard_sigmoid(x: Any) -> Any:
    return np.clip(0.2 * x + 0.5, 0, 1)


def lstm(x: Any, w: dict[str, Any], name: str) -> Any:
    """Keras 1's LSTM, from its documentation's formulas."""
    h = c = np.zeros((len(x), UNITS))
    for step in np.moveaxis(x, 1, 0):
        i, f, g, o = (step @ w[f"{name}_W_{k}"] + h @ w[f"{name}_U_{k}"] + w[f"{name}_b_{k}"] for k in "ifco")
        c = hard_sigmoid(f) * c + hard_sigmoid(i) * np.tanh(g)
        h = hard_sigmoid(o) * np.tanh(c)
    return h


def gru(x: Any, w: dict[str, Any], name: str) -> Any:
    """Keras 1's GRU, whose reset gate acts on the state."""
    h = np.zeros((len(x), UNITS))
    for step in np.moveaxis(x, 1, 0):
        z, r = (hard_sigmoid(step @ w[f"{name}_W_{k}"] + h @ w[f"{name}_U_{k}"] + w[f"{name}_b_{k}"]) for k in "zr")
        new = np.tanh(step @ w[f"{name}_W_h"] + (r * h) @ w[f"{name}_U_h"] + w[f"{name}_b_h"])
        h = z * h + (1 - z) * new
    return h


CONFIG = {"output_dim": UNITS, "inner_activation": "hard_sigmoid", "activation": "tanh", "consume_less": "cpu"}


@pytest.mark.parametrize(("kind", "computed"), [("LSTM", lstm), ("GRU", gru)])
def test_gates_that_lie_apart_are_put_together(kind: str, computed: Any) -> None:
    weights = apart(kind, "l0")
    found = take(sequential((kind, CONFIG), shape=(None, 5, 4)), {"l0": weights}, "1.2.2")
    x = numbers(2, 5, 4)

    assert layer_of(found).key == kind
    assert not losses(found)
    np.testing.assert_allclose(put_in(found, x), computed(x, weights, "l0"), rtol=1e-5, atol=1e-6)


def test_both_directions_have_their_gates_apart() -> None:
    first, second = apart("LSTM", "forward_r"), apart("LSTM", "backward_r")
    inner = {"class_name": "LSTM", "config": {"name": "r", **CONFIG}}
    config = {"layer": inner, "merge_mode": "concat"}
    found = take(sequential(("Bidirectional", config), shape=(None, 5, 4)), {"l0": first | second}, "1.2.2")
    x = numbers(2, 5, 4)

    expected = [lstm(x, first, "forward_r"), lstm(x[:, ::-1], second, "backward_r")]
    np.testing.assert_allclose(put_in(found, x), np.concatenate(expected, 1), rtol=1e-5, atol=1e-6)


def test_gates_of_different_shapes_are_told() -> None:
    weights = apart("GRU", "l0") | {"l0_W_r": numbers(5, UNITS)}
    found = take(sequential(("GRU", CONFIG), shape=(None, 5, 4)), {"l0": weights}, "1.2.2")

    assert any("the gates of kernel have different shapes" in said for said in losses(found))


def test_joined_arrays_of_keras_2_are_taken_as_they_are() -> None:
    weights = {"l0/kernel:0": numbers(4, 9), "l0/recurrent_kernel:0": numbers(3, 9), "l0/bias:0": numbers(2, 9)}
    config = {"units": UNITS, "reset_after": True, "recurrent_activation": "sigmoid"}
    found = take(sequential(("GRU", config), shape=(None, 5, 4)), {"l0": weights}, "2.2.4")

    assert found.state is not None
    for array, given in zip(found.state.weights["gru"].values(), weights.values(), strict=True):
        np.testing.assert_array_equal(array, given)
