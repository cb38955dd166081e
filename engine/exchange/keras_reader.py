"""Reads a ``.keras`` archive again and computes it in plain numpy.

It shares nothing with the writer: what it knows of the format and of the layers stands here and in
:mod:`engine.exchange.keras_formulas` and :mod:`engine.exchange.keras_windows`. It serves where Keras
itself is not installed.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from engine.errors import LayerloomError
from engine.exchange.keras_attention import FORMULAS as ATTENTION
from engine.exchange.keras_formulas import FORMULAS as SMALLER
from engine.exchange.keras_formulas import level
from engine.exchange.keras_recurrent import FOLDERS as CELLS
from engine.exchange.keras_recurrent import FORMULAS as STEPS
from engine.exchange.keras_windows import FORMULAS as WINDOWS
from engine.exchange.keras_windows import activated, finished
from engine.exchange.parcel import Array

Config = Mapping[str, Any]
#: A layer by name, which of its calls, and which of its outputs.
Place = tuple[str, int, int]
#: Layers that leave padding out; it is not followed here.
SKIPPING = frozenset(
    ("AdditiveAttention", "Attention", "BatchNormalization", "Bidirectional", "GRU", "GlobalAveragePooling1D", "LSTM",
     "Maximum", "Minimum", "MultiHeadAttention", "Multiply", "SimpleRNN", "TimeDistributed")
)  # fmt: skip
#: Where arrays stand that do not stand at the layer itself.
FOLDERS = {
    **CELLS,
    "MultiHeadAttention": ("query_dense/", "key_dense/", "_gate_dense/", "value_dense/", "output_dense/"),
}


class UnknownLayerError(LayerloomError):
    """The archive holds something that this reader does not know."""


def answers(place: Path, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of an archive for inputs in the order of the model's.

    Raises:
        UnknownLayerError: a layer is of a kind that is not known here.
    """
    with zipfile.ZipFile(place) as pack:
        model = json.loads(pack.read("config.json"))
        weights = pack.read("model.weights.h5")
    layers = model["config"]["layers"]
    with h5py.File(io.BytesIO(weights)) as file:
        arrays = _arrays(file, layers)
    calls = _calls(model)
    first, last = _ends(model)
    values = dict(zip(first, inputs, strict=True))
    made = {layer["config"]["name"]: layer for layer in layers}
    waiting = {(name, number, 0): sources for name, several in calls.items() for number, sources in enumerate(several)}
    while waiting:
        # A layer that is called several times stands where its last call does, not its first.
        ready = [call for call, sources in waiting.items() if all(source in values for source in sources)]
        if not ready:
            raise UnknownLayerError("the reader cannot follow the order of its layers")
        for call in ready:
            layer = made[call[0]]
            compute = FORMULAS.get(layer["class_name"])
            if compute is None:
                raise UnknownLayerError(f"the reader does not know the layer {layer['class_name']}")
            if layer["class_name"] in SKIPPING and any(map(_masks, layers)):
                raise UnknownLayerError(f"the reader does not follow masks into {layer['class_name']}")
            x = [values[source] for source in waiting.pop(call)]
            found = compute(layer["config"] | _told(layer, call[1]), arrays[call[0]], x)
            for port, value in enumerate(found if isinstance(found, list) else [found]):
                values[call[0], call[1], port] = value
    return [values[call] for call in last]


def _arrays(file: Any, layers: Sequence[Config]) -> dict[str, list[Array]]:
    """Every layer's arrays: a group for each layer, numbered within its class."""
    counts: Counter[str] = Counter()
    found = {}
    for layer in layers:
        stem = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"])
        stem = re.sub(r"([a-z])([A-Z])", r"\1_\2", stem).lower()
        number, counts[stem] = counts[stem], counts[stem] + 1
        home = f"layers/{stem}_{number}" if number else f"layers/{stem}"
        places = [f"{home}/{folder}vars" for folder in FOLDERS.get(layer["class_name"], ("",))]
        groups = [file[place] for place in places if place in file]
        found[layer["config"]["name"]] = [np.asarray(group[str(n)]) for group in groups for n in range(len(group))]
    return found


