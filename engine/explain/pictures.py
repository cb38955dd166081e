"""Pictures from outside as samples that a network takes."""

from __future__ import annotations

from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.data.picture import read_bytes
from engine.errors import DataError
from engine.tensor_spec import TensorSpec, shape_text

Array = npt.NDArray[Any]
#: Of its field, how much a centred drawing fills: 20 of 28 pixels, as in MNIST.
FILLED = 20 / 28
#: What is darker (after turning it light on dark) counts as paper, of 1.
INK = 0.15


def sample_of_picture(
    source: Array | Path | str, spec: TensorSpec, invert: bool | None = None, centred: bool = False
) -> Array:
    """A picture in the shape and range that an Input expects.

    It is turned into grey or colours (transparent places become white), scaled to the Input's size by
    averaging, and its bytes are divided by 255.

    Args:
        source: a picture file, or bytes (height, width) or (height, width, 1, 3 or 4 colours).
        spec: the Input's shape: height × width × colours, height × width, or all pixels in a row.
        invert: light becomes dark; ``None`` does so only for centred drawings with a light border.
        centred: normalize a drawing as MNIST did: cut it out, fit it into 20 of 28 pixels, put its centre of
            mass into the middle. Only for grey.

    Returns:
        float32 of the Input's shape, from 0 to 1.

    Raises:
        FileError: the file is no picture, damaged or too large.
        DataError: the bytes are no picture, or the Input does not take pictures.
    """
    height, width, colours = _frame(spec)
    if centred and colours != 1:
        raise DataError(f"Only grey drawings can be centred, but the Input takes {colours} colours. Turn it off.")
    if isinstance(source, Path | str):
        pixels: Array = read_bytes(Path(source), "RGBA", None if centred else (width, height))
    else:
        pixels = _checked(np.asarray(source))
    picture = _coloured(pixels, colours)
    if invert or (invert is None and centred and _light_border(picture)):
        picture = _inverted(picture)
    made = _centred(picture, height, width) if centred else _scaled(picture, height, width)
    return made.reshape(spec.sizes)


def _frame(spec: TensorSpec) -> tuple[int, int, int]:
    """Height, width and colours of the pictures that an Input takes."""
    if not spec.known:
        raise DataError(f"The Input's size must be known to make a sample of a picture; it is {spec}.")
    sizes = spec.sizes
    if len(sizes) == 3 and sizes[2] in (1, 3, 4):
        return sizes[0], sizes[1], sizes[2]
    if len(sizes) == 2:
        return sizes[0], sizes[1], 1
    if len(sizes) == 1:
        for colours in (1, 3):
            side = isqrt(sizes[0] // colours)
            if side > 1 and side * side * colours == sizes[0]:
                return side, side, colours
    raise DataError(f"A picture has height × width and 1, 3 or 4 colours, but the Input takes {spec}.")


def _checked(pixels: Array) -> Array:
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or not pixels.size:
        raise DataError(
            f"A picture must be bytes (uint8) of height × width or height × width × colours; received {pixels.dtype} "
            f"of {shape_text(pixels.shape)}."
        )
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] not in (1, 3, 4):
        raise DataError(f"A picture has 1, 3 or 4 colours; received {pixels.shape[2]}.")
    return pixels


def _coloured(pixels: Array, colours: int) -> Array:
    """Bytes (height, width, colours) in the wanted number of colours."""
    if pixels.shape[2] == colours:
        return pixels
    if colours == 4:
        solid = np.full((*pixels.shape[:2], 1), 255, np.uint8)
        return np.concatenate((np.broadcast_to(pixels, (*pixels.shape[:2], 3)), solid), axis=2)
    if pixels.shape[2] == 4:
        if not (pixels[..., 3] == 255).all():
            pixels = np.asarray(_on_white(pixels))
        pixels = pixels[..., :3]
    if colours == 1 and pixels.shape[2] == 3:
        return np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).convert("L"))[..., None]
    made: Array = np.broadcast_to(pixels, (*pixels.shape[:2], colours))
    return made


def _on_white(pixels: Array) -> Array:
    share = pixels[..., 3:].astype(np.float32) / np.float32(255)
    return np.asarray(np.rint(pixels[..., :3] * share + 255 * (1 - share)), np.uint8)


def _inverted(picture: Array) -> Array:
    """Light for dark; how solid it is stays."""
    if picture.shape[2] < 4:
        return np.asarray(255 - picture)
    return np.concatenate((255 - picture[..., :3], picture[..., 3:]), axis=2)


def _light_border(picture: Array) -> bool:
    """Whether most of the border is light, as paper is."""
    border = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return float(np.median(np.concatenate([part.reshape(-1) for part in border]))) > 127


def _scaled(picture: Array, height: int, width: int) -> Array:
    """float32 (height, width, colours) from 0 to 1; shrinking averages over all that is covered."""
    if picture.shape[:2] == (height, width):
        return picture.astype(np.float32) / np.float32(255)
    bands = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., band])).resize((width, height), Image.Resampling.BILINEAR)
        )
        for band in range(picture.shape[2])
    ]
    return np.stack(bands, axis=2).astype(np.float32) / np.float32(255)


def _centred(picture: Array, height: int, width: int) -> Array:
    """A light drawing on dark ground in MNIST's manner: (height, width, 1); nothing drawn stays empty."""
    field = np.zeros((height, width, 1), np.float32)
    ink = picture[..., 0] > INK * 255
    if not ink.any():
        return field
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    drawn = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = min(height * FILLED / drawn.shape[0], width * FILLED / drawn.shape[1])
    tall, wide = (max(1, round(size * factor)) for size in drawn.shape[:2])
    small = _scaled(drawn, tall, wide)
    total = float(small.sum()) or 1.0
    # The middle lies between the two middle pixels of an even size; drawings never leave the field.
    middle_y = float((small.sum(axis=(1, 2)) * (np.arange(tall) + 0.5)).sum()) / total
    middle_x = float((small.sum(axis=(0, 2)) * (np.arange(wide) + 0.5)).sum()) / total
    top = min(max(0, round(height / 2 - middle_y)), height - tall)
    left = min(max(0, round(width / 2 - middle_x)), width - wide)
    field[top : top + tall, left : left + wide] = small
    return field
