"""Files of Keras 3, written without Keras: ``.keras`` archives and ``.weights.h5``.

An archive is a zip whose members are stored as they are: ``metadata.json``, ``config.json`` (the layers and how they
are trained) and ``model.weights.h5``. In the latter a layer's arrays stand at ``layers/CLASS_N/vars/0, 1 ...``, where
N counts the layers of one class in the order of ``model.layers``; names do not matter there.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np

from engine.exchange.keras_network import KerasLayer, KerasNetwork
from engine.exchange.keras_terms import APART, STATED, VERSION, as_json, as_object
from engine.exchange.keras_training import Compiled, compile_config, fresh_memory, learning_rate
from engine.exchange.parcel import Array
from engine.graph import snake

#: Time of every file: the same network gives the same bytes. Zip cannot name an earlier one.
DATE = (1980, 1, 1, 0, 0, 0)


def archive(network: KerasNetwork, training: Compiled | None) -> bytes:
    """The ``.keras`` file of a network."""
    year, month, day, *_ = DATE
    metadata = {"keras_version": VERSION, "date_saved": f"{year}-{month:02}-{day:02}@00:00:00"}
    members = {
        "metadata.json": json.dumps(metadata).encode(),
        "config.json": json.dumps(model_config(network, training), indent=1, allow_nan=False).encode(),
        "model.weights.h5": weights_file(network, training, remembers=True),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as pack:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3  # the same bytes on every system
            pack.writestr(entry, content)
    return stream.getvalue()


def model_config(network: KerasNetwork, training: Compiled | None) -> dict[str, Any]:
    """The content of ``config.json``."""
    config = _chain(network) if network.is_chain else _functional(network)
    return config | ({"compile_config": compile_config(training)} if training is not None else {})


def _chain(network: KerasNetwork) -> dict[str, Any]:
    layers = [_layer(layer, network.batch) for layer in network.layers]
    shape = layers[0]["config"]["batch_shape"]
    config = {"name": network.name, "trainable": True, "layers": layers, "build_input_shape": shape}
    return as_object("keras", "Sequential", config)


def _functional(network: KerasNetwork) -> dict[str, Any]:
    layers = []
    places = {
        call.name: (layer.layer_name, number, (call.shape, *call.further))
        for layer in network.made
        for number, call in enumerate(network.calls_of(layer.layer_name))
    }
    for layer in network.made:
        calls: list[Any] = []
        for call in network.calls_of(layer.layer_name):
            sources: list[Any] = [_tensor(*places[name], port, network.batch) for name, port in call.entering]
            # Merging layers are called on one list, all others on one tensor or on several of which some have names.
            names = APART.get(layer.kind, ())
            named = dict(zip(names[2:], sources[2:], strict=False))
            if layer.kind in STATED and len(sources) > 1:
                first, *states = sources
                sources, named = [first], {"initial_state": states if len(states) > 1 else states[0]}
            args = sources[:2] if names else sources if len(sources) == 1 else [sources]
            calls += [{"args": args, "kwargs": {**named, **call.called}}] if sources else []
        layers.append(_layer(layer, network.batch) | {"name": layer.layer_name, "inbound_nodes": calls})
    inputs, outputs = ([[*places[name][:2], 0] for name in names] for names in (network.inputs, network.outputs))
    ends = {"input_layers": _places(inputs), "output_layers": _places(outputs)}
    config = {"name": network.name, "trainable": True, "layers": layers, **ends}
    return as_object("keras.src.models.functional", "Functional", config) | {"registered_name": "Functional"}


def _layer(layer: KerasLayer, batch: int | None) -> dict[str, Any]:
    if layer.kind == "InputLayer":
        config = {"batch_shape": [batch, *layer.shape], "dtype": "float32", "name": layer.layer_name}
        return as_object("keras.layers", layer.kind, config)
    common = {"name": layer.layer_name, "trainable": not layer.frozen, "dtype": "float32"}
    if layer.kind.startswith("SpatialDropout"):
        del common["trainable"]  # their constructors, unlike all others, refuse it
    return as_object("keras.layers", layer.kind, common | as_json(layer.settings))


def _tensor(name: str, call: int, shapes: tuple[tuple[int, ...], ...], port: int, batch: int | None) -> dict[str, Any]:
    config = {"shape": [batch, *shapes[port]], "dtype": "float32", "keras_history": [name, call, port]}
    return {"class_name": "__keras_tensor__", "config": config}


def _places(places: list[list[Any]]) -> list[Any]:
    return places[0] if len(places) == 1 else places


def weights_file(network: KerasNetwork, training: Compiled | None, remembers: bool) -> bytes:
    """The weights as HDF5.

    Args:
        network: the layers with their arrays.
        training: whose optimizer begins anew; Keras complains where a compiled model finds no optimizer.
        remembers: the optimizer's memory is there too, as a model that is read from an archive expects it.
            A model that was only just compiled has none yet.
    """
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        counts: Counter[str] = Counter()
        for layer in network.made:
            stem = snake(layer.kind)
            group = f"layers/{stem}_{counts[stem]}" if counts[stem] else f"layers/{stem}"
            counts[stem] += 1
            arrays = [np.asarray(array, np.float32) for array in layer.weights]
            stores = layer.stores or ("",) * len(arrays)
            for folder in dict.fromkeys(["", *stores]):
                own = [array for array, store in zip(arrays, stores, strict=False) if store == folder]
                _store(file, f"{group}/{folder}" if folder else group, folder or layer.layer_name, own, ())
        _store(file, "", network.name, (), ())
        if training is not None:
            rate = learning_rate(training)
            counts_and_rate: list[Array] = [np.asarray(0, np.int32)]
            if isinstance(rate, float):  # a schedule is not among what Keras keeps
                counts_and_rate.append(np.asarray(rate, np.float32))
            name = snake(type(training.optimizer).__name__)
            shapes = fresh_memory(training, network) if remembers else []
            _store(file, "optimizer", name, counts_and_rate, shapes)
    return stream.getvalue()


def _store(
    file: h5py.File, place: str, name: str, arrays: Sequence[Array], fills: Sequence[tuple[tuple[int, ...], float]]
) -> None:
    """One group: its arrays by number, then arrays of one number, which take no room because they are never written."""
    group = file.create_group(f"{place}/vars")
    group.attrs["name"] = name
    for number, array in enumerate(arrays):
        group.create_dataset(str(number), data=array)
    for number, (shape, fill) in enumerate(fills, len(arrays)):
        group.create_dataset(str(number), shape, np.float32, fillvalue=np.float32(fill))
