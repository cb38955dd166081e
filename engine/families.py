"""Nodes that use the same weights, and wires between the same ports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.graph import Edge, Node


def inherited(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """Nodes whose owner is not among them: the first of each such family becomes the owner of its weights."""
    heirs: dict[str, str] = {}
    found: dict[str, Node] = {}
    for key, node in nodes.items():
        heir = heirs.setdefault(node.shares, key) if node.shares and node.shares not in nodes else node.shares
        found[key] = node if heir == node.shares else replace(node, shares="" if heir == key else heir)
    return found


def numbered(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Wires of which equal ones count upwards from 0, so that each is a value of its own."""
    counts: dict[Edge, int] = {}
    found: list[Edge] = []
    for edge in edges:
        plain = edge if edge.repeat == 0 else replace(edge, repeat=0)
        count = counts.get(plain, 0)
        found.append(edge if edge.repeat == count else replace(edge, repeat=count))
        counts[plain] = count + 1
    return tuple(found)
