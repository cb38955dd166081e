"""Weights of layers that belong to several models: every model computes with arrays of its own, one of them counts.

The model that wrote last is the *home* of a layer. Another model fetches the numbers before it uses them, so models
made of each other's layers always agree, as if they held the same arrays. A layer does not keep its models alive: one
that goes leaves the numbers of which it was the home to the layer, and the next model that needs them takes them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from engine.api.estate import Estate
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
    _inherit(model, mine)
    homes: dict[Network, list[LayerHandle]] = {}
    for handle in model.wiring.owners:
        home = handle.home
        if home is not None and home is not model:
            homes.setdefault(home, []).append(handle)
    for home, lent in homes.items():
        if not home.running and model.seen.get(home) == home.changes:
            continue
        theirs = home.arranged()
        for handle in lent:
            _copy(handle, theirs.of(home.wiring.owners[handle]), mine.of(model.wiring.owners[handle]))
        model.seen[home] = home.changes


def _inherit(model: Network, mine: Parameters) -> None:
    """Become the home of layers whose last home is gone."""
    left = [(handle, handle.estate) for handle in model.wiring.owners if handle.estate is not None]
    for handle, estate in left:
        _copy(handle, estate.arrays, mine.of(model.wiring.owners[handle]))
    for handle, _ in left:
        handle.home = model
    model.changes += bool(left)


def bequeath(model: Network) -> None:
    """Leave to the layers of a model that is going what they need to live on."""
    parameters, inference = model.laid_out, model.inference
    for handle, node in model.wiring.owners.items():
        estate = None
        if parameters is not None and inference is not None and parameters.knows(node):
            specs = inference.weights.get(node, ())
            # Views: for layers that go with the model nothing is copied.
            estate = Estate(parameters.of(node), specs) if specs else None
        handle.survive(model, estate)


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
