"""Layers for words and attention: into Keras's archive and back, with what their calls say."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.exchange.importing.importer import import_model
from engine.exchange.keras_archive import archive
from engine.exchange.keras_network import keras_network
from engine.exchange.onnx_target import Onnx
from engine.exchange.parcel import Parcel
from engine.templates import chain
from engine.train.predictor import Predictor
from tests.engine.exchange.importing.here import import_here
from tests.engine.exchange.networks import NETWORKS, parcel_of

KINDS = ("AdditiveAttention", "Attention", "Embedding", "Masking", "MultiHeadAttention")
NAMES = [name for name in NETWORKS if name.partition("-")[0] in KINDS]


def written(parcel: Parcel, place: Path, **changed: object) -> Path:
    """The archive, with named arguments of calls changed."""
    content = archive(keras_network(parcel), None)
    with zipfile.ZipFile(io.BytesIO(content)) as pack, zipfile.ZipFile(place, "w") as again:
        for name in pack.namelist():
            data = pack.read(name)
            if name == "config.json" and changed:
                config = json.loads(data)
                for layer in config["config"]["layers"]:
                    for node in layer.get("inbound_nodes", ()):
                        node["kwargs"] |= changed
                data = json.dumps(config).encode()
            again.writestr(name, data)
    return place


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_is_read_with_its_wires_weights_and_calls(name: str, tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS[name])

    found = import_here(written(parcel, tmp_path / "model.keras"))

    graph = found.project.graph
    inputs = dict(zip(graph.inputs, (parcel.samples[key] for key in parcel.graph.inputs), strict=True))
    answers = Predictor(graph, found.state.weights if found.state else {}).predict(inputs)
    np.testing.assert_array_equal(answers[graph.outputs[0]], parcel.answers[parcel.graph.outputs[0]])


def test_calls_that_say_more_stay_place_holders(tmp_path: Path) -> None:
    place = written(parcel_of(NETWORKS["Attention-0"]), tmp_path / "model.keras", attention_mask=[[True]])

    found = import_model(place)

    assert any(isinstance(node.layer, Missing) for node in found.project.graph.nodes.values())
    assert any("attention_mask" in line for line in found.lost)


def test_padding_is_exported_to_keras_only() -> None:
    graph = chain(("Input", {"shape": (4, 2)}), ("Masking", {}), ("GlobalAveragePooling1D", {}))

    problems = Onnx().obstacles(parcel_of(graph))

    assert [problem.node for problem in problems] == ["global_average_pooling1d"]
    assert "leaves out the steps that a mask hides" in problems[0].text
