"""The graph as a value: what may be connected, and what every edit leaves alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import FrozenInstanceError
from typing import Any, ClassVar

import pytest

from engine import registry
from engine.catalogue.layers.base import Layer, Port
from engine.component import component
from engine.errors import GraphError
from engine.graph import NODE_ASIDE, Edge, Graph, Node, snake, unused_id


@component
class Split(Layer):
    """y, z = x, x: a layer with several ports of its own."""

    category: ClassVar[str] = "Core"
    inputs: ClassVar[tuple[Port, ...]] = (Port("x"), Port("state"))
    outputs: ClassVar[tuple[Port, ...]] = (Port("y"), Port("z"))


def layer(kind: str, **values: Any) -> Layer:
    made = registry.layers.get(kind)(**values)
    assert isinstance(made, Layer)
    return made


def network(*wires: str, **kinds: str) -> Graph:
    """Nodes by kind (``a="Input"``) and wires by their ends (``"a b"``)."""
    values: dict[str, dict[str, Any]] = {"Input": {"shape": (4,)}, "Dense": {"units": 3}}
    graph = Graph()
    for key, kind in kinds.items():
        made = Split() if kind == "Split" else layer(kind, **values.get(kind, {}))
        graph = graph.add(Node(key, made, (0.0, 100.0 * len(graph.nodes))))
    for wire in wires:
        graph = graph.connect(Edge(*wire.split()))
    return graph


def wires(graph: Graph) -> list[str]:
    return [f"{e.source} {e.target}" for e in graph.edges]


DIAMOND = network("a b", "a c", "b d", "c d", "d e", a="Input", b="Dense", c="Dense", d="Add", e="Dense")


def test_an_edit_changes_a_copy() -> None:
    before = network("a b", a="Input", b="Dense")
    new = Node("c", layer("Flatten"))
    edits = (
        before.without(["b"]), before.moved(["b"], (1, 1)), before.placed({"a": (9, 9)}), before.labelled("b", "new"),
        before.disconnected(before.edges), before.with_layer("b", layer("Flatten")), before.add(new),
        before.inserted_before(new, "b"), before.inserted_after(new, "b"),
    )  # fmt: skip
    assert before == network("a b", a="Input", b="Dense")
    assert all(edit != before for edit in edits)
    with pytest.raises(FrozenInstanceError):
        before.edges = ()  # type: ignore[misc]


def test_an_id_is_unique() -> None:
    with pytest.raises(GraphError, match="already a layer called 'a'"):
        network(a="Input").add(Node("a", layer("Flatten")))


@pytest.mark.parametrize(
    ("edge", "sentence"),
    [
        (Edge("x", "b"), "There is no layer called 'x'"),
        (Edge("a", "x"), "There is no layer called 'x'"),
        (Edge("a", "b", "q"), "'a' has no output called 'q'"),
        (Edge("a", "b", "y", "q"), "'b' takes no input called 'q'"),
        (Edge("b", "a"), "'a' takes no input called 'x'"),
        (Edge("a", "b"), "'a' is already connected to 'b'"),
        (Edge("d", "d"), "would close a circle"),
        (Edge("e", "b"), "Connecting 'e' to 'b' would close a circle: 'b' already leads to 'e'"),
        (Edge("d", "c"), "would close a circle"),
    ],
)
def test_a_wire_that_cannot_be_is_refused(edge: Edge, sentence: str) -> None:
    with pytest.raises(GraphError, match=sentence):
        DIAMOND.connect(edge)


def test_a_single_port_takes_the_newest_wire_and_a_merging_one_all() -> None:
    graph = DIAMOND.connect(Edge("c", "e"))
    assert wires(graph) == ["a b", "a c", "b d", "c d", "c e"]
    assert wires(DIAMOND.connect(Edge("a", "d"))) == ["a b", "a c", "b d", "c d", "d e", "a d"]


def test_ports_are_replaced_one_by_one_and_read_in_order() -> None:
    graph = network(a="Input", b="Input", s="Split", d="Dense", f="Dense")
    graph = graph.connect(Edge("b", "s", "y", "state")).connect(Edge("a", "s", "y", "x"))
    assert [e.source for e in graph.into("s")] == ["a", "b"]
    graph = graph.connect(Edge("a", "s", "y", "state"))
    assert [(e.source, e.target_port) for e in graph.into("s")] == [("a", "x"), ("a", "state")]
    graph = graph.connect(Edge("s", "d", "z")).connect(Edge("s", "f", "y"))
    assert [(e.target, e.source_port) for e in graph.out_of("s")] == [("d", "z"), ("f", "y")]


def test_order_points_forward_whatever_the_insertion() -> None:
    assert DIAMOND.order == ("a", "b", "c", "d", "e")
    backwards = Graph({key: DIAMOND.nodes[key] for key in reversed(list(DIAMOND.nodes))}, DIAMOND.edges)
    places = {key: place for place, key in enumerate(backwards.order)}
    assert len(places) == 5
    assert all(places[e.source] < places[e.target] for e in backwards.edges)
    assert Graph().order == ()
    assert network(a="Input", b="Input").order == ("a", "b")


def test_what_is_reached() -> None:
    assert DIAMOND.upstream("d") == {"a", "b", "c", "d"}
    assert DIAMOND.downstream("b") == {"b", "d", "e"}
    assert (DIAMOND.inputs, DIAMOND.outputs) == (("a",), ("e",))
    assert DIAMOND.without(["d"]).outputs == ("b", "c", "e")


def test_removing_takes_the_wires_along() -> None:
    assert wires(DIAMOND.without(["b", "unknown"])) == ["a c", "c d", "d e"]
    assert wires(DIAMOND.disconnected([Edge("c", "d"), Edge("q", "q")])) == ["a b", "a c", "b d", "d e"]


def test_moving_touches_the_chosen_only() -> None:
    graph = DIAMOND.moved(["b", "unknown"], (5.0, -1.0))
    assert graph.nodes["b"].position == (5.0, 99.0)
    assert {k: n for k, n in graph.nodes.items() if k != "b"} == {k: n for k, n in DIAMOND.nodes.items() if k != "b"}
    assert tuple(graph.nodes) == tuple(DIAMOND.nodes)
    assert DIAMOND.placed({"c": (7.0, 8.0)}).nodes["c"].position == (7.0, 8.0)


def test_another_layer_keeps_the_wires_that_still_fit() -> None:
    graph = DIAMOND.with_layer("d", layer("Concatenate"))
    assert graph.edges == DIAMOND.edges
    graph = network("a s", "s d", a="Input", s="Split", d="Dense").connect(Edge("a", "s", "y", "state"))
    graph = graph.connect(Edge("s", "d", "z")).with_layer("s", layer("Flatten"))
    assert wires(graph) == ["a s"]
    assert DIAMOND.with_layer("b", layer("Input", shape=(3,))).into("b") == ()


def test_a_layer_of_one_input_keeps_the_first_wire_of_a_merging_one() -> None:
    graph = DIAMOND.with_layer("d", layer("Flatten"))
    assert wires(graph) == ["a b", "a c", "b d", "d e"]


def test_labels() -> None:
    graph = DIAMOND.labelled("b", "  my layer ")
    assert graph.nodes["b"].name == "my layer"
    assert graph.labelled("b", " ").nodes["b"].name == "b"


def test_inserting_before_keeps_every_wire_of_a_merging_layer_in_order() -> None:
    graph = DIAMOND.inserted_before(Node("new", layer("Flatten"), (10.0, 20.0)), "d")
    assert [e.source for e in graph.into("d")] == ["new", "flatten"]
    assert [e.source for e in graph.into("new")] == ["b"]
    assert [e.source for e in graph.into("flatten")] == ["c"]
    assert graph.nodes["new"].position == (10.0, 20.0)
    assert graph.nodes["flatten"].position == (10.0 + NODE_ASIDE, 20.0)
    assert len(graph.edges) == len(DIAMOND.edges) + 2


def test_inserting_into_one_wire_leaves_the_others() -> None:
    for number, wire in enumerate(DIAMOND.into("d")):
        graph = DIAMOND.inserted_before(Node("new", layer("Flatten")), "d", [wire])
        wanted = ["b", "c"]
        assert [e.source for e in graph.into("new")] == [wanted[number]]
        wanted[number] = "new"
        assert [e.source for e in graph.into("d")] == wanted


def test_inserting_before_takes_only_the_first_of_several_ports() -> None:
    graph = network("a s", a="Input", b="Input", s="Split").connect(Edge("b", "s", "y", "state"))
    graph = graph.inserted_before(Node("new", layer("Flatten")), "s")
    assert [(e.source, e.target_port) for e in graph.into("s")] == [("new", "x"), ("b", "state")]


def test_inserting_into_equal_wires_leaves_none_that_counts_as_a_second() -> None:
    twice = network("a m", "a m", a="Input", m="Multiply")
    graph = twice.inserted_before(Node("new", layer("Flatten")), "m")
    assert [edge.repeat for edge in twice.edges] == [0, 1]
    assert [(edge.source, edge.repeat) for edge in graph.into("m")] == [("new", 0), ("flatten", 0)]
    assert [edge.repeat for edge in graph.edges] == [0] * 4


def test_inserting_where_nothing_enters_only_adds() -> None:
    graph = DIAMOND.inserted_before(Node("new", layer("Flatten")), "a")
    assert graph.edges == DIAMOND.edges
    assert "new" in graph.nodes
    other = Edge("d", "e")
    assert DIAMOND.inserted_before(Node("new", layer("Flatten")), "d", [other]).edges == DIAMOND.edges
    with pytest.raises(GraphError, match="already a layer called 'b'"):
        DIAMOND.inserted_before(Node("b", layer("Flatten")), "d")


def test_inserting_after_takes_over_every_wire_of_the_first_output() -> None:
    graph = DIAMOND.inserted_after(Node("new", layer("Flatten")), "a")
    assert sorted(wires(graph)) == ["a new", "b d", "c d", "d e", "new b", "new c"]
    assert [e.source for e in graph.into("d")] == ["b", "c"]
    assert DIAMOND.inserted_after(Node("new", layer("Flatten")), "e").outputs == ("new",)
    graph = network("a s", a="Input", s="Split", d="Dense", f="Dense")
    graph = graph.connect(Edge("s", "d", "z")).connect(Edge("s", "f", "y"))
    graph = graph.inserted_after(Node("new", layer("Flatten")), "s")
    assert [(e.source, e.source_port) for e in (*graph.into("d"), *graph.into("f"))] == [("s", "z"), ("new", "y")]
    with pytest.raises(GraphError, match="already a layer called 'b'"):
        DIAMOND.inserted_after(Node("b", layer("Flatten")), "d")


def test_a_part_has_the_wires_among_its_nodes() -> None:
    assert wires(DIAMOND.part(["b", "c", "d"])) == ["b d", "c d"]
    assert DIAMOND.part([]) == Graph()
    assert DIAMOND.part(DIAMOND.nodes) == DIAMOND


def test_pasting_gives_fresh_ids_and_keeps_wires_places_and_labels() -> None:
    copied = DIAMOND.labelled("d", "sum").part(["b", "c", "d"])
    graph, names = DIAMOND.merged(copied, (30.0, 40.0))
    assert names == {"b": "dense", "c": "dense_1", "d": "add"}
    assert wires(graph) == [*wires(DIAMOND), "dense add", "dense_1 add"]
    assert graph.nodes["add"].label == "sum"
    assert graph.nodes["add"].position == (30.0, 340.0)
    assert graph.part(DIAMOND.nodes) == DIAMOND
    again, more = graph.merged(copied)
    assert set(more.values()) == {"dense_2", "dense_3", "add_1"}
    assert len(again.nodes) == 11


def test_pasted_nodes_get_none_of_the_ids_that_are_taken() -> None:
    dense, graph = registry.layers.get("Dense")(units=3), Graph()
    for number in range(3):
        key = graph.fresh_id(dense)
        graph = graph.add(Node(key, dense, (0.0, 100.0 * number)))
    left = graph.without(["dense_1"])
    grown, names = left.merged(graph, taken={"dense_1", "dense_4"})
    assert names == {"dense": "dense_3", "dense_1": "dense_5", "dense_2": "dense_6"}
    assert set(grown.nodes) == {"dense", "dense_2", "dense_3", "dense_5", "dense_6"}
    assert left.merged(graph)[1] == {"dense": "dense_1", "dense_1": "dense_3", "dense_2": "dense_4"}


def test_the_ids_of_many_pasted_nodes_are_looked_for_once() -> None:
    class Asked(set[str]):
        """Ids in use, counting how often they are looked at."""

        count = 0

        def __contains__(self, key: object) -> bool:
            Asked.count += 1
            return super().__contains__(key)

    dense = registry.layers.get("Dense")
    used, counts = Asked(), Counter[str]()
    for _ in range(1000):
        used.add(unused_id(dense, used, counts))
    assert len(used) == 1000
    assert Asked.count < 3000


def test_fresh_ids_follow_keras() -> None:
    assert Graph().fresh_id(layer("MaxPooling2D")) == "max_pooling2d"
    assert Graph().fresh_id(layer("Flatten"), ["flatten", "flatten_1"]) == "flatten_2"
    names = ("Conv2D", "BatchNormalization", "Dense", "Conv2DTranspose", "GRU", "RMSProp")
    assert [snake(name) for name in names] == [
        "conv2d", "batch_normalization", "dense", "conv2d_transpose", "gru", "rms_prop"
    ]  # fmt: skip
