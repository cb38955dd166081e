"""Which layers would begin with fresh weights although something was learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.tensor_spec import WeightSpec
from engine.train.state import Arrays

#: Shapes of weights by node id and weight name.
Shapes = Mapping[str, Mapping[str, tuple[int, ...]]]


def shapes_of_arrays(weights: Arrays) -> Shapes:
    """The shapes of what was learnt."""
    return {node: {name: array.shape for name, array in own.items()} for node, own in weights.items()}


def shapes_of_specs(specs: Mapping[str, Sequence[WeightSpec]]) -> Shapes:
    """The shapes a network asks for."""
    return {node: {spec.name: spec.shape for spec in own} for node, own in specs.items()}


def untrained(wanted: Shapes, learnt: Shapes | None) -> frozenset[str]:
    """Nodes with at least one weight for which nothing was learnt under this node, name and shape.

    Args:
        wanted: what the network asks for.
        learnt: what is known from a run; ``None`` when nothing was trained yet, and then no node is told apart.
    """
    if learnt is None:
        return frozenset()
    return frozenset(
        node
        for node, own in wanted.items()
        if any(learnt.get(node, {}).get(name) != tuple(shape) for name, shape in own.items())
    )
