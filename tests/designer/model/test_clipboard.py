"""Layers as text: there and back, and nothing harmful from strangers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.clipboard import MAX_BYTES, MAX_COORDINATE, from_text, to_text
from designer.model.starting import offered, starting
from engine.errors import FileError
from engine.graph import Edge, Graph, Node


def everything() -> Graph:
    graph = Graph()
    for place, cls in enumerate(offered()):
        made = starting(cls)
        graph = graph.add(Node(graph.fresh_id(made), made, (8.0 * place, -3.5), label="ä" * (place % 2)))
    return graph.connect(Edge("input", "dense")).connect(Edge("dense", "flatten"))


def test_every_layer_comes_back() -> None:
    assert from_text(to_text(everything())) == everything()


def changed(part: str, value: object) -> str:
    """The text with one part replaced, such as ``nodes.0.id``."""
    found: Any = json.loads(to_text(everything()))
    place = found
    *way, last = part.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return json.dumps(found)


NETWORK = '{"layerloom": "layers"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[1]",
        NETWORK + "}",
        NETWORK + ', "nodes": 3, "wires": [], "layout": {}}',
        NETWORK + ', "nodes": [], "wires": [], "layout": 3}',
        NETWORK + ', "nodes": ' + "[" * 100_000,
        NETWORK + ', "nodes": ' + "9" * 10_000 + "}",
        NETWORK + " " * (MAX_BYTES + 1),
        changed("nodes.0.id", ""),
        changed("nodes.0.id", 3),
        changed("nodes.0.id", "dense"),
        changed("nodes.0.label", 3),
        changed("nodes.0.layer", None),
        changed("nodes.0.layer", {"type": 3}),
        changed("layout.dense", [1]),
        changed("layout.dense", [float("nan"), 0]),
        changed("layout.dense", [True, 0]),
        changed("layout.dense", [10**400, 0]),
        changed("wires.0.from", ["nobody", "y"]),
        changed("wires.0.from", ["dense"]),
        changed("wires.0.to", ["input", "x"]),
        changed("wires.0", {"from": ["flatten", "y"], "to": ["dense", "x"]}),
    ],
)
def test_foreign_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FileError, match=r"\.$"):
        from_text(text)


def test_an_unknown_layer_is_pasted_as_a_stand_in() -> None:
    graph = from_text(changed("nodes.0.layer", {"type": "Stranger", "secret": 7}))
    layer = next(iter(graph.nodes.values())).layer
    assert layer.to_json() == {"type": "Stranger", "secret": 7}
    assert from_text(to_text(graph)) == graph


def test_far_places_are_brought_back() -> None:
    graph = from_text(changed("layout.dense", [9e6, -9e6]))
    assert graph.nodes["dense"].position == (MAX_COORDINATE, -MAX_COORDINATE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("nodes", "wires", "layout", "layout.dense", "wires.0", "wires.0.from", "nodes.0")
DEEPER = ("nodes.0.id", "nodes.0.label", "nodes.0.layer", "nodes.2.layer.type", "nodes.2.layer.units")


@given(json_values, st.sampled_from(PARTS + DEEPER))
def test_any_damage_is_a_sentence_or_a_network(value: object, part: str) -> None:
    try:
        graph = from_text(changed(part, value))
    except FileError as error:
        assert str(error).endswith(".")
    else:
        assert from_text(to_text(graph)) == graph
