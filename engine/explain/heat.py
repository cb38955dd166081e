"""Numbers to pictures: heat over a picture, channels and filters side by side."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError
from engine.tensor_spec import shape_text

Array = npt.NDArray[Any]
#: Red, green and blue from cold to hot; brightness grows all the way, so that grey prints tell it too.
WARM = ((12, 7, 62), (87, 16, 110), (165, 44, 96), (221, 81, 58), (249, 142, 9), (250, 215, 70))
SHADES = 256
TINY = float(np.finfo(np.float32).tiny)


def over(picture: Array, heat: Array, strength: float = 0.5, colours: Any = WARM) -> Array:
    """A picture with heat laid over it; places without heat show the picture alone.

    pixel = picture · (1 - strength · heat) + colour(heat) · strength · heat.

    Args:
        picture: (height, width), or with 1 or 3 colours as a third axis, of any range.
        heat: (h, w) from 0 to 1; it is stretched over the picture.
        strength: from 0 (picture only) to 1 (colour only where it is hottest).
        colours: red, green and blue (0 to 255) in equal steps from cold to hot.

    Returns:
        uint8 (height, width, 3).

    Raises:
        DataError: the arrays are no picture or no heat.
    """
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.ndim != 3 or picture.shape[2] not in (1, 3) or not picture.size:
        raise DataError(f"A picture has 1 or 3 colours; received {shape_text(picture.shape)}.")
    if heat.ndim != 2 or not heat.size:
        raise DataError(f"Heat must be height × width; received {shape_text(heat.shape)}.")
    hot = np.clip(enlarged(heat, picture.shape[0], picture.shape[1]), 0, 1)
    share = (hot * np.float32(min(1.0, max(0.0, strength))))[..., None]
    colour = shades(colours)[np.rint(hot * (SHADES - 1)).astype(np.intp)]
    mixed = brightness(picture) * (255 * (1 - share)) + colour * share
    return np.asarray(np.rint(mixed), np.uint8)


def shades(colours: Any = WARM) -> Array:
    """The colours of 256 degrees of heat, uint8 (256, 3): what a legend shows."""
    stops = np.asarray(colours, np.float32).reshape(-1, 3)
    at, known = np.linspace(0, len(stops) - 1, SHADES), np.arange(len(stops))
    mixed = np.stack([np.interp(at, known, stops[:, band]) for band in range(3)], axis=1)
    return np.rint(mixed).astype(np.uint8)


def brightness(picture: Array) -> Array:
    """Values from 0 to 1 (float32): bytes by 255, what lies between 0 and 1 as it is, all else from least to most."""
    if picture.dtype == np.uint8:
        return picture.astype(np.float32) / np.float32(255)
    values = _finite(picture)
    low, high = float(values.min(initial=0)), float(values.max(initial=1))
    if low < 0 or high > 1:
        low, high = float(values.min()), float(values.max())
        values = (values - np.float32(low)) / np.float32(max(high - low, TINY))
    return values


def enlarged(heat: Array, height: int, width: int) -> Array:
    """Another size by bilinear interpolation (float32); cells are areas, so corners do not stick to corners."""
    values = _finite(heat)
    top, below, down = _between(heat.shape[0], height)
    left, right, across = _between(heat.shape[1], width)
    lines = values[top] * (1 - down)[:, None] + values[below] * down[:, None]
    made: Array = lines[:, left] * (1 - across) + lines[:, right] * across
    return made


def _between(old: int, new: int) -> tuple[Array, Array, Array]:
    """For each new place: the old ones on both sides, and the share of the second."""
    at = np.clip((np.arange(new) + 0.5) * (old / new) - 0.5, 0, old - 1)
    first = at.astype(np.intp)
    return first, np.minimum(first + 1, old - 1), (at - first).astype(np.float32)


def greys(values: Array, shared: bool = False, signed: bool = False) -> Array:
    """Bytes for numbers of any range.

    Args:
        values: (places, ..., channels).
        shared: one scale for all channels, so that weak ones look weak; else each has its own.
        signed: 0 becomes 128 and both directions have one scale; else the least becomes 0.

    Returns:
        uint8 of the same shape; a channel without differences is 0 (128 if ``signed``).
    """
    numbers = _finite(values)
    axes = None if shared else tuple(range(numbers.ndim - 1))
    low, high = numbers.min(axis=axes), numbers.max(axis=axes)
    if signed:
        reach = np.maximum(np.abs(low), np.abs(high))
        factor = np.divide(127, reach, out=np.zeros_like(reach), where=reach > 0)
        return np.asarray(numbers * factor + np.float32(128.5)).astype(np.uint8)
    reach = np.asarray(high - low)
    factor = np.divide(255, reach, out=np.zeros_like(reach), where=reach > 0)
    return np.asarray((numbers - low) * factor + np.float32(0.5)).astype(np.uint8)


def mosaic(
    values: Array, shared: bool = False, signed: bool = False, gap: int = 1, columns: int | None = None
) -> Array:
    """The channels of an activation side by side, left to right and then down.

    Args:
        values: (height, width, channels); (n,) becomes n cells of one pixel each.
        shared: one scale for all channels; else each has its own.
        signed: 0 becomes grey (128).
        gap: pixels of 0 between tiles.
        columns: tiles in a row; by default about as many as rows of pixels look square.

    Returns:
        uint8 (height, width) of the whole.

    Raises:
        DataError: the array has other axes.
    """
    if values.ndim == 1:
        values, gap, shared = values.reshape(1, 1, -1), 0, True
    if values.ndim != 3 or not values.size:
        raise DataError(f"Channels must be height × width × channels; received {shape_text(values.shape)}.")
    height, width, count = values.shape
    across = columns or max(1, ceil(sqrt(count * (height + gap) / (width + gap))))
    return _tiled(greys(values, shared, signed), min(across, count), gap)


def filters(kernel: Array, shared: bool = False, gap: int = 1) -> Array:
    """A convolution's filters: a column for each filter, a row for each incoming channel; 0 is grey (128).

    Args:
        kernel: (height, width, incoming channels, filters).
        shared: one scale for all; else each tile has its own.
        gap: pixels of 0 between tiles.

    Returns:
        uint8 (height, width) of the whole.

    Raises:
        DataError: the array has other axes.
    """
    if kernel.ndim != 4 or not kernel.size:
        raise DataError(f"Filters must be height × width × channels × filters; received {shape_text(kernel.shape)}.")
    height, width, _, count = kernel.shape
    return _tiled(greys(kernel.reshape(height, width, -1), shared, signed=True), count, gap)


def _tiled(tiles: Array, columns: int, gap: int) -> Array:
    """(height, width, count) bytes to one picture."""
    height, width, count = tiles.shape
    rows = ceil(count / columns)
    room = np.zeros((rows * columns, height + gap, width + gap), np.uint8)
    room[:count, :height, :width] = tiles.transpose(2, 0, 1)
    lines = room.reshape(rows, columns, height + gap, width + gap).swapaxes(1, 2)
    whole = lines.reshape(rows * (height + gap), columns * (width + gap))
    return whole[: whole.shape[0] - gap, : whole.shape[1] - gap]


def _finite(values: Array) -> Array:
    """As float32, with 0 for what is not a number or infinite."""
    numbers = np.asarray(values, np.float32)
    if not np.isfinite(numbers.sum(dtype=np.float64)):
        numbers = np.where(np.isfinite(numbers), numbers, np.float32(0))
    return numbers
