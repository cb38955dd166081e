"""Recurrent layers of Keras in plain numpy, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.exchange.keras_windows import activated
from engine.exchange.parcel import Array

Config = Mapping[str, Any]
States = tuple[Array, ...]


def _gates(config: Config, x: Array) -> Array:
    return activated({"activation": config["recurrent_activation"]}, x)


def _simple(config: Config, weights: Sequence[Array], x: Array, states: States) -> States:
    kernel, recurrent, *bias = weights
    return (activated(config, x @ kernel + states[0] @ recurrent + sum(bias)),)


def _lstm(config: Config, weights: Sequence[Array], x: Array, states: States) -> States:
    kernel, recurrent, *bias = weights
    i, f, g, o = np.split(x @ kernel + states[0] @ recurrent + sum(bias), 4, axis=1)
    c = _gates(config, f) * states[1] + _gates(config, i) * activated(config, g)
    return _gates(config, o) * activated(config, c), c


def _gru(config: Config, weights: Sequence[Array], x: Array, states: States) -> States:
    kernel, recurrent, *bias = weights
    h, units = states[0], config["units"]
    if config["reset_after"]:
        before, behind = bias[0] if bias else (0.0, 0.0)
        inner = h @ recurrent + behind
        sums = x @ kernel + before
        z, r = np.split(_gates(config, sums[:, : 2 * units] + inner[:, : 2 * units]), 2, axis=1)
        new = activated(config, sums[:, 2 * units :] + r * inner[:, 2 * units :])
    else:
        sums = x @ kernel + sum(bias)
        z, r = np.split(_gates(config, sums[:, : 2 * units] + h @ recurrent[:, : 2 * units]), 2, axis=1)
        new = activated(config, sums[:, 2 * units :] + (r * h) @ recurrent[:, 2 * units :])
    return (z * h + (1 - z) * new,)


#: How many states each layer has, and what a step makes of them.
STEPS: Mapping[str, tuple[int, Callable[[Config, Sequence[Array], Array, States], States]]] = {
    "GRU": (1, _gru), "LSTM": (2, _lstm), "SimpleRNN": (1, _simple),
}  # fmt: skip


def through(kind: str, config: Config, weights: Sequence[Array], x: Sequence[Array]) -> list[Array]:
    """Answer and last states of a layer that begins with given states, or with zeros."""
    count, step = STEPS[kind]
    zeros = np.zeros((len(x[0]), config["units"]), x[0].dtype)
    states = tuple(x[1:]) or (zeros,) * count
    told = []
    for now in np.moveaxis(x[0], 1, 0)[:: -1 if config["go_backwards"] else 1]:
        states = step(config, weights, now, states)
        told.append(states[0])
    return [np.stack(told, axis=1) if config["return_sequences"] else states[0], *states]


def _bidirectional(config: Config, weights: list[Array], x: list[Array]) -> list[Array]:
    first = config["layer"]
    other = config.get("backward_layer") or first | {
        "config": first["config"] | {"go_backwards": not first["config"]["go_backwards"]}
    }
    half, cut = 3 if first["config"]["use_bias"] else 2, 1 + STEPS[first["class_name"]][0]
    ours, *states = through(first["class_name"], first["config"], weights[:half], [x[0], *x[1:cut]])
    theirs, *others = through(other["class_name"], other["config"], weights[half:], [x[0], *x[cut:]])
    theirs = theirs[:, ::-1] if first["config"]["return_sequences"] else theirs
    merges: Mapping[Any, Callable[[], list[Array]]] = {
        None: lambda: [ours, theirs],
        "concat": lambda: [np.concatenate([ours, theirs], -1)],
        "sum": lambda: [ours + theirs],
        "mul": lambda: [ours * theirs],
        "ave": lambda: [(ours + theirs) / 2],
    }
    return merges[config["merge_mode"]]() + (states + others if first["config"]["return_state"] else [])


def _layer(kind: str) -> Callable[[Config, list[Array], list[Array]], list[Array]]:
    def compute(config: Config, weights: list[Array], x: list[Array]) -> list[Array]:
        found = through(kind, config, weights, x)
        return found if config["return_state"] else found[:1]

    return compute


#: What each layer computes: (config, weights, inputs) to outputs.
FORMULAS: Mapping[str, Callable[[Config, list[Array], list[Array]], list[Array]]] = {
    **{kind: _layer(kind) for kind in STEPS},
    "Bidirectional": _bidirectional,
}
#: Where arrays stand that do not stand at the layer itself; folders that are not there are left out.
FOLDERS: Mapping[str, tuple[str, ...]] = {
    **{kind: ("cell/",) for kind in STEPS},
    "Bidirectional": ("forward_layer/cell/", "backward_layer/cell/"),
    "TimeDistributed": ("layer/", "layer/cell/"),
}
