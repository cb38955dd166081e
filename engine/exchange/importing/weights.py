"""Weights from the file into the nodes, with every shape compared before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.missing import Missing
from engine.data.files import size_text
from engine.errors import FileError, LayerloomError
from engine.exchange.importing.assembly import Assembled
from engine.exchange.importing.gates import gate_names, gates_of
from engine.exchange.importing.outline import Told, shown
from engine.exchange.importing.reading import Held
from engine.exchange.importing.shelves import Shelves
from engine.graph import Node
from engine.infer import infer
from engine.tensor_spec import TensorSpec, WeightSpec

Array = npt.NDArray[Any]
#: The most bytes of all weights together.
BUDGET = 4 * 2**30


class Wanted(NamedTuple):
    """One array that will be read.

    Attributes:
        path: where it lies.
        name: the weight's name.
        turn: axes in order, for kernels that Keras 1 kept otherwise; those left out have size 1.
        flip: whether the kernel is turned upside down, as Theano's are.
        picture: (height, width, channels) of a row whose numbers lie in another order; or nothing.
        further: where its other columns lie, if the file keeps them apart.
    """

    path: str
    name: str
    turn: tuple[int, ...] = ()
    flip: bool = False
    picture: tuple[int, ...] = ()
    further: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Everywhere that it lies."""
        return (self.path, *self.further)


def fetched(
    held: Held, built: Assembled, layers: Iterable[Told], major: int, backend: str, lost: list[str]
) -> dict[str, dict[str, Array]]:
    """The weights of every node whose file has fitting ones; the others are told in ``lost``.

    Raises:
        FileError: the file is damaged, or the weights are too large together.
    """
    shelves = Shelves(held, layers)
    plans = _plans(held, built, shelves, major, backend, lost)
    places = [path for group in plans.values() for wanted in group for path in wanted.paths]
    paths = list(dict.fromkeys(places))
    total = sum(4 * prod(held.arrays[path].shape) for path in places)
    if total > BUDGET:
        raise FileError(f"The weights take {size_text(total)}; at most {size_text(BUDGET)} can be opened.")
    arrays = held.fetch(paths)
    found = {
        node: {wanted.name: _turned(_joined(arrays, wanted), wanted) for wanted in group}
        for node, group in plans.items()
    }
    for node, named in found.items():
        if not all(np.isfinite(values).all() for values in named.values()):
            lost.append(f"The weights of '{_name(built, node)}' hold values that are no numbers (NaN or infinite).")
    owners = {node: built.graph.owner(node) for node in built.told}
    return {node: found[owner] for node, owner in owners.items() if owner in found}


def _plans(
    held: Held, built: Assembled, shelves: Shelves, major: int, backend: str, lost: list[str]
) -> dict[str, list[Wanted]]:
    inference = infer(built.graph)
    plans: dict[str, list[Wanted]] = {}
    for node, told in built.told.items():
        if built.graph.owner(node) != node:
            continue
        known = inference.weights.get(node)
        specs = known if known is not None else _guessed(built.graph.nodes[node])
        if not specs:
            continue
        names = [spec.name for spec in specs]
        layer = built.graph.nodes[node].layer
        paths = shelves.paths(told, names)
        further: list[tuple[str, ...]] = [()] * len(names)
        if paths is None and (apart := shelves.paths(told, gate_names(layer))):
            paths, further = _gates(layer, names, apart)
        if paths is None:
            lost.append(f"The file holds no weights for '{_name(built, node)}', which stays untrained.")
            continue
        picture: tuple[int, ...] = ()
        if node in built.shuffled:
            entering = inference.inputs.get(built.shuffled[node])
            if known is None or not entering:
                lost.append(f"The weights of '{_name(built, node)}' cannot be turned, so it stays untrained.")
                continue
            picture = entering[0].sizes
        group = [
            _wanted(path, spec, held.arrays[path].shape, told, major, backend, picture)._replace(further=more)
            for path, spec, more in zip(paths, specs, further, strict=True)
        ]
        fault = _fault(held, group, specs, known is not None)
        if fault:
            lost.append(f"The weights of '{_name(built, node)}' do not fit: {fault}. It stays untrained.")
        else:
            plans[node] = group
    return plans


