"""Where the layers of a network stand: row below row as data flow, branches side by side, few wires crossing.

The four usual steps of drawing a network in rows, each in a plain form: rows by the longest way from an entry; place
holders where a wire passes a row; an order in each row that lets few wires cross; places across that keep ways
straight. The idea is of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
structures", IEEE Transactions on Systems, Man and Cybernetics 11 (1981).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from statistics import median

from engine.graph import Graph, Position
from engine.infer import NODE_STEP

#: Distance between the middles of neighbours in a row, of a layer and a wire that passes it, and of two such wires.
COLUMN, PASSING, LANE = 256.0, 152.0, 48.0
#: Places across are multiples of this.
GRID = 8.0
#: The most places that are kept free for wires that pass; beyond, wires may run behind layers.
MOST_PASSING = 4000
#: How often rows are ordered, and how often they are straightened; the last time downwards, as people read.
SWEEPS, STRAIGHTENINGS = 8, 9
#: How much a place holder resists being moved, where a layer's resistance is 1.
_HOLDER_WEIGHT = 1e-6

_Wires = dict[str, list[str]]


def positions(graph: Graph) -> dict[str, Position]:
    """A place for every layer of a network; a chain is one straight column.

    Parts that no wire connects stand side by side. No two layers cover each other, and every wire leads downwards.
    Layers with the same words before the last slash of their names stand together in every row.
    """
    names = {key: node.name.rpartition("/")[0] for key, node in graph.nodes.items()}
    groups = {key: name for key, name in names.items() if name}
    found: dict[str, Position] = {}
    right: float | None = None
    for keys in _parts(graph):
        across, depth = _placed(graph.part(keys) if len(keys) < len(graph.nodes) else graph, groups)
        aside = 0.0 if right is None else right + COLUMN - min(across.values())
        right = aside + max(across.values())
        for key, x in across.items():
            found[key] = (GRID * round((x + aside) / GRID), NODE_STEP * depth[key])
    return found


def laid_out(graph: Graph) -> Graph:
    """A network that was written instead of drawn, with places for its layers; what was drawn stays as it is."""
    written = all(node.position == below(place) for place, node in enumerate(graph.nodes.values()))
    return graph.placed(positions(graph)) if written else graph


def below(place: int) -> Position:
    """Where the layer with this number stands when all stand one below the other."""
    return (0.0, NODE_STEP * place)


def _parts(graph: Graph) -> list[list[str]]:
    """The keys of each part of a network that is connected, in graph order."""
    part: dict[str, int] = {}
    for start in graph.order:
        todo = [start]
        number = len(part)
        while todo:
            key = todo.pop()
            if key not in part:
                part[key] = number
                todo += [e.target for e in graph.out_of(key)] + [e.source for e in graph.into(key)]
    found: dict[int, list[str]] = {}
    for key in graph.order:
        found.setdefault(part[key], []).append(key)
    return list(found.values())


def _placed(graph: Graph, groups: Mapping[str, str]) -> tuple[dict[str, float], dict[str, int]]:
    """Where each layer of a connected network stands across, and its row."""
    depth = _depths(graph)
    rows = _Rows(graph, depth)
    rows.order(groups)
    places = rows.straighten(graph)
    return {key: places[key] for key in graph.nodes}, depth


def _depths(graph: Graph) -> dict[str, int]:
    depth: dict[str, int] = {}
    for key in graph.order:
        depth[key] = max((depth[e.source] + 1 for e in graph.into(key)), default=0)
    for key in graph.order:
        if not graph.into(key):
            # An entry stands right above what it feeds, not far up beside strangers.
            depth[key] = min((depth[e.target] for e in graph.out_of(key)), default=1) - 1
    return depth


@dataclass
class _Rows:
    """Keys row by row, with place holders where a wire passes.

    Attributes:
        graph, depth: what is drawn, and in which rows.
        rows: the keys.
        above, below: each key's neighbours, row by row.
        holders: which keys are place holders.
    """

    graph: Graph
    depth: Mapping[str, int]
    rows: list[list[str]] = field(default_factory=list)
    above: _Wires = field(default_factory=dict)
    below: _Wires = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = [[] for _ in range(max(self.depth.values(), default=-1) + 1)]
        for key in self.graph.order:
            self.rows[self.depth[key]].append(key)
        ways = dict.fromkeys((edge.source, edge.target) for edge in self.graph.edges)
        passing = sum(self.depth[target] - self.depth[source] - 1 for source, target in ways)
        for number, (source, target) in enumerate(ways):
            before = source
            levels = range(self.depth[source] + 1, self.depth[target]) if passing <= MOST_PASSING else ()
            for level in levels:
                key = f"\0{number} {level}"  # no layer's name: those are printable
                self.rows[level].append(key)
                self.holders.add(key)
                self._wire(before, key)
                before = key
            self._wire(before, target)

    def _wire(self, upper: str, lower: str) -> None:
        self.above.setdefault(lower, []).append(upper)
        self.below.setdefault(upper, []).append(lower)

    # -- the order in each row -----------------------------------------------------------------------

    def order(self, groups: Mapping[str, str]) -> None:
        """Sort every row by the middle of its neighbours, down and up again; the one with fewest crossings stays."""
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            if not fewest and not groups:
                break
            neighbours, order = (self.above, self.rows) if sweep % 2 == 0 else (self.below, self.rows[::-1])
            across = {key: place for row in self.rows for key, place in _centred(row)}
            for row in order:
                _sort(row, neighbours, across, groups)
                across.update(_centred(row))
            crossings = self._crossings()
            if crossings < fewest or (groups and sweep == 0):
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _crossings(self) -> int:
        return sum(_crossings(upper, lower, self.below) for upper, lower in pairwise(self.rows))

    # -- places across -------------------------------------------------------------------------------

    def straighten(self, graph: Graph) -> dict[str, float]:
        """Places across: every layer as near as there is room to the middle of those it is wired to.

        A long wire counts from layer to layer, so that a way around others does not bend the straight one.
        """
        sources = {key: [edge.source for edge in graph.into(key)] for key in graph.nodes}
        targets = {key: [edge.target for edge in graph.out_of(key)] for key in graph.nodes}
        gaps = [[self._gap(a, b) for a, b in pairwise(row)] for row in self.rows]
        found: dict[str, float] = {}
        for row, gap in zip(self.rows, gaps, strict=True):
            width = sum(gap)
            found.update(zip(row, (x - width / 2 for x in accumulate(gap, initial=0.0)), strict=True))
        for sweep in range(STRAIGHTENINGS):
            downwards = sweep % 2 == 0
            near, far = (self.above, sources) if downwards else (self.below, targets)
            steps = list(zip(self.rows, gaps, strict=True))
            for row, gap in steps if downwards else steps[::-1]:
                wanted = [_middle(key, near if key in self.holders else far, found) for key in row]
                weights = [_HOLDER_WEIGHT if key in self.holders else 1.0 for key in row]
                found.update(zip(row, spread(wanted, weights, gap), strict=True))
        return found

    def _gap(self, left: str, right: str) -> float:
        return (COLUMN, PASSING, LANE)[(left in self.holders) + (right in self.holders)]


def spread(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Places in a row, as near as possible to those wanted.

    The sum of ``weight * (place - wanted)**2`` is as small as the order and the gaps allow: without the gaps the
    places must only not decrease, which neighbours that would are pooled for.

    Args:
        wanted: by place in the row.
        weights: how much each resists.
        gaps: least distances between neighbours.
    """
    offsets = list(accumulate(gaps, initial=0.0))
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for want, own, offset in zip(wanted, weights, offsets, strict=True):
        mean, weight, count = want - offset, own, 1
        while pools and pools[-1][0] > mean:
            other, more, number = pools.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, count = weight + more, count + number
        pools.append((mean, weight, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _middle(key: str, neighbours: Mapping[str, Sequence[str]], found: Mapping[str, float]) -> float:
    places = [found[other] for other in neighbours.get(key, ())]
    return median(places) if places else found[key]


def _centred(row: Sequence[str]) -> Iterable[tuple[str, float]]:
    return ((key, place - (len(row) - 1) / 2) for place, key in enumerate(row))


def _sort(
    row: list[str], neighbours: Mapping[str, Sequence[str]], across: Mapping[str, float], groups: Mapping[str, str]
) -> None:
    """Order a row by where its neighbours stand; layers of a group stay together."""
    means: dict[str, float] = {}
    together: dict[str, list[float]] = {}
    for key in row:
        places = [across[other] for other in neighbours.get(key, ())]
        means[key] = sum(places) / len(places) if places else across[key]
        together.setdefault(groups.get(key, key), []).append(means[key])
    middles = {name: sum(places) / len(places) for name, places in together.items()}
    seats = {name: place for place, name in enumerate(together)}  # groups with one middle do not mix

    def rank(key: str) -> tuple[float, int, float]:
        name = groups.get(key, key)
        return middles[name], seats[name], means[key]

    row.sort(key=rank)


def _crossings(upper: Sequence[str], lower: Sequence[str], below: Mapping[str, Sequence[str]]) -> int:
    """How many wires between two rows cross."""
    place = {key: number for number, key in enumerate(lower)}
    passed: list[int] = []
    found = 0
    for key in upper:
        ends = [place[other] for other in below.get(key, ()) if other in place]
        found += sum(len(passed) - bisect_right(passed, end) for end in ends)
        for end in ends:
            insort(passed, end)
    return found
