"""How nodes hang together: what wires and families say, whatever the places of the nodes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.graph import Edge, Node

Edges = tuple["Edge", ...]


def entering(nodes: Mapping[str, Node], edges: Iterable[Edge]) -> dict[str, Edges]:
    """By node the wires that end there, in port order."""
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.target, []).append(edge)
    return {
        key: tuple(ends) if len(ends) == 1 else _in_port_order(nodes[key], ends) for key, ends in found.items()
    }  # fmt: skip


def _in_port_order(node: Node, edges: list[Edge]) -> Edges:
    order = [port.name for port in node.layer.inputs]
    return tuple(sorted(edges, key=lambda edge: order.index(edge.target_port)))


def departing(edges: Iterable[Edge]) -> dict[str, Edges]:
    """By node the wires that start there."""
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(edge)
    return {key: tuple(ends) for key, ends in found.items()}


def ordered(nodes: Iterable[str], into: Mapping[str, Edges], out_of: Mapping[str, Edges]) -> tuple[str, ...]:
    """Nodes so that every wire points forward; ties keep the order of insertion, circles are left out."""
    waiting = {key: len(into.get(key, ())) for key in nodes}
    ready = deque(key for key, count in waiting.items() if count == 0)
    done: list[str] = []
    while ready:
        key = ready.popleft()
        done.append(key)
        for edge in out_of.get(key, ()):
            waiting[edge.target] -= 1
            if waiting[edge.target] == 0:
                ready.append(edge.target)
    return tuple(done)


def families(nodes: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    """By owner the nodes that use its weights, itself included."""
    found: dict[str, list[str]] = {}
    for key, node in nodes.items():
        found.setdefault(node.shares or key, []).append(key)
    return {owner: tuple(keys) for owner, keys in found.items()}
