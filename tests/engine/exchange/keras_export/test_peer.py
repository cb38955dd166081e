"""Keras itself loads what is exported, answers as the engine does, and trains on as the engine does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Model, Sequential
from engine.datasets import mnist
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.keras_proof import backend
from engine.exchange.parcel import Parcel, pack
from engine.exchange.target import TOLERANCE
from engine.layers import Add, BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D
from engine.project import TrainConfig
from tests.engine.exchange.keras_export.cases import arrays, ask_keras, parcels, write_case
from tests.engine.exchange.networks import NETWORKS

pytestmark = pytest.mark.skipif(backend() is None, reason="Keras is not installed: run `main.py test --peers`")

#: Whether Keras can train here; with OpenVINO it only answers.
TRAINS = backend() != "openvino"
#: Samples that Keras trains on, and how many at a time.
SAMPLES, BATCH = 1000, 100


class Peer:
    """Keras, asked about some networks at a time when the first of them is wanted."""

    at_once = 40

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parcels = {name: parcel for name, parcel in parcels().items() if not obstacles(parcel)}
        self.reports: dict[int, Mapping[str, Any]] = {}

    def place(self, name: str) -> Path:
        number = list(self.parcels).index(name)
        return self.folder / f"{number // self.at_once}" / f"{number:03}"

    def said(self, name: str) -> Mapping[str, Any]:
        group = int(self.place(name).parent.name)
        if group not in self.reports:
            for other in list(self.parcels)[group * self.at_once : (group + 1) * self.at_once]:
                write_case(self.place(other), self.parcels[other])
            self.reports[group] = ask_keras(self.place(name).parent)
        found: Mapping[str, Any] = self.reports[group]["cases"][self.place(name).name]
        assert "error" not in found, found["error"]
        return found


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Peer:
    return Peer(tmp_path_factory.mktemp("keras"))


def largest_difference(parcel: Parcel, place: Path) -> float:
    """As a share of the answers' size, at least 1."""
    found = arrays(place)
    assert [a.shape for a in found] == [a.shape for a in parcel.answers.values()]
    pairs = list(zip(parcel.answers.values(), found, strict=True))
    scale = max(1.0, *(float(np.abs(ours).max()) for ours, _ in pairs))
    return max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs) / scale


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_answers_as_the_engine(peer: Peer, name: str) -> None:
    if name not in peer.parcels:
        pytest.skip("it holds a layer that Keras does not have")
    said, parcel = peer.said(name), peer.parcels[name]
    network = keras_network(parcel)
    unseen = network.is_chain  # Sequential does not list its Input

    assert largest_difference(parcel, peer.place(name) / "file.npz") < TOLERANCE
    assert largest_difference(parcel, peer.place(name) / "code.npz") < TOLERANCE
    # A layer that several nodes share is one layer of Keras, called several times.
    assert said["layers"] == list(dict.fromkeys(layer.layer or layer.name for layer in network.layers))[unseen:]
    assert said["same"]  # the script builds the model that the archive holds
    assert said["compiled"] == [True, True]
    assert said["same_compiled"]


def dense() -> Model:
    return Sequential([Input((28, 28, 1)), Flatten(), Dense(64, "sigmoid"), Dense(10, "softmax")])


def convolution() -> Model:
    return Sequential(
        [
            Input((28, 28, 1)), Conv2D(8, 3, strides=2), BatchNormalization(), Conv2D(8, 3, activation="relu"),
            MaxPooling2D(), Flatten(), Dense(10, "softmax", kernel_regularizer="l2"),
        ]
    )  # fmt: skip


def branches() -> Model:
    image = Input((28, 28, 1))
    first = Conv2D(6, 3, strides=3, padding="same", activation="relu")(image)
    second = Conv2D(6, 3, padding="same", activation="relu")(first)
    return Model(image, Dense(10, "softmax")(Flatten()(Add()([first, second]))))


MODELS = {"dense": dense, "convolution": convolution, "branches": branches}
OPTIMIZERS = {
    "dense": {"type": "Adam"},
    "convolution": {"type": "SGD", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "branches": {"type": "RMSprop"},
}
SETTINGS = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


@dataclass(frozen=True)
class Trained:
    """A model that was trained here, exported, and trained on here and in Keras."""

    parcel: Parcel
    logs: Mapping[str, float]
    weights: list[Any]


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    (x, y), _ = mnist.load_data()
    return (x[:SAMPLES, ..., None] / 255).astype(np.float32), y[:SAMPLES]


def train_here(kind: str, x: Any, y: Any) -> Trained:
    model, optimizer = MODELS[kind](), OPTIMIZERS[kind]
    model.compile(optimizer, **SETTINGS)
    model.fit(x, y, batch_size=BATCH, epochs=2, verbose=0)
    weights = model.state().weights
    samples = {model.graph.inputs[0]: x[:32]}
    config = TrainConfig(batch_size=BATCH, optimizer=optimizer)  # type: ignore[arg-type]
    parcel = pack(kind, model.graph, weights, samples, training=config)
    model.compile(optimizer, **SETTINGS)  # as Keras, with an optimizer that remembers nothing
    history = model.fit(x, y, batch_size=BATCH, epochs=1, shuffle=False, verbose=0).history
    return Trained(parcel, {name: values[0] for name, values in history.items()}, model.get_weights())


@pytest.fixture(scope="module")
def digit_models(tmp_path_factory: pytest.TempPathFactory, digits: tuple[Any, Any]) -> tuple[Path, dict[str, Trained]]:
    folder = tmp_path_factory.mktemp("keras-digits") / "cases"
    x, y = digits
    models = {kind: train_here(kind, x, y) for kind in MODELS}
    for kind, trained in models.items():
        write_case(folder / kind, trained.parcel, **({"x": x, "y": y, "batch": BATCH} if TRAINS else {}))
    report = ask_keras(folder)
    assert not [case for case in report["cases"].values() if "error" in case], report
    return folder, models


@pytest.mark.parametrize("kind", MODELS)
def test_keras_reads_digits_as_the_engine(digit_models: tuple[Path, dict[str, Trained]], kind: str) -> None:
    folder, models = digit_models

    assert largest_difference(models[kind].parcel, folder / kind / "file.npz") < TOLERANCE
    assert largest_difference(models[kind].parcel, folder / kind / "code.npz") < TOLERANCE


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.skipif(not TRAINS, reason="OpenVINO does not train")
def test_keras_trains_on_as_the_engine(digit_models: tuple[Path, dict[str, Trained]], kind: str) -> None:
    folder, models = digit_models
    here = models[kind]
    with np.load(folder / kind / "trained.npz") as found:
        theirs = [found[f"weight/{place}"] for place in range(len(here.weights))]
        logs = {name[5:]: float(found[name][0]) for name in found.files if name.startswith("logs/")}

    assert logs["loss"] == pytest.approx(here.logs["loss"], rel=1e-4)
    assert logs["accuracy"] == pytest.approx(here.logs["accuracy"], abs=0.003)
    for ours, other in zip(here.weights, theirs, strict=True):
        np.testing.assert_allclose(ours, other, rtol=0, atol=1e-4 * max(1.0, float(np.abs(ours).max())))
