"""Reads a ``.keras`` archive again and computes it in plain numpy.

It shares nothing with the writer: what it knows of the format and of the layers stands here and in
:mod:`engine.exchange.keras_formulas`. It serves where Keras itself is not installed.
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
from numpy.lib.stride_tricks import sliding_window_view

from engine.component import resolved
from engine.errors import LayerloomError
from engine.exchange.keras_formulas import FORMULAS as SMALLER
from engine.exchange.parcel import Array

Config = Mapping[str, Any]


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
    for layer in layers:
        name = layer["config"]["name"]
        if layer["class_name"] == "InputLayer":
            continue
        compute = FORMULAS.get(layer["class_name"])
        if compute is None:
            raise UnknownLayerError(f"the reader does not know the layer {layer['class_name']}")
        values[name] = compute(layer["config"], arrays[name], [values[source] for source in calls[name]])
    return [values[name] for name in last]


def _arrays(file: Any, layers: Sequence[Config]) -> dict[str, list[Array]]:
    """Every layer's arrays: a group for each layer, numbered within its class."""
    counts: Counter[str] = Counter()
    found = {}
    for layer in layers:
        stem = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"])
        stem = re.sub(r"([a-z])([A-Z])", r"\1_\2", stem).lower()
        number, counts[stem] = counts[stem], counts[stem] + 1
        group = file[f"layers/{stem}_{number}/vars" if number else f"layers/{stem}/vars"]
        found[layer["config"]["name"]] = [np.asarray(group[str(place)]) for place in range(len(group))]
    return found


def _calls(model: Config) -> dict[str, list[str]]:
    """What each layer is called on."""
    layers = model["config"]["layers"]
    names = [layer["config"]["name"] for layer in layers]
    if model["class_name"] == "Sequential":
        return {name: [before] for before, name in pairwise(names)}
    return {
        name: [source[0] for node in layer["inbound_nodes"] for source in _histories(node["args"])]
        for name, layer in zip(names, layers, strict=True)
    }


def _histories(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [history for item in value for history in _histories(item)]
    return [value["config"]["keras_history"]]


def _ends(model: Config) -> tuple[list[str], list[str]]:
    config = model["config"]
    if model["class_name"] == "Sequential":
        return [config["layers"][0]["config"]["name"]], [config["layers"][-1]["config"]["name"]]
    ends = (config["input_layers"], config["output_layers"])
    first, last = ([places] if isinstance(places[0], str) else places for places in ends)
    return [place[0] for place in first], [place[0] for place in last]


def _activated(config: Config, x: Array) -> Array:
    value: Array = resolved("activation", config["activation"]).value(x)  # type: ignore[attr-defined]
    return value


def _dense(config: Config, weights: list[Array], x: list[Array]) -> Array:
    y = x[0] @ weights[0]
    return _activated(config, y + weights[1] if config["use_bias"] else y)


def _padding(config: Config, sizes: Sequence[int], window: Sequence[int], strides: Sequence[int]) -> list[Any]:
    """Zeros before and after each axis, batch and channels included; the odd one of "same" comes after."""
    if config["padding"] == "valid":
        return [(0, 0)] * 4
    rims = [max((-(-n // s) - 1) * s + w - n, 0) for n, w, s in zip(sizes, window, strides, strict=True)]
    return [(0, 0), *((rim // 2, rim - rim // 2) for rim in rims), (0, 0)]


def _convolution(config: Config, weights: list[Array], x: list[Array]) -> Array:
    kernel, strides, gaps = weights[0], config["strides"], config["dilation_rate"]
    window = [(size - 1) * gap + 1 for size, gap in zip(config["kernel_size"], gaps, strict=True)]
    padded = np.pad(x[0], _padding(config, x[0].shape[1:3], window, strides))
    parts = []
    for sample in padded:  # one at a time: windows repeat every number many times
        seen = sliding_window_view(sample, window, (0, 1))[:: strides[0], :: strides[1], :, :: gaps[0], :: gaps[1]]
        groups = zip(np.split(seen, config["groups"], 2), np.split(kernel, config["groups"], 3), strict=True)
        parts.append(np.concatenate([np.einsum("abcij,ijcf->abf", one, by, optimize=True) for one, by in groups], -1))
    y = np.stack(parts)
    return _activated(config, y + weights[1] if config["use_bias"] else y)


def _max_pooling(config: Config, weights: list[Array], x: list[Array]) -> Array:
    window = config["pool_size"]
    strides = config["strides"] or window
    rim = _padding(config, x[0].shape[1:3], window, strides)
    padded = np.pad(x[0], rim, constant_values=-np.inf)
    largest: Array = sliding_window_view(padded, window, (1, 2)).max((-1, -2))[:, :: strides[0], :: strides[1]]
    return largest


def _batch_normalization(config: Config, weights: list[Array], x: list[Array]) -> Array:
    shape = [1] * x[0].ndim
    shape[config["axis"]] = -1
    *factors, mean, variance = (weight.reshape(shape) for weight in weights)
    y = (x[0] - mean) / np.sqrt(variance + config["epsilon"])
    if config["scale"]:
        y = y * factors.pop(0)
    y = y + factors.pop(0) if config["center"] else y
    return np.asarray(y)


#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Callable[[Config, list[Array], list[Array]], Array]] = {
    **SMALLER,
    "Activation": lambda config, _, x: _activated(config, x[0]),
    "Add": lambda _, __, x: np.asarray(sum(x)),
    "BatchNormalization": _batch_normalization,
    "Concatenate": lambda config, _, x: np.concatenate(x, config["axis"]),
    "Conv2D": _convolution,
    "Dense": _dense,
    "Dropout": lambda _, __, x: x[0],
    "ELU": lambda config, _, x: np.where(x[0] > 0, x[0], config["alpha"] * np.expm1(np.minimum(x[0], 0))),
    "Flatten": lambda _, __, x: x[0].reshape(len(x[0]), -1),
    "LeakyReLU": lambda config, _, x: np.where(x[0] > 0, x[0], config["negative_slope"] * x[0]),
    "MaxPooling2D": _max_pooling,
    "Rescaling": lambda config, _, x: x[0] * np.float32(config["scale"]) + np.float32(config["offset"]),
    "Reshape": lambda config, _, x: x[0].reshape(len(x[0]), *config["target_shape"]),
}