def _masks(layer: Config) -> bool:
    """Whether a layer marks padding."""
    return layer["class_name"] == "Masking" or bool(layer["config"].get("mask_zero"))


def _told(layer: Config, number: int) -> Config:
    """What a layer is told at one of its calls."""
    nodes = layer.get("inbound_nodes") or [{"kwargs": {}}]
    found: Config = nodes[number]["kwargs"]
    return found


def _calls(model: Config) -> dict[str, list[list[Place]]]:
    """What each layer is called on, call by call."""
    layers = model["config"]["layers"]
    names = [layer["config"]["name"] for layer in layers]
    if model["class_name"] == "Sequential":
        return {name: [[(before, 0, 0)]] for before, name in pairwise(names)}
    return {
        name: [[(source[0], source[1], source[2]) for source in _entering(node)] for node in layer["inbound_nodes"]]
        for name, layer in zip(names, layers, strict=True)
    }


def _entering(node: Config) -> list[Any]:
    """Where the tensors of a call come from, those with names last."""
    return _histories([node["args"], [value for value in node["kwargs"].values() if isinstance(value, (dict, list))]])


def _histories(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [history for item in value for history in _histories(item)]
    return [value["config"]["keras_history"]]


def _ends(model: Config) -> tuple[list[Place], list[Place]]:
    config = model["config"]
    if model["class_name"] == "Sequential":
        return [(config["layers"][0]["config"]["name"], 0, 0)], [(config["layers"][-1]["config"]["name"], 0, 0)]
    ends = (config["input_layers"], config["output_layers"])
    first, last = ([places] if isinstance(places[0], str) else places for places in ends)
    return [tuple(place) for place in first], [tuple(place) for place in last]


def _dense(config: Config, weights: list[Array], x: list[Array]) -> Array:
    return finished(config, x[0] @ weights[0], weights)


def _time_distributed(config: Config, weights: list[Array], x: list[Array]) -> Array:
    inner = config["layer"]
    compute = FORMULAS.get(inner["class_name"])
    if compute is None:
        raise UnknownLayerError(f"the reader does not know the layer {inner['class_name']}")
    steps = x[0].reshape(-1, *x[0].shape[2:])
    found = compute(inner["config"], weights, [steps])
    y = found[0] if isinstance(found, list) else found
    return y.reshape(*x[0].shape[:2], *y.shape[1:])


def _batch_normalization(config: Config, weights: list[Array], x: list[Array]) -> Array:
    shape = [1] * x[0].ndim
    shape[config["axis"]] = -1
    *factors, mean, variance = (weight.reshape(shape) for weight in weights)
    y = (x[0] - mean) / np.sqrt(variance + config["epsilon"])
    if config["scale"]:
        y = y * factors.pop(0)
    y = y + factors.pop(0) if config["center"] else y
    return np.asarray(y)


#: What each layer computes: (config, weights, inputs) to output, or to a list of them.
FORMULAS: Mapping[str, Callable[[Config, list[Array], list[Array]], Array | list[Array]]] = {
    **ATTENTION,
    **SMALLER,
    **STEPS,
    **WINDOWS,
    "Activation": lambda config, _, x: activated(config, x[0]),
    "Add": lambda _, __, x: np.asarray(sum(level(x))),
    "BatchNormalization": _batch_normalization,
    "Concatenate": lambda config, _, x: np.concatenate(x, config["axis"]),
    "Dense": _dense,
    "Dropout": lambda _, __, x: x[0],
    "ELU": lambda config, _, x: np.where(x[0] > 0, x[0], config["alpha"] * np.expm1(np.minimum(x[0], 0))),
    "Flatten": lambda _, __, x: x[0].reshape(len(x[0]), -1),
    "LeakyReLU": lambda config, _, x: np.where(x[0] > 0, x[0], config["negative_slope"] * x[0]),
    "Rescaling": lambda config, _, x: x[0] * np.float32(config["scale"]) + np.float32(config["offset"]),
    "TimeDistributed": _time_distributed,
    "Reshape": lambda config, _, x: x[0].reshape(len(x[0]), *config["target_shape"]),
}
