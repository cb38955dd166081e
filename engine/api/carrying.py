"""States that live on from batch to batch: what a model keeps of them between its calls."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.infer import carriers
from engine.plan.carried import States

if TYPE_CHECKING:
    from engine.api.handle import LayerHandle
    from engine.api.model import Model
    from engine.api.network import Network


def states_of(model: Model) -> States:
    """What the next batch begins with; while ``fit`` goes on, that of the run."""
    return model.carried if model.loop is None else model.loop.plan.carried.copy()


def keep(model: Model, states: States) -> None:
    """Let the next batch begin with these states."""
    model.carried = states
    if model.loop is not None:
        model.loop.plan.carried.load(states)


def reset(model: Network, nodes: Iterable[str] | None = None) -> None:
    """Let stateful layers begin with zeros again, also in the middle of ``fit``.

    Args:
        model: whose layers.
        nodes: owners of the weights of some layers; all layers when left out.
    """
    chosen = set(model.carried) if nodes is None else set(nodes)
    model.carried = {node: states for node, states in model.carried.items() if node not in chosen}
    loop = getattr(model, "loop", None)
    if loop is not None:
        loop.plan.carried.reset(nodes)


def reset_layer(handle: LayerHandle) -> None:
    """Let a layer begin with zeros again, in every model that it is part of.

    Raises:
        UsageError: it keeps no states.
    """
    if not handle.declaration.carries:
        raise UsageError(f"'{handle.name}' keeps no states from batch to batch: it is not stateful.")
    for model in handle.models:
        reset(model, [model.wiring.owners[handle]])


def begin(model: Model, rows: int, shuffle: bool | str) -> None:
    """Look at what a training asks of layers that keep states.

    Raises:
        UsageError: they keep those of batches of another size.
    """
    kept = {len(array) for states in model.carried.values() for array in states.values()}
    if kept - {rows}:
        raise UsageError(
            f"The stateful layer '{next(iter(model.carried))}' keeps states of batches of {max(kept)} rows; now "
            f"batches of {rows} are to come. Call reset_states() first, or keep the batch size."
        )
    keepers = carriers(model.graph)
    if shuffle and keepers:
        warnings.warn(
            f"'{keepers[0]}' is stateful, but fit shuffles the samples: states then go on in rows that "
            "have nothing to do with each other. Give shuffle=False.",
            stacklevel=4,
        )
