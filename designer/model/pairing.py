"""Which layers of two networks belong together."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from difflib import SequenceMatcher

from engine.graph import Graph

#: Pairs of layers among which runs in the same order are looked for; that takes longer than in proportion to them.
MOST_PAIRS = 10_000


def partners(old: Graph, new: Graph) -> dict[str, str]:
    """The older layer of every newer one that has any: by id, those left over by type, in the order data flow."""
    found = {key: key for key in new.nodes if key in old.nodes and _kind(old, key) == _kind(new, key)}
    rest_old = [key for key in old.order if key not in found]
    rest_new = [key for key in new.order if key not in found]
    pairs = paired([_kind(old, key) for key in rest_old], [_kind(new, key) for key in rest_new])
    return found | {rest_new[later]: rest_old[earlier] for earlier, later in pairs}


def paired(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """Places of equal kinds in two sequences, each used once.

    Short sequences keep their order: what moved is not paired. In long ones the first of a kind belongs to the
    first, the second to the second, which takes time in proportion to their length.
    """
    if len(before) * len(now) <= MOST_PAIRS:
        blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
        return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, kind in enumerate(before):
        waiting[kind].append(place)
    return [(waiting[kind].popleft(), place) for place, kind in enumerate(now) if waiting[kind]]


def _kind(graph: Graph, key: str) -> str:
    return graph.nodes[key].layer.key
