"""A run's state as an HDF5 file: weights, optimizer memory, curves, and the graph they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import h5py
import numpy as np
import numpy.typing as npt

from engine.errors import FileError
from engine.graph import Graph
from engine.infer import infer
from engine.io.callbacks_json import callbacks_from_json, callbacks_to_json
from engine.io.graph_json import MOST_NODES, MOST_WIRES, graph_from_json, graph_to_json
from engine.io.hdf5 import Contents, Limits, Stored, opened
from engine.io.image import Image
from engine.io.section import Section
from engine.io.strict_json import dump, parse
from engine.train.state import Arrays, RunHistory, RunState

FORMAT = "layerloom weights"
#: 2 brought metrics, times and ends to the curves, 3 what callbacks remember, 4 the states that layers hand on to the
#: next batch; older files open without them.
VERSION = 4
_NUMBERS = ("seed", "epoch", "batch", "step", "iterations")
_TEXTS = ("optimizer", "epoch_key")
_MOST_SUMS = 4096
_MOST_NAMES = 1000
_MOST_STEPS = 2.0**53
_IMPOSSIBLE = "The weights file is damaged: its curves have an impossible shape."


def state_to_bytes(state: RunState) -> bytes:
    """The HDF5 file of a state; the same state gives the same bytes."""
    return bytes(state_to_image(state))


def state_to_image(state: RunState) -> memoryview:
    """As ``state_to_bytes``, for large states: no thread has to wait while their bytes are moved."""
    image = Image(_room(state))
    with h5py.File(image, "w") as file:
        file.attrs["format"] = np.bytes_(FORMAT)
        file.attrs["version"] = np.int64(VERSION)
        for name in _TEXTS:
            file.attrs[name] = np.bytes_(getattr(state, name).encode("utf-8") or b"\0")
        for name in _NUMBERS:
            file.attrs[name] = np.int64(getattr(state, name))
        logic, layout = graph_to_json(state.graph)
        file["graph"] = _bytes(dump(logic | {"layout": layout}))
        file["sums"] = np.asarray(state.sums, np.float64)
        _write_history(file, state.history)
        _write_arrays(file, "weights", _owned(state.graph, state.weights))
        for slot, arrays in state.slots.items():
            _write_arrays(file, f"slots/{_quoted(slot)}", _owned(state.graph, arrays))
        _write_arrays(file, "carried", state.carried)
        file["callbacks"] = _bytes(callbacks_to_json(state))
        for place, known in enumerate(state.callbacks):
            if known.kept is not None:
                _write_arrays(file, f"kept/{place}", _owned(state.graph, known.kept))
    return image.view()


def _owned(graph: Graph, arrays: Arrays) -> Arrays:
    """Arrays without those that nodes share with an owner."""
    return {key: named for key, named in arrays.items() if key not in graph.nodes or graph.owner(key) == key}


def _lent(graph: Graph, arrays: dict[str, dict[str, npt.NDArray[Any]]]) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """Arrays with those that nodes share with an owner."""
    return {key: arrays[graph.owner(key)] for key in graph.nodes if graph.owner(key) in arrays}


def _room(state: RunState) -> int:
    """About as many bytes as the arrays of a state take."""
    kept = (known.kept for known in state.callbacks if known.kept is not None)
    several = (state.weights, state.carried, *state.slots.values(), *kept)
    groups = [_owned(state.graph, arrays) for arrays in several]
    arrays = sum(array.nbytes for group in groups for named in group.values() for array in named.values())
    return arrays + state.history.steps.nbytes


def _write_history(file: Any, history: RunHistory) -> None:
    names = list(dict.fromkeys(name for logs in history.epochs for name in logs))
    file["history/steps"] = np.asarray(history.steps, np.float64)
    file["history/metrics"] = _bytes(json.dumps(history.metrics).encode())
    file["history/axes"] = np.asarray(history.axes, np.float64)
    file["history/names"] = _bytes(json.dumps(names).encode())
    figures = [[logs.get(name, 0.0) for name in names] for logs in history.epochs]
    given = [[name in logs for name in names] for logs in history.epochs]
    size = (len(history.epochs), len(names))
    file["history/epochs"] = np.asarray(figures, np.float64).reshape(size)
    file["history/given"] = np.asarray(given, np.uint8).reshape(size)
    file["history/ends"] = np.asarray(history.ends, np.float64)
    file["history/running_names"] = _bytes(json.dumps(list(history.running)).encode())
    file["history/running"] = np.asarray(list(history.running.values()), np.float64)


def _write_arrays(file: Any, place: str, arrays: Arrays) -> None:
    file.require_group(place)
    for node, named in arrays.items():
        for name, values in named.items():
            file[f"{place}/{_quoted(node)}/{_quoted(name)}"] = np.ascontiguousarray(values).reshape(values.shape)


def _bytes(data: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


def _quoted(name: str) -> str:
    """A name without slashes and dots, which mean something else in a path."""
    return quote(name, safe=" ").replace(".", "%2E")


def state_from_bytes(image: bytes, limits: Limits | None = None) -> RunState:
    """The state in an HDF5 file.

    Every shape is compared with what the file's own graph infers before anything is allocated.

    Raises:
        FileError: the file is damaged, hostile, newer, or does not fit its own graph.
    """
    with opened(image, limits) as contents:
        numbers = _attributes(contents)
        arrays = dict(contents.arrays)
        graph = _graph(_take(arrays, "graph", "u"))
        sums = _take(arrays, "sums", "f")
        if len(sums.shape) != 1 or sums.shape[0] > _MOST_SUMS:
            raise FileError("The weights file is damaged: its running sums have an impossible shape.")
        told = _take(arrays, "callbacks", "u").read().tobytes() if "callbacks" in arrays else None
        history = _history(arrays, int(contents.attributes["version"]))
        expected = _expected(graph)
        weights: dict[str, dict[str, npt.NDArray[Any]]] = {}
        slots: dict[str, dict[str, dict[str, npt.NDArray[Any]]]] = {}
        kept: dict[str, dict[str, dict[str, npt.NDArray[Any]]]] = {}
        carried: dict[str, dict[str, npt.NDArray[Any]]] = {}
        for path, stored in arrays.items():
            kind, *names = (unquote(part) for part in path.split("/"))
            if kind == "carried" and len(names) == 2:
                _check_carried(stored, names[0], names[1], graph)
                carried.setdefault(names[0], {})[names[1]] = stored.read()
                continue
            if kind == "weights" and len(names) == 2:
                target = weights
            elif kind in ("slots", "kept") and len(names) == 3:
                target = (slots if kind == "slots" else kept).setdefault(names.pop(0), {})
            else:
                raise FileError(f"The weights file is not usable: it holds '{path[:80]}', which belongs to nothing.")
            _check_shape(stored, names[0], names[1], graph, expected)
            target.setdefault(names[0], {})[names[1]] = stored.read()
        _check_complete(weights, expected)
        texts = {name: str(numbers[name]).rstrip("\0") for name in _TEXTS}
        counts = {name: int(numbers[name]) for name in _NUMBERS}
        running = tuple(map(float, sums.read()))
        weights, slots = _lent(graph, weights), {name: _lent(graph, arrays) for name, arrays in slots.items()}
        more = callbacks_from_json(told, {place: _lent(graph, arrays) for place, arrays in kept.items()})
        more |= {"sums": running, "history": history, "carried": carried}
        return RunState(graph, weights, slots, **texts, **counts, **more)  # type: ignore[arg-type]


def _attributes(contents: Contents) -> dict[str, int | float | str]:
    given = contents.attributes
    if given.get("format") != FORMAT:
        raise FileError("The weights file is HDF5, but not one of Layerloom's.")
    version = given.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise FileError(
            f"The weights were written by a newer Layerloom (version {version} of the format; this one knows up to "
            f"{VERSION}). Install the newest Layerloom to open them."
        )
    for name in _NUMBERS:
        value = given.get(name)
        if not isinstance(value, int) or value < (-1 if name == "iterations" else 0):
            raise FileError(f"The weights file is damaged: '{name}' must be a whole number; it is {value!r}.")
    for name in _TEXTS:
        if not isinstance(given.get(name), str):
            raise FileError(f"The weights file is damaged: '{name}' must be a text.")
    return {name: given[name] for name in (*_NUMBERS, *_TEXTS)}


def _take(arrays: dict[str, Stored], path: str, kind: str) -> Stored:
    found = arrays.pop(path, None)
    if found is None or found.dtype.kind != kind:
        raise FileError(f"The weights file is damaged: '{path}' is missing or of the wrong type.")
    return found


def _graph(stored: Stored) -> Graph:
    top = Section(parse(stored.read().tobytes(), "graph"), "The weights file's graph")
    nodes, wires = top.items("nodes", MOST_NODES), top.items("wires", MOST_WIRES)
    return graph_from_json(nodes, wires, top.object("layout", {}), [])


def _history(arrays: dict[str, Stored], version: int) -> RunHistory:
    steps = _take(arrays, "history/steps", "f")
    names, epochs, given = (
        _names(arrays, "names"),
        _take(arrays, "history/epochs", "f"),
        _take(arrays, "history/given", "u"),
    )
    _check_curve(epochs, len(given.shape) == 2 and given.shape == (*epochs.shape[:1], len(names)), len(names))
    if version < 2:
        _check_curve(steps, True, 2)
        return RunHistory(_counted(steps), _logs(epochs, given, names))
    metrics, axes, ends = (
        _names(arrays, "metrics"),
        _take(arrays, "history/axes", "f"),
        _take(arrays, "history/ends", "f"),
    )
    running_names, running = _names(arrays, "running_names"), _take(arrays, "history/running", "f")
    _check_curve(steps, True, 2 + len(metrics))
    _check_curve(axes, axes.shape[0] in (0, steps.shape[0]), 2)
    _check_curve(ends, ends.shape[0] in (0, epochs.shape[0]), 3)
    if running.shape != (len(running_names),):
        raise FileError(_IMPOSSIBLE)
    return RunHistory(
        _counted(steps),
        _logs(epochs, given, names),
        tuple(metrics),
        _numbers(axes),
        _counted(ends),
        dict(zip(running_names, running.read().tolist(), strict=True)),
    )


def _check_curve(stored: Stored, fits: bool, columns: int) -> None:
    if len(stored.shape) != 2 or stored.shape[1] != columns or not fits:
        raise FileError(_IMPOSSIBLE)


def _numbers(stored: Stored) -> npt.NDArray[np.float64]:
    return stored.read().astype(np.float64)


def _counted(stored: Stored) -> npt.NDArray[np.float64]:
    """Rows whose first column counts upwards; whoever thins or searches them relies on that."""
    rows = _numbers(stored)
    counts = rows[:, 0]
    if len(rows) and not (counts[0] >= 0 and counts[-1] <= _MOST_STEPS and (np.diff(counts) > 0).all()):
        raise FileError("The weights file is damaged: the updates of its curves are out of order.")
    return rows


def _logs(epochs: Stored, given: Stored, names: list[str]) -> tuple[dict[str, float], ...]:
    rows = zip(epochs.read().tolist(), given.read().tolist(), strict=True)
    return tuple({name: value for name, value, has in zip(names, row, mask, strict=True) if has} for row, mask in rows)


def _names(arrays: dict[str, Stored], which: str) -> list[str]:
    listed = parse(_take(arrays, f"history/{which}", "u").read().tobytes(), "history")
    usable = isinstance(listed, list) and len(listed) <= _MOST_NAMES and all(isinstance(name, str) for name in listed)
    if not usable or len(set(listed)) < len(listed):
        raise FileError("The weights file is damaged: the names of its curves are unusable.")
    return list(listed)


def _expected(graph: Graph) -> dict[str, dict[str, tuple[int, ...]]]:
    """Shapes by node and weight, for the nodes that can be inferred."""
    inferred = infer(graph)
    return {
        key: {} if graph.owner(key) != key else {spec.name: spec.shape for spec in specs}
        for key, specs in inferred.weights.items()
    }


def _check_shape(
    stored: Stored, node: str, name: str, graph: Graph, expected: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> None:
    told = f"'{name}' of '{node}'"
    if node not in graph.nodes:
        raise FileError(f"The weights file is not usable: {told} belongs to no layer of its graph.")
    if stored.dtype.kind != "f" or stored.dtype.itemsize not in (4, 8):
        raise FileError(
            f"The weights file is not usable: {told} is of type {stored.dtype} instead of float32 or float64."
        )
    # Behind a layer that is not known here nothing can be inferred; the walker's budget bounds those.
    wanted = expected.get(node)
    if wanted is not None and wanted.get(name) != stored.shape:
        raise FileError(
            f"The weights file is not usable: {told} has the shape {stored.shape}, "
            f"but its layer needs {wanted.get(name, 'no such weight')}."
        )


def _check_carried(stored: Stored, node: str, name: str, graph: Graph) -> None:
    """Rows of numbers of a layer that hands states on; what does not fit its shapes is left when a run begins."""
    usable = stored.dtype.kind == "f" and stored.dtype.itemsize in (4, 8) and len(stored.shape) > 1
    if not usable or node not in graph.nodes or not graph.nodes[node].layer.carries:
        raise FileError(
            f"The weights file is not usable: its state '{name[:80]}' of '{node[:80]}' belongs to no layer."
        )


def _check_complete(weights: Arrays, expected: Mapping[str, Mapping[str, tuple[int, ...]]]) -> None:
    for node, names in expected.items():
        for name in names:
            # A layer without any weights is untrained, as in a model whose import could not carry them.
            if node in weights and name not in weights[node]:
                raise FileError(f"The weights file is not usable: '{name}' of '{node}' is missing.")
