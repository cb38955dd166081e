"""Recurrent layers and wrappers in ``.keras`` files: written, read again, and what cannot be written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine import Sequential
from engine.errors import LayerloomError
from engine.exchange.keras_reader import answers
from engine.exchange.keras_target import KerasCode, KerasFile
from engine.exchange.parcel import Parcel, pack
from engine.exchange.target import Proof
from engine.layers import (  # type: ignore[attr-defined]
    GRU,
    LSTM,
    Activation,
    Bidirectional,
    Concatenate,
    Dense,
    Input,
    Masking,
    SimpleRNN,
    TimeDistributed,
)
from engine.models import Model, load_model, model_from_json
from engine.project import TrainConfig


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


def encoder_and_decoder() -> tuple[Model, list[np.ndarray]]:
    """A network that translates: its encoder's states start the decoder, and go on in both directions."""
    words, answer = Input((5, 3)), Input((4, 2))
    _, h, c = LSTM(6, return_state=True)(words)
    y = LSTM(6, return_sequences=True)(answer, initial_state=[h, c])
    y, g = GRU(3, return_sequences=True, return_state=True)(y)
    both = Bidirectional(GRU(3))(y, initial_state=[g, g])
    model = Model([words, answer], [Dense(2)(Concatenate()([both, Activation("tanh")(g)])), Dense(1)(c)])
    model.compile("adam", "mse")
    random = np.random.default_rng(3)
    model.set_weights([array + 0.1 * random.standard_normal(array.shape) for array in model.get_weights()])
    return model, [random.standard_normal(shape).astype(np.float32) for shape in ((4, 5, 3), (4, 4, 2))]


def test_states_go_by_wire_there_and_back(tmp_path: Path) -> None:
    model, x = encoder_and_decoder()
    path = tmp_path / "translator.keras"
    model.save(str(path))
    expected = model.predict(x, verbose=0)

    described = model_from_json(model.to_json())
    described.set_weights(model.get_weights())
    for again in (load_model(str(path)), described):
        for ours, theirs in zip(again.predict(x, verbose=0), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(answers(path, x), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def kept() -> Parcel:
    model = Sequential([Input((5, 3)), LSTM(4, stateful=True), Dense(1)], seed=2)
    return pack("kept", model.graph, model.state().weights, training=TrainConfig(batch_size=3))


def test_layers_that_keep_their_states_are_written_with_the_batch_size(tmp_path: Path) -> None:
    parcel, path = kept(), tmp_path / "kept.keras"
    KerasFile().write(parcel, path)
    with zipfile.ZipFile(path) as pack_:
        layers = json.loads(pack_.read("config.json"))["config"]["layers"]

    assert layers[0]["config"]["batch_shape"] == [3, 5, 3]
    assert layers[1]["config"]["stateful"] is True
    KerasCode().write(parcel, tmp_path)
    assert "keras.Input(batch_shape=(3, 5, 3)" in (tmp_path / "kept.py").read_text()
    proof = KerasCode().prove(parcel, tmp_path)
    assert isinstance(proof, Proof)
    assert proof.holds
    assert proof.samples == 3


@pytest.mark.parametrize(
    "layers",
    [
        [SimpleRNN(3, return_sequences=True, activation="relu"), GRU(4, go_backwards=True, use_bias=False)],
        [GRU(3, reset_after=False, recurrent_activation="hard_sigmoid", return_sequences=True), LSTM(2)],
        [Bidirectional(LSTM(2, return_sequences=True), merge_mode="ave"), TimeDistributed(Dense(3, activation="tanh"))],
        [Bidirectional(GRU(2, use_bias=False), merge_mode="mul")],
        [TimeDistributed(Dense(2)), Bidirectional(SimpleRNN(2, return_sequences=True)), GRU(2)],
    ],
    ids=lambda layers: "-".join(layer.declaration.key for layer in layers),
)
def test_the_own_reader_computes_what_was_written(layers: list[Any], tmp_path: Path) -> None:
    model, x = trained(layers)
    path = tmp_path / "steps.keras"
    model.save(str(path))

    np.testing.assert_allclose(answers(path, [x])[0], model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("where", ["activation", "recurrent_activation"])
def test_an_activation_that_is_no_mere_name_is_told(tmp_path: Path, where: str) -> None:
    model, _ = trained([LSTM(3, **{where: "hard_sigmoid_keras2"})])

    with pytest.raises(LayerloomError, match="at every step"):
        model.save(str(tmp_path / "steps.keras"))
