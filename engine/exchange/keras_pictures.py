"""What Keras's layers for pictures and data compute when they predict, in plain numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.component import parameters
from engine.exchange.parcel import Array
from engine.registry import layers
from engine.tensor_spec import TensorSpec

Config = Mapping[str, Any]
Formula = Callable[[Config, list[Array], list[Array]], Array]


def _handed_on(config: Config, weights: list[Array], x: list[Array]) -> Array:
    return x[0]


def _normalized(config: Config, weights: list[Array], x: list[Array]) -> Array:
    given = config["mean"], config["variance"]
    mean, variance = (np.asarray(values) for values in (given if given[0] is not None else weights[:2]))
    axes = () if config["axis"] is None else np.ravel(config["axis"]).tolist()
    kept = {axis % x[0].ndim for axis in axes}
    shape = [size if axis in kept else 1 for axis, size in enumerate(x[0].shape)]
    mean, variance = (v.reshape(shape) if v.size > 1 else v.reshape(()) for v in (mean, variance))
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    return np.asarray(x[0] * deviation + mean if config["invert"] else (x[0] - mean) / deviation)


def _resampled(kind: str) -> Formula:
    """Sums over rows and columns, as the layer of that name takes them."""

    def value(config: Config, _: list[Array], x: list[Array]) -> Array:
        known = {p.name: config[p.name] for p in parameters(layers.get(kind)) if p.name in config}
        layer: Any = layers.get(kind)(**known)
        made: Array = layer.resampling(TensorSpec(x[0].shape[1:])).value(x[0])
        return made

    return value


def _dot(config: Config, _: list[Array], x: list[Array]) -> Array:
    axes = config["axes"] if isinstance(config["axes"], list) else [config["axes"]] * 2
    a, b = (np.moveaxis(one, axis, -1) for one, axis in zip(x, axes, strict=True))
    if config["normalize"]:
        a, b = (one / np.maximum(np.sqrt(np.square(one).sum(-1, keepdims=True)), 1e-12) for one in (a, b))
    flat = [one.reshape(len(one), -1, one.shape[-1]) for one in (a, b)]
    shape = (*a.shape[1:-1], *b.shape[1:-1]) or (1,)
    return np.asarray((flat[0] @ flat[1].transpose(0, 2, 1)).reshape(len(a), *shape))


CHANCE = (
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomShear", "RandomTranslation",
    "RandomZoom",
)  # fmt: skip
#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Formula] = {
    "ActivityRegularization": _handed_on,
    "CenterCrop": _resampled("CenterCrop"),
    "Dot": _dot,
    "Normalization": _normalized,
    "Resizing": _resampled("Resizing"),
    **dict.fromkeys(CHANCE, _handed_on),
}
