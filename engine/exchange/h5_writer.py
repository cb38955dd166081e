"""Models and weights in the HDF5 layout that every Keras reads: one group of arrays per layer, by name.

A file of weights has the attribute ``layer_names``, and each layer's group ``weight_names`` and the arrays. A file of
a whole model has the same below ``model_weights``, and its structure and settings as JSON in attributes.
Source: the format of ``keras/src/legacy/saving/legacy_h5_format.py``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import h5py
import numpy as np

from engine.exchange.keras_archive import model_config
from engine.exchange.keras_network import KerasNetwork
from engine.exchange.keras_terms import VERSION
from engine.exchange.keras_training import Compiled, compile_config
from engine.exchange.parcel import Array

Named = Sequence[tuple[str, Array]]


def weights_h5(layers: Mapping[str, Named]) -> bytes:
    """A file of weights alone.

    Args:
        layers: by name, in the order of the model: the weights with their names.
    """
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        _store(file, layers)
    return stream.getvalue()


def model_h5(network: KerasNetwork, training: Compiled | None) -> bytes:
    """A file of a whole model, without the optimizer's memory."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = VERSION, "tensorflow"
        file.attrs["model_config"] = json.dumps(model_config(network, None), allow_nan=False)
        if training is not None:
            file.attrs["training_config"] = json.dumps(_training(training), allow_nan=False)
        _store(
            file.create_group("model_weights"), {layer.layer_name: _numbered(layer.weights) for layer in network.made}
        )
    return stream.getvalue()


def _numbered(weights: Iterable[Array]) -> Named:
    return [(f"weight_{place}", np.asarray(array, np.float32)) for place, array in enumerate(weights)]


def _training(training: Compiled) -> dict[str, Any]:
    """``compile``'s arguments under the names of these files."""
    config = compile_config(training)
    optimizer = {key: config["optimizer"][key] for key in ("class_name", "config")}
    return {key: config[key] for key in ("loss", "metrics", "loss_weights")} | {"optimizer_config": optimizer}


def _store(group: Any, layers: Mapping[str, Named]) -> None:
    group.attrs["keras_version"], group.attrs["backend"] = VERSION, "tensorflow"
    group.attrs["layer_names"] = _texts(layers)
    for layer, weights in layers.items():
        place = group.create_group(layer)
        paths = [f"{layer}/{name}" for name, _ in weights]
        place.attrs["weight_names"] = _texts(paths)
        for path, (_, array) in zip(paths, weights, strict=True):
            place.create_dataset(path, data=array)


def _texts(names: Iterable[str]) -> Any:
    listed = [name.encode() for name in names]
    return np.array(listed) if listed else np.zeros(0, "S1")
