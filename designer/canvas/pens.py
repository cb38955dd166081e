"""Pens that many wires are drawn with, made once."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QPen


@lru_cache(maxsize=32)
def pen_of(color: str, width: float) -> QPen:
    """A solid pen.

    Args:
        color: its name, such as ``#a0a0a0``.
        width: in units of the canvas.
    """
    return QPen(QColor(color), width)
