"""What is known of all layers together, and of which layers something else is known after an edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from designer.model.document import Document
from engine.graph import Graph
from engine.infer import Specs
from engine.problems import Problem
from engine.tensor_spec import WeightSpec


class Known(NamedTuple):
    """What cards show that does not lie in their own nodes and wires.

    Attributes:
        outputs, weights: shapes by node.
        severities: by node how bad its worst problem is.
        untrained, frozen: nodes that are marked so.
        kin: letters of layers with the same weights, by the one they are of.
        families: by such a one all of them.
    """

    outputs: Mapping[str, Specs] = {}
    weights: Mapping[str, tuple[WeightSpec, ...]] = {}
    severities: Mapping[str, str] = {}
    untrained: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    kin: Mapping[str, str] = {}
    families: Mapping[str, tuple[str, ...]] = {}


def known_now(document: Document, problems: Mapping[str, Problem], kin: Mapping[str, str]) -> Known:
    """What is known now.

    Args:
        document: of what.
        problems: the worst one of each node.
        kin: letters of layers with the same weights.
    """
    graph, inference = document.project.graph, document.inference
    severities = {key: problem.severity for key, problem in problems.items()}
    families = {owner: graph.family(owner) for owner in graph.lenders}
    return Known(
        inference.outputs, inference.weights, severities, document.untrained, graph.frozen, kin, families
    )  # fmt: skip


def differing(before: Known, now: Known, graph: Graph) -> set[str]:
    """The nodes of a network of which something else is known now; of those that are new, all may be left out."""
    found: set[str] = set()
    for old, new in ((before.outputs, now.outputs), (before.weights, now.weights)):
        if old is not new:
            found.update(key for key in graph.nodes if new.get(key) is not old.get(key))
    severities = before.severities, now.severities
    if severities[0] != severities[1]:
        found.update(
            key for key in {**severities[0], **severities[1]} if severities[0].get(key) != severities[1].get(key)
        )
    found |= before.untrained ^ now.untrained
    found |= before.frozen ^ now.frozen
    if (before.kin, before.families) != (now.kin, now.families):
        found.update(key for known in (before, now) for keys in known.families.values() for key in keys)
    return found
