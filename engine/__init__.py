"""Layerloom's engine: networks, training and files, without a window.

``from engine import Sequential, Model, Input, load_model`` gives what Keras users know; the
names are looked up when first used, so that importing a small part stays quick.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
_PUBLIC = {
    "Sequential": "engine.models",
    "Model": "engine.models",
    "load_model": "engine.models",
    "Input": "engine.layers",
}
__all__ = ["Input", "Model", "Sequential", "load_model"]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'engine' has no attribute '{name}'")
