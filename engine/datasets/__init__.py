"""Data sets as in Keras; those shipped with the program need no network."""

from __future__ import annotations

from engine.datasets import mnist

__all__ = ["mnist"]
