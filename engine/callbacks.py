"""Callbacks as in Keras: hooks that ``fit`` calls."""

from __future__ import annotations

from engine.api.callback import Callback, History

__all__ = ["Callback", "History"]
