"""Arrays of recurrent layers in files of Keras 1, which had one for every gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.bidirectional import BACKWARD, FORWARD, Bidirectional

#: The gates by their letters, in the order of the files and in that of the columns here.
GATES: Mapping[str, tuple[str, str]] = {"LSTM": ("icfo", "ifco"), "GRU": ("zrh", "zrh")}
#: The letters of the arrays, in the order of the files.
LETTERS = {"kernel": "W", "recurrent_kernel": "U", "bias": "b"}


def gate_names(layer: Layer) -> list[str]:
    """Names of the arrays of a layer in the order of the files; none where it has no gates.

    ``W_i, U_i, b_i, W_c ...``, those that read from the end after those that read forward.
    """
    return [
        f"{prefix}{letter}_{gate}"
        for prefix, half in _halves(layer)
        for gate in GATES[half.key][0]
        for letter in LETTERS.values()
    ]


def gates_of(layer: Layer, weight: str, paths: Sequence[str]) -> list[str]:
    """Where the gates of a weight lie, in the order of its columns.

    Args:
        layer: whose weight.
        weight: its name here.
        paths: of all arrays, in the order of ``gate_names``.
    """
    named = dict(zip(gate_names(layer), paths, strict=True))
    for prefix, half in _halves(layer):
        letter = LETTERS.get(weight.removeprefix(prefix))
        if weight.startswith(prefix) and letter is not None:
            return [named[f"{prefix}{letter}_{gate}"] for gate in GATES[half.key][1]]
    return []


def _halves(layer: Layer) -> list[tuple[str, Layer]]:
    """The layers with gates, and how the names of their arrays begin."""
    if isinstance(layer, Bidirectional):
        found: list[tuple[str, Layer]] = list(zip((FORWARD, BACKWARD), layer.halves, strict=True))
    else:
        found = [("", layer)]
    return found if all(half.key in GATES for _, half in found) else []
