"""Weights read from files: of ours, and of Keras 1, 2 and 3."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.api import lending
from engine.errors import FileError, UsageError
from engine.exchange.importing.outline import Told, snake
from engine.exchange.importing.reading import Held, reading
from engine.exchange.importing.shelves import LEGACY, Shelves
from engine.io import load_project
from engine.tensor_spec import WeightSpec

if TYPE_CHECKING:
    from engine.api.model import Model

Array = npt.NDArray[Any]
ENDINGS = (".h5", ".hdf5", ".keras")


def load_weights(model: Model, path: Path, by_name: bool, skip_mismatch: bool) -> None:
    """Replace the weights of a model; everything is checked before anything changes.

    Args:
        model: whose.
        path: ``.weights.h5``, ``.h5`` (weights or a whole model), ``.keras``, or a project folder.
        by_name: take only layers of the same name, instead of all in their order.
        skip_mismatch: leave layers as they are whose weights do not fit.

    Raises:
        FileError: the file is damaged or no file of weights.
        UsageError: it does not fit the model.
    """
    _, parameters = model.require()
    specs = _wanted(model)
    if path.suffix.lower() in ENDINGS:
        with reading(path) as held:
            found = _from_keras(held, model, specs, by_name, skip_mismatch)
    else:
        state = load_project(path).state
        if state is None:
            raise FileError(f"'{path.name}' holds a network without trained weights.")
        found = {node: dict(state.weights[node]) for node in specs if node in state.weights}
        _compare(found, specs, skip_mismatch)
    if not found:
        raise UsageError(f"'{path.name}' holds weights of none of the model's layers ({', '.join(specs)}).")
    parameters.load(found)
    lending.claim(model)


def _wanted(model: Model) -> dict[str, list[WeightSpec]]:
    """The weights of every layer in Keras's order: trainable ones first."""
    weights = model.shapes().weights
    nodes = [key for key in model.graph.order if weights.get(key) and not model.graph.nodes[key].shares]
    return {key: sorted(weights[key], key=lambda spec: not spec.trainable) for key in nodes}


def _from_keras(
    held: Held, model: Model, specs: Mapping[str, Sequence[WeightSpec]], by_name: bool, skip: bool
) -> dict[str, dict[str, Array]]:
    held = _rooted(held)
    order = held.lists.get(LEGACY, {}).get("layer_names")
    counts: dict[str, int] = {}
    told: dict[str, Told] = {}
    for key in model.graph.order:
        kind = snake(model.graph.nodes[key].layer.key)
        place = ("", kind, counts.get(kind, 0))
        counts[kind] = place[2] + 1
        told[key] = Told(key, key, model.graph.nodes[key].layer.key, {}, {}, key, place)
    if order is not None and not by_name:
        filled = [name for name in order if held.lists.get(f"{LEGACY}/{name}", {}).get("weight_names")]
        if len(filled) != len(specs):
            raise UsageError(
                f"The file holds weights of {len(filled)} layers, but the model has {len(specs)} with weights "
                f"({', '.join(specs)}). Load them with by_name=True, or into the network they belong to."
            )
        for key, name in zip(specs, filled, strict=True):
            told[key] = replace(told[key], own=name, name=name, group=name)
    shelves = Shelves(held, told.values())
    paths: dict[str, list[str]] = {}
    for key, wanted in specs.items():
        if by_name and order is not None and key not in order:
            continue
        found = shelves.paths(told[key], [spec.name for spec in wanted])
        if found is not None:
            paths[key] = found
        elif not by_name and not skip:
            raise UsageError(f"The file holds no fitting weights for '{key}' ({len(wanted)} arrays).")
    shapes = {
        key: {spec.name: held.arrays[path] for spec, path in zip(specs[key], listed, strict=True)}
        for key, listed in paths.items()
    }
    _compare(shapes, specs, skip)
    arrays = held.fetch([path for key in shapes for path in paths[key]])
    return {key: {spec.name: arrays[path] for spec, path in zip(specs[key], paths[key], strict=True)} for key in shapes}


def _compare(found: dict[str, Any], specs: Mapping[str, Sequence[WeightSpec]], skip: bool) -> None:
    """Refuse what has another shape, or take it out of ``found``."""
    for key in list(found):
        for spec in specs[key]:
            shape = tuple(found[key][spec.name].shape) if spec.name in found[key] else None
            if shape == spec.shape and getattr(found[key][spec.name], "dtype", np.dtype("f4")) is not None:
                continue
            text = f"'{key}': {spec.name} has the shape {spec.shape}; the file has {shape or 'none'}."
            if not skip:
                raise UsageError(f"{text} Load with skip_mismatch=True to leave such layers as they are.")
            warnings.warn(f"{text} The layer keeps its weights.", stacklevel=4)
            del found[key]
            break


def _rooted(held: Held) -> Held:
    """A file of weights alone, read like a whole model: what lies at its root comes below one group."""
    if "layer_names" not in held.lists.get("", {}):
        return held
    return replace(
        held,
        arrays={f"{LEGACY}/{path}": stored for path, stored in held.arrays.items()},
        lists={f"{LEGACY}/{group}".rstrip("/"): lists for group, lists in held.lists.items()},
        fetch=lambda paths: _renamed(held, paths),
    )


def _renamed(held: Held, paths: Sequence[str]) -> dict[str, Array]:
    plain = [path.removeprefix(f"{LEGACY}/") for path in paths]
    arrays = held.fetch(plain)
    return {path: arrays[name] for path, name in zip(paths, plain, strict=True)}