def _gates(layer: Layer, names: Iterable[str], apart: list[str]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Where the first gate of every weight lies, and where its others do."""
    found = [gates_of(layer, name, apart) for name in names]
    return [first for first, *_ in found], [tuple(more) for _, *more in found]


def _joined(arrays: Mapping[str, Array], wanted: Wanted) -> Array:
    """All columns side by side."""
    parts = [arrays[path] for path in wanted.paths]
    return np.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]


def _guessed(node: Node) -> tuple[WeightSpec, ...]:
    """The weights of a layer behind one that is not known: names and numbers of axes only."""
    if isinstance(node.layer, Missing):
        return ()
    for shape in ((8,), (64, 64, 64 * getattr(node.layer, "groups", 1))):
        try:
            return node.layer.weights(node.layer.infer((TensorSpec(shape),)) and (TensorSpec(shape),))
        except LayerloomError:
            continue
    return ()


#: Convolutions whose kernels Theano turned upside down.
FLIPPED = frozenset({"Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D"})
#: Kernels of Keras 1 as (*window, in, out), or the axes in which they were kept, by kind and data format.
TURNS: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("Conv2D", "channels_first"): (2, 3, 1, 0),
    ("Conv3D", "channels_first"): (2, 3, 4, 1, 0),
    ("Conv2DTranspose", "channels_first"): (2, 3, 0, 1),
    ("Conv2DTranspose", "channels_last"): (0, 1, 3, 2),
}


def _wanted(
    path: str, spec: WeightSpec, stored: tuple[int, ...], told: Told, major: int, backend: str, picture: tuple[int, ...]
) -> Wanted:
    if spec.name != "kernel":
        return Wanted(path, spec.name, picture=picture)
    turn: tuple[int, ...] = ()
    if major == 1:
        turn = TURNS.get((told.kind, told.settings.get("data_format") or "channels_last"), ())
    if major == 1 and told.kind == "Conv1D" and len(stored) == 4:
        # An axis of size 1 made pictures of sequences; before 1.1 it was the last one.
        turn = (0, 2, 3) if (stored[0], stored[1], stored[3]) == (spec.shape[0], 1, spec.shape[2]) else (2, 1, 0)
    return Wanted(path, spec.name, turn, backend == "theano" and told.kind in FLIPPED, picture)


def _fault(held: Held, group: list[Wanted], specs: tuple[WeightSpec, ...], sure: bool) -> str:
    for wanted, spec in zip(group, specs, strict=True):
        several = [held.arrays[path] for path in wanted.paths]
        stored = several[0]
        if any(part.dtype is None for part in several):
            return f"{spec.name} holds no real numbers"
        shape = stored.shape
        if len(several) > 1 and shape:
            if any(len(part.shape) != len(shape) or part.shape[:-1] != shape[:-1] for part in several):
                return f"the gates of {spec.name} have different shapes in the file"
            shape = (*shape[:-1], sum(part.shape[-1] for part in several))
        if wanted.turn and max(wanted.turn) < len(shape) and prod(shape) == prod(shape[axis] for axis in wanted.turn):
            shape = tuple(shape[axis] for axis in wanted.turn)
        if (shape != spec.shape) if sure else (len(shape) != len(spec.shape)):
            return f"{spec.name} is {_text(stored.shape)} in the file, but the layer needs {_text(spec.shape)}"
    return ""


def _text(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"


def _turned(values: Array, wanted: Wanted) -> Array:
    if wanted.turn:
        gone = tuple(axis for axis in range(values.ndim) if axis not in wanted.turn)
        values = values.squeeze(gone).transpose(np.argsort(np.argsort(wanted.turn)))
    if wanted.flip:
        values = values[(slice(None, None, -1),) * (values.ndim - 2)]
    if wanted.picture:
        # The file's rows run through channels, height, width; here they run through height, width, channels.
        height, width, channels = wanted.picture
        rest = values.shape[1:]
        if values.shape[0] == height * width * channels:
            order = (1, 2, 0, *range(3, 3 + len(rest)))
            values = values.reshape(channels, height, width, *rest).transpose(order).reshape(values.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(values, np.float32).reshape(values.shape)


def _name(built: Assembled, node: str) -> str:
    return shown(built.graph.nodes[node].name)
