"""Recurrent layers and wrappers in ``.keras`` files: written, read again, and what cannot be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine import Sequential
from engine.errors import LayerloomError
from engine.layers import (  # type: ignore[attr-defined]
    GRU,
    LSTM,
    Bidirectional,
    Dense,
    Input,
    Masking,
    SimpleRNN,
    TimeDistributed,
)
from engine.models import Model, load_model


def trained(layers: list[Any]) -> tuple[Sequential, np.ndarray]:
    model = Sequential([Input((6, 3)), *layers], seed=1)
    model.compile(optimizer="adam", loss="mse")
    random = np.random.default_rng(3)
    for layer in model.layers:
        layer.set_weights([array + 0.1 * random.standard_normal(array.shape) for array in layer.get_weights()])
    x = random.standard_normal((4, 6, 3)).astype(np.float32)
    x[:, 4:] = 0
    return model, x


@pytest.mark.parametrize("place", range(2))
def test_a_written_network_answers_the_same_when_read_again(place: int, tmp_path: Path) -> None:
    sequences = {"return_sequences": True}
    model, x = trained(
        [
            [Masking(), Bidirectional(LSTM(4, **sequences)), TimeDistributed(Dense(2, activation="relu")), GRU(3)],
            [
                SimpleRNN(3, activation="relu", **sequences),
                GRU(3, reset_after=False, **sequences),
                LSTM(4, use_bias=False, go_backwards=True, recurrent_dropout=0.1, **sequences),
                Bidirectional(GRU(2, use_bias=False), merge_mode="sum"),
            ],
        ][place]
    )
    path = tmp_path / "steps.keras"
    model.save(str(path))

    again = load_model(str(path))

    assert [layer.declaration.key for layer in again.layers][-len(model.layers) :] == [
        layer.declaration.key for layer in model.layers
    ]
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_weights_lie_where_keras_looks_for_them(tmp_path: Path) -> None:
    model, _ = trained([Bidirectional(LSTM(4, return_sequences=True)), TimeDistributed(Dense(2)), GRU(3)])
    path = tmp_path / "steps.weights.h5"
    model.save_weights(str(path))

    with h5py.File(path) as file:
        for place in ("bidirectional/forward_layer/cell", "bidirectional/backward_layer/cell", "gru/cell"):
            assert len(file[f"layers/{place}/vars"]) == 3
        assert len(file["layers/time_distributed/layer/vars"]) == 2


def test_states_that_go_by_wire_are_told(tmp_path: Path) -> None:
    entry = Input((6, 3))
    _, state = GRU(3, return_state=True)(entry)
    model = Model(entry, Dense(1)(state))

    with pytest.raises(LayerloomError, match="puts out several tensors"):
        model.save(str(tmp_path / "states.keras"))
