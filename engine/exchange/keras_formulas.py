"""What the smaller layers of Keras compute, in plain numpy, for the reader of ``.keras`` archives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from engine.exchange.keras_pictures import FORMULAS as PICTURES
from engine.exchange.parcel import Array

Config = Mapping[str, Any]
Formula = Callable[[Config, list[Array], list[Array]], Array]


def _handed_on(config: Config, weights: list[Array], x: list[Array]) -> Array:
    return x[0]


def _folded(function: Callable[[Array, Array], Array]) -> Formula:
    return lambda _, __, x: reduce(function, level(x))


def level(x: Sequence[Array]) -> list[Array]:
    """Batches with axes of size 1 behind the first where they have fewer axes, as Keras lays them out to merge them."""
    rank = max(array.ndim for array in x)
    return [array.reshape(len(array), *(1,) * (rank - array.ndim), *array.shape[1:]) for array in x]


def _over_places(operation: str) -> Formula:
    def pooled(config: Config, _: list[Array], x: list[Array]) -> Array:
        found: Array = getattr(x[0], operation)(axis=tuple(range(1, x[0].ndim - 1)), keepdims=config["keepdims"])
        return found

    return pooled


def _cropped(config: Config, weights: list[Array], x: list[Array]) -> Array:
    sides = config["cropping"]
    pairs = sides if isinstance(sides[0], Sequence) else [sides]
    inner = [slice(before, size - after) for size, (before, after) in zip(x[0].shape[1:], pairs, strict=False)]
    return x[0][(slice(None), *inner)]


def _padded(config: Config, weights: list[Array], x: list[Array]) -> Array:
    sides = config["padding"]
    pairs = sides if isinstance(sides[0], Sequence) else [sides]
    return np.pad(x[0], [(0, 0), *pairs, (0, 0)])


def _larger(config: Config, weights: list[Array], x: list[Array]) -> Array:
    sizes = config["size"] if isinstance(config["size"], Sequence) else [config["size"]]
    if config.get("interpolation", "nearest") == "bilinear":
        return reduce(lambda y, at: _between(y, at + 1, sizes[at]), range(len(sizes)), x[0])
    return reduce(lambda y, at: np.repeat(y, sizes[at], axis=at + 1), range(len(sizes)), x[0])


def _between(x: Array, axis: int, factor: int) -> Array:
    """Straight lines between the middles of neighbouring cells; the outer halves of the ends are flat."""
    size = x.shape[axis]
    place = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
    low = np.minimum(place.astype(int), size - 1)
    shape = [1] * x.ndim
    shape[axis] = -1
    share = (place - low).astype(x.dtype).reshape(shape)
    high = np.minimum(low + 1, size - 1)
    return np.asarray(np.take(x, low, axis) * (1 - share) + np.take(x, high, axis) * share)


def _pooled(config: Config, x: Array, operation: str) -> Array:
    """Largest or mean value of windows over any number of axes, one window after the other."""
    count = x.ndim - 2
    window, strides = ([size] * count if isinstance(size, int) else list(size) for size in (
        config["pool_size"], config["strides"] or config["pool_size"]
    ))  # fmt: skip
    steps = []
    for n, w, s in zip(x.shape[1:-1], window, strides, strict=True):
        out = -(-n // s) if config["padding"] == "same" else (n - w) // s + 1
        rim = max((out - 1) * s + w - n, 0) // 2 if config["padding"] == "same" else 0
        steps.append([slice(max(i * s - rim, 0), min(i * s - rim + w, n)) for i in range(out)])
    y = np.empty((len(x), *map(len, steps), x.shape[-1]), x.dtype)
    for place in np.ndindex(*map(len, steps)):
        seen = x[(slice(None), *(steps[axis][at] for axis, at in enumerate(place)))]
        seen = seen.reshape(len(seen), -1, seen.shape[-1])
        y[(slice(None), *place)] = seen.mean(1) if operation == "mean" else seen.max(1)
    return y


def _windows(operation: str) -> Formula:
    return lambda config, _, x: _pooled(config, x[0], operation)


def _rectified(config: Config, weights: list[Array], x: list[Array]) -> Array:
    edge, slope, top = config.get("threshold", 0.0), config.get("negative_slope", 0.0), config.get("max_value")
    y = np.where(x[0] > edge, x[0], slope * (x[0] - edge))
    return y if top is None else np.minimum(y, top)


def _prelu(config: Config, weights: list[Array], x: list[Array]) -> Array:
    return np.where(x[0] > 0, x[0], weights[0] * x[0])


def _softmax(config: Config, weights: list[Array], x: list[Array]) -> Array:
    axes = _axes(config)
    power = np.exp(x[0] - x[0].max(axes, keepdims=True))
    return np.asarray(power / power.sum(axes, keepdims=True))


def _axes(config: Config) -> tuple[int, ...]:
    axis = config["axis"]
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _unit(config: Config, weights: list[Array], x: list[Array]) -> Array:
    length = np.sqrt(np.square(x[0]).sum(_axes(config), keepdims=True))
    return np.asarray(x[0] / np.maximum(length, 1e-12))


def _scaled(config: Config, weights: list[Array], y: Array, axes: tuple[int, ...]) -> Array:
    factors = list(weights)
    places = {axis % y.ndim for axis in axes}
    shape = [size if place in places else 1 for place, size in enumerate(y.shape)]
    y = y * factors.pop(0).reshape(shape) if config["scale"] else y
    return y + factors.pop(0).reshape(shape) if config["center"] else y


def _standardized(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    return np.asarray((x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon))


def _layer_normalization(config: Config, weights: list[Array], x: list[Array]) -> Array:
    axes = _axes(config)
    return _scaled(config, weights, _standardized(x[0], axes, config["epsilon"]), axes)


def _group_normalization(config: Config, weights: list[Array], x: list[Array]) -> Array:
    last = np.moveaxis(x[0], config["axis"], -1)
    groups = last.shape[-1] if config["groups"] == -1 else config["groups"]
    parts = last.reshape(len(last), -1, groups, last.shape[-1] // groups)
    y = _standardized(parts, (1, 3), config["epsilon"]).reshape(last.shape)
    return _scaled(config, weights, np.moveaxis(y, -1, config["axis"]), (config["axis"],))


#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Formula] = {
    **PICTURES,
    "AlphaDropout": _handed_on,
    "Average": lambda _, __, x: np.mean(np.stack(np.broadcast_arrays(*level(x))), axis=0),
    "AveragePooling1D": _windows("mean"),
    "AveragePooling2D": _windows("mean"),
    "AveragePooling3D": _windows("mean"),
    "Cropping1D": _cropped,
    "Cropping2D": _cropped,
    "Cropping3D": _cropped,
    "GaussianDropout": _handed_on,
    "GaussianNoise": _handed_on,
    "GlobalAveragePooling1D": _over_places("mean"),
    "GlobalAveragePooling2D": _over_places("mean"),
    "GlobalAveragePooling3D": _over_places("mean"),
    "GlobalMaxPooling1D": _over_places("max"),
    "GlobalMaxPooling2D": _over_places("max"),
    "GlobalMaxPooling3D": _over_places("max"),
    "GroupNormalization": _group_normalization,
    "Identity": _handed_on,
    "LayerNormalization": _layer_normalization,
    "MaxPooling1D": _windows("max"),
    "MaxPooling2D": _windows("max"),
    "MaxPooling3D": _windows("max"),
    "Maximum": _folded(np.maximum),
    "Minimum": _folded(np.minimum),
    "Multiply": _folded(np.multiply),
    "PReLU": _prelu,
    "Permute": lambda config, _, x: x[0].transpose(0, *config["dims"]),
    "ReLU": _rectified,
    "RepeatVector": lambda config, _, x: np.repeat(x[0][:, None], config["n"], axis=1),
    "Softmax": _softmax,
    "SpatialDropout1D": _handed_on,
    "SpatialDropout2D": _handed_on,
    "SpatialDropout3D": _handed_on,
    "Subtract": _folded(np.subtract),
    "UnitNormalization": _unit,
    "UpSampling1D": _larger,
    "UpSampling2D": _larger,
    "UpSampling3D": _larger,
    "ZeroPadding1D": _padded,
    "ZeroPadding2D": _padded,
    "ZeroPadding3D": _padded,
}
