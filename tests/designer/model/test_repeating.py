"""Blocks in a row: copies with weights of their own, rewired, and taken away again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.document import Document
from designer.model.groups import groups_of
from designer.model.repeating import MOST, block_of, repeated, series_of
from engine.errors import GraphError
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.project import OutputTarget, Project
from engine.sketch import Sketch
from tests.designer.canvas.stagehand import chain, layer


def network(units: int = 4) -> Graph:
    """input -> dense -> one -> two -> sum (with a way past from dense) -> dense_3, a residual block in the middle."""
    dense = layer("Dense", units=4)
    graph = chain(layer("Input", shape=(4,)), dense, dense, layer("Dense", units=units), layer("Add"), dense)
    return graph.connect(Edge("dense", "add", "y", "x"))


BLOCK = ("dense_1", "dense_2", "add")


def valid(graph: Graph) -> bool:
    return set(graph.order) == set(graph.nodes) and not infer(graph).errors


def test_a_block_is_repeated_and_rewired() -> None:
    start = Project(network())
    made = repeated(start, BLOCK, 3, taken=["dense_4"])
    graph = made.graph
    assert valid(graph) and len(graph.nodes) == 6 + 2 * 3 and "dense_4" not in graph.nodes
    groups = groups_of(graph)
    assert [group.name for group in groups] == ["block_1", "block_2", "block_3"]
    names = [[graph.nodes[key].name.split("/")[1] for key in group.nodes] for group in groups]
    assert names == [["dense_1", "dense_2", "add"]] * 3
    blocks = [block_of(graph, group.nodes) for group in groups]
    assert [block.source for block in blocks] == [("dense", "y"), blocks[0].exit, blocks[1].exit]
    assert [edge.source for edge in graph.into("dense_3")] == [blocks[2].exit[0]]
    tops = [min(graph.nodes[key].position[1] for key in group.nodes) for group in groups]
    assert tops == [220.0, 550.0, 880.0] and graph.nodes["dense_3"].position == (0.0, 550.0 + 660.0)
    assert all(len(graph.family(key)) == 1 for key in graph.nodes)
    order = [[edge.source for edge in graph.into(group.nodes[2])] for group in groups]
    assert order == [[group.nodes[1], block.source[0]] for group, block in zip(groups, blocks, strict=True)]


def test_the_count_of_a_row_changes_at_its_end() -> None:
    three = repeated(Project(network()), BLOCK, 3)
    groups = groups_of(three.graph)
    assert all(series_of(three.graph, group) == groups for group in groups)
    five = repeated(three, groups[1].nodes, 5)
    assert [group.name for group in groups_of(five.graph)] == [f"block_{n}" for n in range(1, 6)]
    back = repeated(five, groups[0].nodes, 3)
    assert back == three
    one = repeated(five, groups[2].nodes, 1)
    assert one.graph.edges == network().edges
    assert {key: node.position for key, node in one.graph.nodes.items()} == {
        key: node.position for key, node in network().nodes.items()
    }


def test_what_shares_weights_within_a_block_shares_them_in_its_copy() -> None:
    graph = network().sharing("dense_2", "dense_1").sharing("dense_3", "dense")
    made = repeated(Project(graph), BLOCK, 2).graph
    copy = groups_of(made)[1].nodes
    assert made.family(copy[0]) == copy[:2] and made.family("dense") == ("dense", "dense_3")


def test_an_output_keeps_what_judges_it() -> None:
    graph = network().without(["dense_3"])
    start = Project(graph, targets=(OutputTarget("add", "y", weight=2.0),))
    made = repeated(start, BLOCK, 2)
    last = groups_of(made.graph)[1].nodes[2]
    assert made.graph.outputs == (last,) and made.targets == (OutputTarget(last, "y", weight=2.0),)
    assert repeated(made, BLOCK, 1).targets == start.targets


def test_copies_of_folded_blocks_are_folded_and_stand_close() -> None:
    start = repeated(Project(network()), BLOCK, 1)
    shut = replace(start, sketch=Sketch(folded=frozenset({"block_1"})))
    made = repeated(shut, BLOCK, 3)
    assert made.sketch.folded == {"block_1", "block_2", "block_3"}
    tops = [min(made.graph.nodes[key].position[1] for key in group.nodes) for group in groups_of(made.graph)]
    assert tops == [220.0, 330.0, 440.0]


@pytest.mark.parametrize(
    ("ids", "count", "said"),
    [
        (BLOCK, 0, "1 to 100 times"),
        (BLOCK, MOST + 1, "not 101 times"),
        (("dense_1", "dense_3"), 2, "enter at exactly one place; here they do at 2"),
        (("dense", "dense_1"), 2, "leave at exactly one place; here they do at 2"),
        (("input", "dense"), 2, "Data enter the network at 'input'"),
    ],
)
def test_what_cannot_be_repeated_is_refused_in_a_sentence(ids: tuple[str, ...], count: int, said: str) -> None:
    with pytest.raises(GraphError, match=said) as error:
        repeated(Project(network()), ids, count)
    assert str(error.value).endswith(".")


def test_shapes_must_fit_from_copy_to_copy() -> None:
    convolution = layer("Conv2D", filters=3, kernel_size=(3, 3))
    graph = chain(layer("Input", shape=(8, 8, 1)), convolution, layer("Flatten"), layer("Dense", units=2))
    with pytest.raises(GraphError, match="This block cannot follow itself"):
        repeated(Project(graph), ["conv2d", "flatten"], 2)
    taken = network().labelled("input", "block_1/x")
    with pytest.raises(GraphError, match="'block_1' already"):
        repeated(Project(taken), BLOCK, 2)


@given(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_any_counts_keep_the_network_sound_and_can_be_taken_back(length: int, counts: list[int], data) -> None:
    dense = layer("Dense", units=4)
    graph = chain(layer("Input", shape=(4,)), *[dense] * (length + 3))
    first = data.draw(st.integers(0, 2))
    ids = list(graph.nodes)[1 + first : 1 + first + length + 1]
    extra = Node("aside", layer("Flatten"), (300.0, 220.0))
    start = Project(graph.add(extra))
    document = Document(start)
    for count in counts:
        made = repeated(document.project, ids, count)
        assert set(made.graph.order) == set(made.graph.nodes)
        assert len(infer(made.graph).errors) == len(infer(start.graph).errors)
        assert len(made.graph.nodes) == len(start.graph.nodes) + (count - 1) * len(ids)
        assert len(series_of(made.graph, groups_of(made.graph)[0])) == count
        assert len(made.graph.outputs) == len(start.graph.outputs)
        document.edit("Repeat", made)
    while document.stack.canUndo():
        document.undo()
    assert document.project == start
