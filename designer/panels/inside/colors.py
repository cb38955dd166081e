"""Colours of numbers: even steps of lightness, so that equal differences look equal, also to the colour-blind."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from designer.training.tiles import BAD, GAP, MIDDLE, TOP

Array = npt.NDArray[Any]

#: Where numbers are not finite.
NO_NUMBER = (230, 0, 126)
# Oklab to linear red, green and blue (B. Ottosson, 2020): first to the cube roots of three responses of the eye.
_RESPONSES = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]])  # fmt: skip # noqa: E501
_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def colours_of(lightness: Array, chroma: Array, hue: Array) -> Array:
    """Colours on the screen, (n, 3) uint8.

    Args:
        lightness: Oklab's L, 0 (black) to 1 (white).
        chroma: distance from grey.
        hue: angle in degrees.
    """
    angle = np.deg2rad(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)
    linear = np.clip((lab @ _RESPONSES.T) ** 3 @ _LINEAR.T, 0, 1)
    shown = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * shown).astype(np.uint8)


@cache
def heat() -> Array:
    """From nearly black over violet and orange to pale yellow: (TOP + 1, 3) uint8."""
    t = np.linspace(0, 1, TOP + 1)
    hue = np.interp(t, [0, 0.35, 0.7, 1], [285, 345, 410, 460])
    chroma = np.interp(t, [0, 0.2, 0.5, 0.75, 1], [0.02, 0.13, 0.17, 0.16, 0.10])
    return colours_of(0.16 + 0.80 * t, chroma, hue)


@cache
def diverging() -> Array:
    """Blue below zero, white at zero, red above: (TOP + 1, 3) uint8."""
    t = np.arange(TOP + 1) / MIDDLE - 1
    size = np.abs(t)
    # Blue is darker by nature; both ends have the same lightness here, so neither seems to weigh more.
    return colours_of(0.965 - 0.52 * size**1.1, 0.19 * size**0.9, np.where(t < 0, 258.0, 27.0))


@cache
def table(signed: bool) -> Array:
    """Colours by the codes of tiles, as Qt's ``0xAARRGGBB``, (256,) uint32; between tiles nothing is painted."""
    scale = diverging() if signed else heat()
    made = [_opaque(*map(int, rgb)) for rgb in scale]
    made += [_opaque(*NO_NUMBER)] * (BAD + 1 - len(made))
    made += [0] * (GAP + 1 - len(made))
    return np.array(made, np.uint32)


def veil(heat_values: Array) -> Array:
    """A class activation map to be laid over a picture: (h, w, 4) uint8, premultiplied by its opacity.

    Where there is no evidence it lets everything through; the opacity rises with the evidence.

    Args:
        heat_values: (h, w), finite, from 0 to 1.
    """
    clipped = np.clip(heat_values, 0, 1)
    # The dark end of the scale would hide the picture where the map says nothing.
    colours = heat()[np.rint((0.30 + 0.70 * clipped) * TOP).astype(np.int64)].astype(np.float32)
    opacity = np.minimum(1.0, 1.6 * clipped)[..., None].astype(np.float32)
    return np.rint(np.concatenate([colours * opacity, 255 * opacity], axis=-1)).astype(np.uint8)


def _opaque(red: int, green: int, blue: int) -> int:
    return 0xFF000000 | red << 16 | green << 8 | blue
