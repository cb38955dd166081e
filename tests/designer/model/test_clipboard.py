"""Layers as text: there and back, and nothing harmful from strangers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.clipboard import MAX_CHARACTERS, MAX_COORDINATE, from_text, to_text
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


def damaged(**changes: object) -> str:
    found = json.loads(to_text(everything()))
    found["nodes"][0] |= changes
    return json.dumps(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[1]",
        '{"layerloom": "network"}',
        '{"layerloom": "network", "nodes": 3, "edges": []}',
        "[" * 100_000,
        "9" * 10_000,
        " " * (MAX_CHARACTERS + 1),
        damaged(id=""),
        damaged(id=3),
        damaged(id="dense"),
        damaged(label="a\x00"),
        damaged(position=[1]),
        damaged(position=[float("nan"), 0]),
        damaged(position=[True, 0]),
        damaged(layer={"type": "NoSuchLayer"}),
        damaged(layer=None),
        damaged(layer={"type": "Dense", "units": -1}),
        damaged(layer={"type": "Dense", "units": 3, "self": 1}),
        to_text(everything()).replace('"edges": [', '"edges": [["dense", "y", "dense", "x"],'),
        to_text(everything()).replace('"edges": [', '"edges": [["nobody", "y", "dense", "x"],'),
        to_text(everything()).replace('"edges": [', '"edges": [["input", "y", "dense"],'),
        to_text(everything()).replace('"edges": [', '"edges": [["flatten", "y", "input", "x"],'),
    ],
)
def test_foreign_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FileError, match=r"\.$"):
        from_text(text)


def test_a_circle_is_refused() -> None:
    found = json.loads(to_text(everything()))
    found["edges"] = [["dense", "y", "flatten", "x"], ["flatten", "y", "dense", "x"]]

    with pytest.raises(FileError, match="circle"):
        from_text(json.dumps(found))


def test_far_places_are_brought_back() -> None:
    graph = from_text(damaged(position=[10**400, -1e300]))

    assert next(iter(graph.nodes.values())).position == (MAX_COORDINATE, -MAX_COORDINATE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["nodes", "edges", "layer", "id", "label", "position"]))
def test_any_damage_is_a_sentence_or_a_network(value: object, where: str) -> None:
    found = json.loads(to_text(everything()))
    if where in found:
        found[where] = value
    else:
        found["nodes"][0][where] = value
    try:
        graph = from_text(json.dumps(found))
    except FileError as error:
        assert str(error).endswith(".")
    else:
        assert from_text(to_text(graph)) == graph
