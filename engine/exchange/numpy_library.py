"""The functions that exported NumPy networks are made of; their text goes into the exports as it stands here.

They need nothing but numpy and Python 3.9, and are written for people who read them to learn.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from engine.exchange.numpy_steps import gru, lstm, simple_rnn

Array = npt.NDArray[Any]
Sizes = tuple[int, ...]
Padding = tuple[tuple[int, int], ...]


def dense(x: Array, kernel: Array, bias: Array | None) -> Array:
    """Every output is a weighted sum of all inputs, plus a bias of its own."""
    y = x @ kernel
    return y if bias is None else y + bias


def windows(x: Array, size: Sizes, strides: Sizes, dilation: Sizes, padding: Padding, border: float) -> Array:
    """All windows of a size that slide over pictures; a view, so no number is copied but those of the border.

    x: (n, height, width, channels); padding: cells before and after each axis, filled with border.
    Returns (n, windows down, windows across, channels, *size).
    """
    x = np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=border)
    # A window with gaps (dilation) is taken whole first; then only every d-th cell of it is kept.
    reach = tuple((size[axis] - 1) * dilation[axis] + 1 for axis in range(len(size)))
    everywhere = sliding_window_view(x, reach, axis=tuple(range(1, x.ndim - 1)))
    steps = tuple(slice(None, None, step) for step in strides)
    cells = tuple(slice(None, None, gap) for gap in dilation)
    return everywhere[(slice(None), *steps, slice(None), *cells)]


def convolve(
    x: Array, kernel: Array, bias: Array | None, strides: Sizes, dilation: Sizes, padding: Padding, groups: int
) -> Array:
    """Every filter looks through every window: a weighted sum of the window's cells, plus a bias.

    x: (n, height, width, channels); kernel: (*window, channels / groups, filters).

    The windows are written out as the rows of one large table and the filters as the columns of another ("im2col").
    Their matrix product then holds all the sums at once, and matrix products are what processors do best.
    """
    size, filters = kernel.shape[:-2], kernel.shape[-1]
    seen = windows(x, size, strides, dilation, padding, border=0)
    places = seen.shape[: 1 + len(size)]  # (n, windows down, windows across)
    seen = np.moveaxis(seen, len(places), -1)  # now (*places, *size, channels), as the kernel has it
    # Groups share the channels among them: each has filters of its own that see its share only.
    shares, parts = np.split(seen, groups, axis=-1), np.split(kernel, groups, axis=-1)
    terms = kernel.size // filters  # cells of a window times channels of a share
    sums = [shares[i].reshape(-1, terms) @ parts[i].reshape(terms, -1) for i in range(groups)]
    y = np.concatenate(sums, axis=-1).reshape(*places, filters)
    return y if bias is None else y + bias


def convolve_each(
    x: Array, kernel: Array, bias: Array | None, strides: Sizes, dilation: Sizes, padding: Padding
) -> Array:
    """Every channel has filters of its own and is looked at by them alone ("depthwise").

    x: (n, height, width, channels); kernel: (*window, channels, filters of each channel).
    """
    size, (channels, many) = kernel.shape[:-2], kernel.shape[-2:]
    seen = windows(x, size, strides, dilation, padding, border=0)
    places = seen.shape[: 1 + len(size)]  # (n, windows down, windows across)
    seen = seen.reshape(*places, channels, -1)  # the cells of each window in a row
    sums: Array = np.einsum("...ct,tcm->...cm", seen, kernel.reshape(-1, channels, many), optimize=True)
    y = sums.reshape(*places, channels * many)
    return y if bias is None else y + bias


def convolve_back(
    x: Array, kernel: Array, bias: Array | None, strides: Sizes, dilation: Sizes, before: Sizes, size: Sizes
) -> Array:
    """A convolution the other way round: every pixel is spread over the window that it would come from.

    x: (n, height, width, channels); kernel: (*window, filters, channels); before and size: what is kept of all that
    is written, along each axis.
    """
    window, count = kernel.shape[:-2], len(size)
    reach = [(x.shape[1 + a] - 1) * strides[a] for a in range(count)]
    room = [max(reach[a] + (window[a] - 1) * dilation[a] + 1, before[a] + size[a]) for a in range(count)]
    y = np.zeros((len(x), *room, kernel.shape[-2]), x.dtype)
    for cell in np.ndindex(*window):
        first = [cell[a] * dilation[a] for a in range(count)]
        steps = [slice(first[a], first[a] + reach[a] + 1, strides[a]) for a in range(count)]
        y[(slice(None), *steps)] += x @ kernel[cell].T
    y = y[(slice(None), *(slice(before[a], before[a] + size[a]) for a in range(count)))]
    return y if bias is None else y + bias


def max_pool(x: Array, size: Sizes, strides: Sizes, dilation: Sizes, padding: Padding) -> Array:
    """The largest value of every window, each channel for itself; the border never wins."""
    seen = windows(x, size, strides, dilation, padding, border=-math.inf)
    y: Array = np.max(seen, axis=tuple(range(-len(size), 0)))
    return y


def average_pool(x: Array, size: Sizes, strides: Sizes, dilation: Sizes, padding: Padding) -> Array:
    """The mean of every window, each channel for itself; cells of the border do not count."""
    cells = tuple(range(-len(size), 0))
    total = np.sum(windows(x, size, strides, dilation, padding, border=0), axis=cells)
    y: Array = total / np.sum(windows(np.ones_like(x), size, strides, dilation, padding, border=0), axis=cells)
    return y


def enlarge(x: Array, factors: tuple[int, int]) -> Array:
    """Larger pictures: between the middles of neighbouring pixels the values run in straight lines."""
    for axis, factor in ((1, factors[0]), (2, factors[1])):
        size = x.shape[axis]
        place = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
        before = place.astype(int)
        shape = [1] * x.ndim
        shape[axis] = -1
        share = (place - before).astype(x.dtype).reshape(shape)
        behind = np.minimum(before + 1, size - 1)
        x = np.take(x, before, axis) * (1 - share) + np.take(x, behind, axis) * share
    return x


def normalize(
    x: Array, gamma: Array | None, beta: Array | None, mean: Array, variance: Array, epsilon: float, axis: int
) -> Array:
    """Batch normalization with the averages from training: gamma · (x - mean) / √(variance + epsilon) + beta."""
    shape = [1] * x.ndim
    shape[axis] = -1  # the channels lie along this axis; along all others the same numbers serve
    factor = 1 / np.sqrt(variance + epsilon)
    if gamma is not None:
        factor = gamma * factor
    y = (x - mean.reshape(shape)) * factor.reshape(shape)
    return y if beta is None else y + beta.reshape(shape)


def standardize(x: Array, axes: Sizes, epsilon: float) -> Array:
    """Mean 0 and variance 1 along some axes."""
    mean, variance = np.mean(x, axis=axes, keepdims=True), np.var(x, axis=axes, keepdims=True)
    y: Array = (x - mean) / np.sqrt(variance + epsilon)
    return y


def unit(x: Array, axes: Sizes) -> Array:
    """Length 1 along some axes."""
    y: Array = x / np.maximum(np.sqrt(np.sum(x * x, axis=axes, keepdims=True)), 1e-12)
    return y


def erf(x: Array) -> Array:
    """The error function, number by number: numpy itself has none."""
    y: Array = np.vectorize(math.erf, otypes=[np.float32])(x)
    return y


#: What may be asked for, with what it needs itself.
LIBRARY: Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "dense": (dense, ()),
    "windows": (windows, ()),
    "convolve": (convolve, ("windows",)),
    "convolve_each": (convolve_each, ("windows",)),
    "convolve_back": (convolve_back, ()),
    "max_pool": (max_pool, ("windows",)),
    "average_pool": (average_pool, ("windows",)),
    "enlarge": (enlarge, ()),
    "normalize": (normalize, ()),
    "standardize": (standardize, ()),
    "unit": (unit, ()),
    "erf": (erf, ()),
    "simple_rnn": (simple_rnn, ()),
    "lstm": (lstm, ()),
    "gru": (gru, ()),
}


def sources(names: Iterable[str]) -> list[str]:
    """The text of functions and of what they need, in the order of this file."""
    wanted = set(names)
    wanted |= {other for name in wanted for other in LIBRARY[name][1]}
    return [inspect.getsource(function) for name, (function, _) in LIBRARY.items() if name in wanted]
