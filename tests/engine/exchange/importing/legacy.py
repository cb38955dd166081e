"""Models of older versions of Keras, written by hand, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.exchange.importing.importer import Imported, imported
from engine.exchange.importing.reading import Held, Stored
from engine.train.predictor import Predictor

RANDOM = np.random.default_rng(3)


def numbers(*shape: int) -> Any:
    return RANDOM.normal(0, 0.5, shape).astype("f4")


def take(
    model: Any,
    weights: Mapping[str, Mapping[str, Any]] | None = None,
    version: str = "2.2.4",
    backend: str = "tensorflow",
    **more: Any,
) -> Imported:
    """Import a legacy model from its structure and the weights of its layers."""
    arrays: dict[str, Any] = {}
    lists: dict[str, dict[str, Sequence[str]]] = {"model_weights": {"layer_names": list(weights or {})}}
    for layer, named in (weights or {}).items():
        lists[f"model_weights/{layer}"] = {"weight_names": list(named)}
        arrays |= {f"model_weights/{layer}/{name}": values for name, values in named.items()}
    stored = {path: Stored(values.shape, values.dtype) for path, values in arrays.items()}
    texts = {"model_config": json.dumps(model).encode()} | {k: json.dumps(v).encode() for k, v in more.items()}
    named = {"": {"keras_version": version, "backend": backend}}
    return imported(Held(stored, texts, named, lists, lambda paths: {path: arrays[path] for path in paths}), "a.h5")


def sequential(*layers: tuple[str, dict[str, Any]], shape: Sequence[int | None] = (None, 4)) -> Any:
    found = [{"class_name": kind, "config": {"name": f"l{n}", **config}} for n, (kind, config) in enumerate(layers)]
    found[0]["config"]["batch_input_shape"] = list(shape)  # type: ignore[index]
    return {"class_name": "Sequential", "config": {"name": "s", "layers": found}}


def layer_of(found: Imported, name: str = "l0") -> Any:
    return next(node.layer for node in found.project.graph.nodes.values() if node.name == name)


def put_in(found: Imported, x: Any) -> Any:
    """Answers of an imported model with one input."""
    assert found.state is not None
    graph = found.project.graph
    (answers,) = Predictor(graph, found.state.weights, threads=1).predict({graph.inputs[0]: x}).values()
    return answers


def losses(found: Imported) -> list[str]:
    """What was lost besides the settings of a training, which these files do not hold."""
    return [said for said in found.lost if "how to train" not in said]
