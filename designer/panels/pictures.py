"""Samples as pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from engine.catalogue.sources.base import Field

#: Smaller than this in either direction, numbers are read better than pixels.
SMALLEST = 6


def is_picture(field: Field) -> bool:
    """Whether a field's samples look like pictures: h × w, or h × w × 1, 3 or 4 channels."""
    shape = field.values.shape[1:]
    if field.values.dtype.kind not in "fiub" or len(shape) not in (2, 3):
        return False
    return min(shape[:2]) >= SMALLEST and (len(shape) == 2 or shape[2] in (1, 3, 4))


def picture(values: npt.NDArray[Any], low: float, high: float) -> QImage:
    """One sample as an image.

    Args:
        values: (h, w) or (h, w, channels).
        low: the value drawn black.
        high: the value drawn white.
    """
    finite = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=low, posinf=high, neginf=low)
    scaled = (finite - low) / (high - low) * 255 if high > low else np.zeros_like(finite)
    pixels = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    kind = QImage.Format.Format_Grayscale8
    if pixels.ndim == 3:
        kind = QImage.Format.Format_RGB888 if pixels.shape[2] == 3 else QImage.Format.Format_RGBA8888
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    # QImage only borrows the memory, so it is copied while the array is alive.
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def value_range(values: npt.NDArray[Any]) -> tuple[float, float]:
    """The values that stand for black and white, judged by some samples."""
    if values.size == 0:
        return 0.0, 1.0
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    for top in (1.0, 255.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high
