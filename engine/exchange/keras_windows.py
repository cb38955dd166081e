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


#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Any] = {"Conv1D": _convolution, "Conv2D": _convolution, "Conv3D": _convolution}
