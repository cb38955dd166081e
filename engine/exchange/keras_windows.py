"""What layers of Keras compute whose windows slide, in plain numpy, for the reader of ``.keras`` archives.

Every kernel cell adds its products to all places at once: slow, but for any number of axes and plain to check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.component import resolved
from engine.exchange.parcel import Array

Config = Mapping[str, Any]


def activated(config: Config, x: Array) -> Array:
    """The layer's activation of x."""
    value: Array = resolved("activation", config["activation"]).value(x)  # type: ignore[attr-defined]
    return value


def finished(config: Config, y: Array, weights: Sequence[Array]) -> Array:
    """Bias, which is the last weight, and activation."""
    return activated(config, y + weights[-1] if config["use_bias"] else y)


def _reaches(config: Config) -> list[int]:
    """Places that windows cover, gaps included."""
    return [(k - 1) * gap + 1 for k, gap in zip(config["kernel_size"], config["dilation_rate"], strict=True)]


def _framed(config: Config, x: Array) -> Array:
    """x with its padding; the odd zero of "same" comes after."""
    rims = []
    for n, reach, s in zip(x.shape[1:-1], _reaches(config), config["strides"], strict=True):
        same = max((-(-n // s) - 1) * s + reach - n, 0)
        sides = {"valid": (0, 0), "causal": (reach - 1, 0), "same": (same // 2, same - same // 2)}
        rims.append(sides[config["padding"]])
    return np.pad(x, [(0, 0), *rims, (0, 0)])


def _seen(config: Config, x: Array) -> Any:
    """Every kernel cell with what it sees of a padded x from all places."""
    counts = [(n - r) // s + 1 for n, r, s in zip(x.shape[1:-1], _reaches(config), config["strides"], strict=True)]
    for cell in np.ndindex(*config["kernel_size"]):
        steps = zip(cell, config["dilation_rate"], config["strides"], counts, strict=True)
        yield cell, x[(slice(None), *(slice(at * gap, at * gap + (n - 1) * s + 1, s) for at, gap, s, n in steps))]


def _convolution(config: Config, weights: list[Array], x: list[Array]) -> Array:
    parts: list[Array] = []
    groups = config["groups"]
    for one, kernel in zip(np.split(_framed(config, x[0]), groups, -1), np.split(weights[0], groups, -1), strict=True):
        parts.append(sum(seen @ kernel[cell] for cell, seen in _seen(config, one)))
    return finished(config, np.concatenate(parts, -1), weights)


def _each_channel(config: Config, kernel: Array, x: Array) -> Array:
    """Every channel with its own filters; their answers are neighbours."""
    found = sum(seen[..., None] * kernel[cell] for cell, seen in _seen(config, _framed(config, x)))
    return np.asarray(found).reshape(*np.shape(found)[:-2], -1)


def _depthwise(config: Config, weights: list[Array], x: list[Array]) -> Array:
    return finished(config, _each_channel(config, weights[0], x[0]), weights)


def _separable(config: Config, weights: list[Array], x: list[Array]) -> Array:
    depthwise, pointwise = weights[:2]
    return finished(config, _each_channel(config, depthwise, x[0]) @ pointwise.reshape(pointwise.shape[-2:]), weights)


def _transposed(config: Config, weights: list[Array], x: list[Array]) -> Array:
    """Every place writes its products into the window that begins at its multiple of the strides."""
    strides, gaps, (kernel, *_) = config["strides"], config["dilation_rate"], weights
    reaches, sizes = _reaches(config), x[0].shape[1:-1]
    cuts = [_kept(config, axis, n) for axis, n in enumerate(sizes)]
    room = [
        max((n - 1) * s + reach, before + size)
        for n, s, reach, (before, size) in zip(sizes, strides, reaches, cuts, strict=True)
    ]
    y = np.zeros((len(x[0]), *room, kernel.shape[-2]), x[0].dtype)
    for cell in np.ndindex(*config["kernel_size"]):
        steps = zip(cell, gaps, strides, sizes, strict=True)
        part = tuple(slice(at * gap, at * gap + (n - 1) * s + 1, s) for at, gap, s, n in steps)
        y[(slice(None), *part)] += x[0] @ kernel[cell].T
    y = y[(slice(None), *(slice(before, before + size) for before, size in cuts))]
    return finished(config, y, weights)


def _kept(config: Config, axis: int, n: int) -> tuple[int, int]:
    """What Keras cuts off before, and how many places it keeps; as its JAX backend pads."""
    reach, s = _reaches(config)[axis], config["strides"][axis]
    more = config["output_padding"] and config["output_padding"][axis]
    if config["padding"] == "valid":
        return 0, (n - 1) * s + reach + (max(s - reach, 0) if more is None else more)
    pad = s + reach - 2 if more is None else reach + reach % 2 - 2 + more
    left = min(-(-pad // 2), reach - 1)
    return reach - 1 - left, (n - 1) * s + 2 - reach + pad


#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Any] = {
    "Conv1D": _convolution,
    "Conv1DTranspose": _transposed,
    "Conv2D": _convolution,
    "Conv2DTranspose": _transposed,
    "Conv3D": _convolution,
    "Conv3DTranspose": _transposed,
    "DepthwiseConv1D": _depthwise,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv1D": _separable,
    "SeparableConv2D": _separable,
}
