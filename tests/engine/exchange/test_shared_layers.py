"""Layers that share weights, and frozen ones, in every language that networks are given away in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.exchange.keras_reader import answers
from engine.exchange.target import Target, Unproven
from engine.exchange.targets import TARGETS, target_of
from engine.graph import Graph
from tests.engine.exchange.networks import made, parcel_of, wired


def towers() -> Graph:
    """Two pictures through one convolution, one normalization and one Dense; one of the ends enters twice."""
    layers = {
        "conv": made("Conv2D", filters=3, kernel_size=(3, 3), activation="relu"),
        "norm": made("BatchNormalization"),
        "flat": made("Flatten"),
        "dense": made("Dense", units=4, activation="tanh"),
    }
    nodes = {f"{key}{side}": layer for side in ("", "_b") for key, layer in layers.items()}
    graph = wired(
        {"left": made("Input", shape=(6, 6, 2)), "right": made("Input", shape=(6, 6, 2)), **nodes,
         "mul": made("Multiply"), "add": made("Add"), "end": made("Dense", units=2)},
        *((f"{a}{side}", f"{b}{side}") for side in ("", "_b") for a, b in
          (("conv", "norm"), ("norm", "flat"), ("flat", "dense"))),
        ("left", "conv"), ("right", "conv_b"), ("dense", "mul"), ("dense_b", "mul"), ("dense_b", "mul"),
        ("mul", "add"), ("dense", "add"), ("add", "end"),
    )  # fmt: skip
    for key in ("conv", "norm", "dense"):
        graph = graph.sharing(f"{key}_b", key)
    return graph.with_trainable(["conv"], False)


def written(target: Target, tmp_path: Path) -> Path:
    place = tmp_path / f"net{target.suffix}" if target.suffix else tmp_path
    parcel = parcel_of(towers())
    assert target.obstacles(parcel) == ()
    target.write(parcel, place)
    return place


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.key)
def test_shared_layers_compute_the_same_elsewhere(target: Target, tmp_path: Path) -> None:
    place = written(target, tmp_path)
    proof = target.prove(parcel_of(towers()), place)

    if isinstance(proof, Unproven):
        pytest.skip(proof.text)
    assert proof.holds, proof.text


def test_onnx_holds_shared_weights_once(tmp_path: Path) -> None:
    model = onnx.load(written(target_of("onnx"), tmp_path))
    names = [array.name for array in model.graph.initializer]

    assert not [name for name in names if "_b." in name]
    users = [node for node in model.graph.node if "conv.kernel" in node.input]
    assert len(users) == 2


def test_keras_calls_one_layer_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(target_of("keras"), tmp_path)) as pack:
        config = json.loads(pack.read("config.json"))["config"]
    layers = {layer["name"]: layer for layer in config["layers"]}

    assert not [name for name in layers if name in ("conv_b", "norm_b", "dense_b")]
    assert len(layers["dense"]["inbound_nodes"]) == 2
    assert layers["conv"]["config"]["trainable"] is False
    assert layers["dense"]["config"]["trainable"] is True


def test_our_own_reader_follows_shared_layers(tmp_path: Path) -> None:
    parcel = parcel_of(towers())
    place = written(target_of("keras"), tmp_path)
    (found,) = answers(place, [parcel.samples["left"], parcel.samples["right"]])

    np.testing.assert_allclose(found, parcel.answers["end"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("key", "file"), [("torch", "weights.npz"), ("numpy", "weights.npz")])
def test_scripts_hold_shared_weights_once(key: str, file: str, tmp_path: Path) -> None:
    written(target_of(key), tmp_path)
    with np.load(tmp_path / file) as stored:
        assert not [name for name in stored.files if "_b" in name.split(".")[0]]
