"""Groups made of names: how many there are, and what finding them costs."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from designer.model.groups import DEEPEST, Group, groups_of
from engine import registry
from engine.graph import Graph, Node


def named(*names: str) -> Graph:
    """Layers with these names."""
    layer = registry.layers.get("Flatten")()
    return Graph({f"n{place}": Node(f"n{place}", layer, label=name) for place, name in enumerate(names)})


def calls(graph: Graph) -> int:
    """How many functions are entered while the groups are found, those of Python itself included."""
    count = 0

    def note(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    gc.collect()
    gc.disable()  # what others left behind is not counted here
    sys.setprofile(note)
    try:
        groups_of(graph)
    finally:
        sys.setprofile(before)
        gc.enable()
    return count


def flat(count: int) -> Graph:
    """Groups of two layers, none inside another."""
    return named(*(f"g{place // 2}/{place}" for place in range(2 * count)))


def deep(count: int, depth: int) -> Graph:
    """Groups of two layers, each in a row of groups inside each other."""
    return named(*(f"g{place // 2}/" + "b/" * depth + str(place) for place in range(2 * count)))


def test_inner_groups_follow_outer_ones_and_calls_stay_apart() -> None:
    found = groups_of(named("a/x", "a/b/c/y", "a/b/c/z", "a/b/d/v", "a/b/d/w", "a/x@2", "a/b/y@2", "a/b/z (2)", "q/1"))
    assert found == (
        Group("a", ("n0", "n1", "n2", "n3", "n4"), 3, ("a/b",)),
        Group("a (2)", ("n5", "n6", "n7"), 2, ("a/b (2)",)),
        Group("a/b", ("n1", "n2", "n3", "n4"), 2, ("a/b/c", "a/b/d")),
        Group("a/b (2)", ("n6", "n7")),
        Group("a/b/c", ("n1", "n2")),
        Group("a/b/d", ("n3", "n4")),
    )


def test_groups_end_at_a_depth_and_keep_the_layers_below() -> None:
    found = groups_of(named("a/" * 60 + "x", "a/" * 60 + "y", "a/z"))
    assert [group.name for group in found] == ["/".join("a" * depth) for depth in range(1, DEEPEST + 1)]
    assert [group.height for group in found] == list(range(DEEPEST, 0, -1))
    assert found[-1].nodes == ("n0", "n1") and found[0].nodes == ("n0", "n1", "n2")


@pytest.mark.parametrize("make", [flat, lambda count: deep(count, 60)], ids=["flat", "deep"])
def test_the_cost_grows_with_the_number_of_layers_and_no_faster(make: Callable[[int], Graph]) -> None:
    few, many = calls(make(100)), calls(make(400))
    assert many < 4.2 * few


def test_names_without_end_cost_no_more_than_deep_ones() -> None:
    # somewhat more is allowed: names of other lengths make Python look into its tables at other moments
    assert calls(deep(50, 600)) < 1.05 * calls(deep(50, DEEPEST))
