"""Places on the canvas: layer below layer, branches side by side, long wires beside what they pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.graph import NODE_ASIDE, Graph, Position
from engine.infer import NODE_STEP

#: The most places that are kept free for wires that pass; beyond, wires may run behind layers.
MOST_PASSING = 4000
SWEEPS = 4


def positions(graph: Graph) -> dict[str, Position]:
    """A place for every node of a graph."""
    rows, above, below = _rows(graph)
    across: dict[str, float] = {}
    for row in rows:
        across |= _across(row)
    for sweep in range(SWEEPS):
        neighbours, order = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        for row in order:
            _sort(row, neighbours, across)
            across |= _across(row)
    return {
        key: (round(across[key] * NODE_ASIDE, 1), NODE_STEP * place)
        for place, row in enumerate(rows)
        for key in row
        if key in graph.nodes
    }


def _rows(graph: Graph) -> tuple[list[list[str]], Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Keys by depth, with place holders where a wire passes; and each key's neighbours above and below."""
    depth = _depths(graph)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in graph.order:
        rows[depth[key]].append(key)
    passing = sum(depth[e.target] - depth[e.source] - 1 for e in graph.edges)
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for number, edge in enumerate(graph.edges):
        before = edge.source
        for level in range(depth[edge.source] + 1, depth[edge.target]) if passing <= MOST_PASSING else ():
            key = f"\0{number} {level}"  # no node's name: those are printable
            rows[level].append(key)
            above.setdefault(key, []).append(before)
            below.setdefault(before, []).append(key)
            before = key
        above.setdefault(edge.target, []).append(before)
        below.setdefault(before, []).append(edge.target)
    return rows, above, below


def _depths(graph: Graph) -> dict[str, int]:
    depth: dict[str, int] = {}
    for key in graph.order:
        depth[key] = max((depth[e.source] + 1 for e in graph.into(key)), default=0)
    for key in graph.inputs:
        # An input stands right above what it feeds, not far up beside strangers.
        depth[key] = max(0, min((depth[e.target] for e in graph.out_of(key)), default=1) - 1)
    return depth


def _across(row: Sequence[str]) -> dict[str, float]:
    return {key: place - (len(row) - 1) / 2 for place, key in enumerate(row)}


def _sort(row: list[str], neighbours: Mapping[str, Iterable[str]], across: Mapping[str, float]) -> None:
    """Order a row by where its neighbours stand."""

    def middle(key: str) -> float:
        places = [across[other] for other in neighbours.get(key, ())]
        return sum(places) / len(places) if places else across[key]

    row.sort(key=middle)
