"""The structure of a model as JSON or YAML, and models made of such texts."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from engine.errors import FileError
from engine.exchange.importing.assembly import assembled
from engine.exchange.importing.structure import outline
from engine.exchange.keras_archive import model_config
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.parcel import Parcel
from engine.exchange.yaml_text import yaml_of
from engine.graph import Graph
from engine.io.graph_json import MOST_NODES, MOST_WIRES, graph_from_json, graph_to_json
from engine.io.section import Section

if TYPE_CHECKING:
    from engine.api.model import Model

#: What tells our own form, which serves where Keras has no counterpart for a layer.
OWN = "layerloom graph"


def structure_of(model: Model) -> dict[str, Any]:
    """The layers and wires of a model: as Keras tells them, or in our own form where Keras cannot."""
    parcel = Parcel(model.name, model.graph, model.require()[1].copy(), {})
    if not obstacles(parcel):
        return model_config(keras_network(parcel), None)
    logic, layout = graph_to_json(model.graph)
    return {"format": OWN, "name": model.name} | logic | {"layout": layout}


def told_graph(told: Any, where: str) -> tuple[Graph, str]:
    """Graph and name of a model from what ``structure_of`` or Keras 1, 2 or 3 tells.

    Raises:
        FileError: it tells no structure.
    """
    if not isinstance(told, dict):
        raise FileError(f"The {where} text tells no model.")
    if told.get("format") == OWN:
        top = Section(told, f"The {where} text")
        nodes, wires = top.items("nodes", MOST_NODES), top.items("wires", MOST_WIRES)
        return graph_from_json(nodes, wires, top.object("layout", {}), []), top.text("name", "model")
    version = str(told.get("keras_version", "3" if "module" in told else "2")).partition(".")[0]
    major = int(version) if version.isdecimal() and len(version) < 4 else 2
    built = assembled(outline(told, major), major)
    if built.lost:
        warnings.warn(" ".join(built.lost), stacklevel=3)
    config = told.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return built.graph, name if isinstance(name, str) and name else "model"


def to_json(model: Model, **options: Any) -> str:
    """The structure as JSON."""
    return json.dumps(structure_of(model), allow_nan=False, **options)


def to_yaml(model: Model) -> str:
    """The structure as YAML."""
    return yaml_of(structure_of(model))
