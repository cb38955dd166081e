"""Layers found by name, type and parameter."""

from __future__ import annotations

import pytest

from designer.model.searching import found_nodes
from engine.graph import Graph
from engine.templates import chain


@pytest.fixture
def graph() -> Graph:
    made = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Conv2D", {"filters": 32, "kernel_size": (3, 5), "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": (2, 2)}),
        ("Flatten", {}),
        ("Dense", {"units": 500, "activation": "relu"}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 50, "use_bias": False}),
    )
    return made.labelled("dense", "head/hidden")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("units=500", ("dense",)),
        ("units = 50", ("dense_1",)),
        ("UNITS=5", ()),
        ("500", ("dense",)),
        ("relu", ("conv2d", "dense")),
        ("activation=rel dense", ("dense",)),
        ("kernel_size=3,5", ("conv2d",)),
        ("kernel_size = (3, 5)", ("conv2d",)),
        ("28 × 28 × 1", ("input",)),
        ("pool=2", ("max_pooling2d",)),
        ("rate=.5", ()),
        ("rate=0.5", ("dropout",)),
        ("use_bias=false", ("dense_1",)),
        ("hidden", ("dense",)),
        ("head/", ("dense",)),
        ("Dense", ("dense", "dense_1")),
        ("pooling", ("max_pooling2d",)),
        ("", ()),
        ("  ", ()),
        ("=", ()),
        ("=5", ()),
        ("units=", ()),
        ("nonsense", ()),
    ],
)
def test_finds(graph: Graph, text: str, found: tuple[str, ...]) -> None:
    assert found_nodes(graph, text) == found


def test_the_order_is_that_of_the_data(graph: Graph) -> None:
    everything = found_nodes(graph, "e")
    assert [key for key in graph.order if key in everything] == list(everything)
    assert len(everything) > 3


@pytest.mark.parametrize("text", ["(((", "\\", ".*", "a=b=c", "\x00", "×", "Ünïts=ß", "=" * 500])
def test_odd_texts_find_nothing_and_do_no_harm(graph: Graph, text: str) -> None:
    assert found_nodes(graph, text) == ()
