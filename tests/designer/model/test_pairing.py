"""Which layers belong together, and at what cost."""

from __future__ import annotations

import random
import sys
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from designer.model.comparison import compared
from designer.model.pairing import MOST_PAIRS, paired
from engine.graph import Graph, Node
from engine.project import Project
from engine.registry import layers

KINDS = st.lists(st.sampled_from("abc"), max_size=140)


@given(KINDS, KINDS)
def test_pairs_are_of_one_kind_and_every_place_is_used_once(before: list[str], now: list[str]) -> None:
    pairs = paired(before, now)
    assert all(before[old] == now[new] for old, new in pairs)
    assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
    if len(before) * len(now) > MOST_PAIRS:
        assert len(pairs) == (Counter(before) & Counter(now)).total()
    else:
        assert sorted(pairs) == sorted(pairs, key=lambda pair: pair[1])


def test_few_keep_their_order_and_many_are_counted_off() -> None:
    few, many = ["a"] * 3, ["a"] * 200
    assert paired([*few, "b"], ["b", *few]) == [(0, 1), (1, 2), (2, 3)]
    assert (200, 0) in paired([*many, "b"], ["b", *many])


def test_many_layers_take_steps_in_proportion() -> None:
    """A thousand of two kinds against a thousand others, by the lines of Python that run."""
    draw = random.Random(3)
    before, now = ([draw.choice("ab") for _ in range(1000)] for _ in range(2))
    lines = 0

    def count(_frame: Any, event: str, _argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    tracing = sys.gettrace()
    sys.settrace(count)
    try:
        pairs = paired(before, now)
    finally:
        sys.settrace(tracing)
    assert len(pairs) > 900
    assert lines < 20_000


def test_a_thousand_changed_layers_are_told() -> None:
    def network(name: str, units: int) -> Project:
        dense: Any = layers.get("Dense")
        return Project(Graph({f"{name}{n}": Node(f"{name}{n}", dense(units=units)) for n in range(1000)}))

    found = compared(network("a", 3), network("b", 4))
    assert len(found.changed) == 1000
    assert not found.added and not found.removed
    assert {change.name for change in found.changed[0].changes} == {"name", "units"}
