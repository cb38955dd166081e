"""Weights of layers that belong to several models: every model computes with arrays of its own, one of them counts.

The model that wrote last is the *home* of a layer. Another model fetches the numbers before it uses them, so models
made of each other's layers always agree, as if they held the same arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from engine.errors import UsageError
from engine.plan.parameters import Parameters

if TYPE_CHECKING:
    from engine.api.handle import LayerHandle
    from engine.api.network import Network

Array = npt.NDArray[Any]


def fetch(model: Network, mine: Parameters) -> None:
    """Bring the weights of a model up to date.

    Args:
        model: who is going to use them.
        mine: its weights.

    Raises:
        UsageError: a layer has weights of other shapes in another model.
    """
    homes: dict[Network, list[LayerHandle]] = {}
    for handle in model.wiring.owners:
        if handle.home is not None and handle.home is not model:
            homes.setdefault(handle.home, []).append(handle)
    for home, lent in homes.items():
        if not home.running and model.seen.get(home) == home.changes:
            continue
        theirs = home.arranged()
        for handle in lent:
            _copy(handle, theirs.of(home.wiring.owners[handle]), mine.of(model.wiring.owners[handle]))
        model.seen[home] = home.changes


def _copy(handle: LayerHandle, source: Mapping[str, Array], target: Mapping[str, Array]) -> None:
    shapes = [{name: array.shape for name, array in arrays.items()} for arrays in (source, target)]
    if shapes[0] != shapes[1]:
        raise UsageError(
            f"The layer '{handle.name}' has weights of other shapes in another model. Make a layer of its own."
        )
    for name, array in source.items():
        target[name][...] = array


def claim(model: Network) -> None:
    """Note that a model has changed weights: what it holds counts from now on."""
    for handle in model.wiring.owners:
        handle.home = model
    model.changes += 1
