"""Layers within layers as Keras keeps them: where their weights lie, and what it cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.time_distributed import TimeDistributed
from engine.component import Component
from engine.exchange.keras_terms import LAYERS, STORES, changed_values, is_known

#: Layers whose weights Keras keeps in a cell within them.
CELLED = frozenset({"GRU", "LSTM", "SimpleRNN"})


def stores_of(layer: Layer) -> Mapping[str, str]:
    """In which folders below a layer its arrays lie, by the beginning of their names."""
    if layer.key == "Bidirectional":
        return {"forward_": "forward_layer/cell", "backward_": "backward_layer/cell"}
    if isinstance(layer, TimeDistributed):
        return {"": "layer/cell" if layer.inner.key in CELLED else "layer"}
    return {"": "cell"} if layer.key in CELLED else STORES.get(layer.key, {})


def inner_obstacle(layer: Component) -> str:
    """Why Keras could not hold a layer that lies within another; empty if it can."""
    if layer.key not in LAYERS or layer.key in ("Bidirectional", "TimeDistributed", *STORES):
        return f"holds a layer of the type {layer.key}, which cannot be written within another"
    changed: dict[str, Any] = changed_values(layer)
    strange = [name for name in changed if name not in LAYERS[layer.key]]
    strange += [name for name, value in changed.items() if isinstance(value, Component) and not is_known(value)]
    if changed.get("padding") == "full":
        strange.append("padding")
    return f"holds {layer.key} with {strange[0]} set to what Keras does not have" if strange else ""
