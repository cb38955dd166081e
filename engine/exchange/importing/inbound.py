"""How configurations name what enters a layer: three generations of one idea."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.errors import FileError

MOST_WIRES = 100_000
_TENSOR = "__keras_tensor__"


class Reference(NamedTuple):
    """One output tensor of one use of a layer."""

    layer: str
    node: int
    tensor: int


def references(value: Any) -> list[Reference]:
    """The ends of a model: ``["in", 0, 0]``, a list of such, or an object of such.

    Raises:
        FileError: it is none of these.
    """
    found = list(_listed(value, 0))
    if not found:
        raise FileError("The model's structure is not usable: it does not say what enters and what leaves it.")
    return found


def arguments(value: Any) -> list[list[Reference]]:
    """What enters each use of a layer, from its ``inbound_nodes``.

    Raises:
        FileError: it is in no known dialect.
    """
    if not isinstance(value, list):
        raise _odd()
    calls = []
    for node in value:
        # Keras 3: {"args": [...], "kwargs": {...}}; before: [["name", 0, 0, {...}], ...].
        found = list(_tensors(node, 0)) if isinstance(node, dict) else list(_listed(node, 0))
        if len(found) > MOST_WIRES:
            raise _odd()
        calls.append(found)
    return calls


def _listed(value: Any, depth: int) -> Iterator[Reference]:
    if depth > 8:
        raise _odd()
    if isinstance(value, dict):
        for item in value.values():
            yield from _listed(item, depth + 1)
    elif isinstance(value, list):
        if value and isinstance(value[0], str):
            yield _reference(value)
            if len(value) > 3:
                yield from _more(value[3])
        else:
            for item in value:
                yield from _listed(item, depth + 1)
    elif value is not None:
        raise _odd()


def _more(value: Any) -> Iterator[Reference]:
    """Tensors among the keyword arguments of Keras 2, which stand there as ``["name", 0, 0]``."""
    if isinstance(value, dict):
        for item in value.values():
            if isinstance(item, list) and len(item) >= 3 and isinstance(item[0], str) and type(item[1]) is int:
                yield _reference(item)


def _tensors(value: Any, depth: int) -> Iterator[Reference]:
    if depth > 32:
        raise _odd()
    if isinstance(value, dict):
        if value.get("class_name") == _TENSOR:
            config = value.get("config")
            yield _reference(config.get("keras_history") if isinstance(config, dict) else None)
        else:
            for item in value.values():
                yield from _tensors(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _tensors(item, depth + 1)


def _reference(value: Any) -> Reference:
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], str):
        raise _odd()
    node, tensor = value[1], value[2]
    if type(node) is not int or type(tensor) is not int or not 0 <= node < 10_000 or not 0 <= tensor < 1000:
        raise _odd()
    return Reference(value[0], node, tensor)


def _odd() -> FileError:
    return FileError("The model's structure is not usable: what enters one of its layers is told in an unknown way.")
