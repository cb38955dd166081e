"""Models as in Keras: ``Sequential``, ``Model``, ``load_model``."""

from __future__ import annotations

from engine.api.loading import load_model, model_from_json, model_from_yaml
from engine.api.model import Model
from engine.api.sequential import Sequential

__all__ = ["Model", "Sequential", "load_model", "model_from_json", "model_from_yaml"]
