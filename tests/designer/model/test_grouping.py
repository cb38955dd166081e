"""Groups made, dissolved and renamed: names only, and always back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.document import Document
from designer.model.grouping import apart, chosen_groups, fresh_name, grouped, regrouped, ungrouped
from designer.model.groups import Group, groups_of
from engine import registry
from engine.errors import GraphError
from engine.graph import Edge, Graph, Node
from engine.project import Project
from engine.sketch import Sketch

NAMES = ("", "a/x", "a/y", "a/b/x", "a/b/y", "a/x@2", "a/y@2", "x", "x (2)", "/", "a//", "b/x", "b/y", "Dense (2)")


def project(*names: str, folded: tuple[str, ...] = ()) -> Project:
    """Layers with these names in a row."""
    layer = registry.layers.get("Activation")()
    nodes = {f"n{place}": Node(f"n{place}", layer, label=name) for place, name in enumerate(names)}
    edges = tuple(Edge(f"n{place}", f"n{place + 1}") for place in range(len(names) - 1))
    return Project(Graph(nodes, edges), sketch=Sketch(folded=frozenset(folded)))


def names(made: Project) -> list[str]:
    return [node.name for node in made.graph.nodes.values()]


def group(made: Project, name: str) -> Group:
    return next(found for found in groups_of(made.graph) if found.name == name)


def test_grouping_goes_into_the_group_that_holds_all() -> None:
    made = project("a/x", "a/b/y", "a/z", "w")
    assert names(grouped(made, ["n0", "n1"], "in")) == ["a/in/x", "a/in/b/y", "a/z", "w"]
    assert names(grouped(made, ["n0", "n1", "n2"], "out")) == ["out/a/x", "out/a/b/y", "out/a/z", "w"]
    assert names(grouped(made, ["n0", "n3"], "c/d")) == ["c/d/a/x", "a/b/y", "a/z", "c/d/w"]


def test_calls_of_models_become_groups_with_names_of_their_own() -> None:
    made = grouped(project("v/x", "v/y", "v/x@2", "v/y@2", "v/x (3)", "plain (2)"), [f"n{k}" for k in range(6)], "all")
    assert names(made) == ["all/v/x", "all/v/y", "all/v_2/x", "all/v_2/y", "all/v_3/x", "all/plain_2"]
    part = grouped(project("v/x", "v/y", "v/x@2", "v/y@2", "v/z@2"), ["n2", "n3"], "in")
    assert names(part) == ["v/x", "v/y", "v/in/x@2", "v/in/y@2", "v/z@2"]
    assert names(ungrouped(part, group(part, "v/in (2)")))[2:] == ["v/x@2", "v/y@2", "v/z@2"]


def test_names_stay_unique_when_a_group_is_dissolved() -> None:
    made = project("a/x", "a/y", "x", "n0")
    assert names(ungrouped(made, group(made, "a"))) == ["x_1", "y", "x", "n0"]
    own = project("a/n0", "a/y")
    assert [node.label for node in ungrouped(own, group(own, "a")).graph.nodes.values()] == ["", "y"]


@pytest.mark.parametrize("name", ["", " / ", "\u202e", "a"])
def test_bad_and_taken_names_are_refused_in_a_sentence(name: str) -> None:
    made = project("a/x", "a/y", "v", "w")
    with pytest.raises(GraphError, match=r"'(block|a)'.*\.$"):
        grouped(made, ["n2", "n3"], name)
    with pytest.raises(GraphError, match="two layers or more"):
        grouped(made, ["n2"], "b")
    with pytest.raises(GraphError, match="longer than 200"):
        grouped(made, ["n2", "n3"], "b" * 200)


def test_folded_groups_stay_folded_under_their_new_names() -> None:
    made = project("v/x", "v/i/y", "v/i/z", "w", folded=("v/i", "gone"))
    outer = grouped(made, ["n0", "n1", "n2"], "block")
    assert outer.sketch.folded == {"block/v/i"}
    both = grouped(project("v/x", "v/y", folded=("v",)), ["n0", "n1"], "block")
    assert both.sketch.folded == {"block/v"}
    assert ungrouped(both, group(both, "block")).sketch.folded == {"v"}
    assert regrouped(both, group(both, "block/v"), "u").sketch.folded == {"block/u"}
    assert ungrouped(outer, group(outer, "block/v/i")).sketch.folded == frozenset()


def test_what_a_selection_means() -> None:
    made = project("a/x", "a/b/y", "a/b/z", "c/x", "c/y", "w")
    groups = groups_of(made.graph)

    def chosen(*ids: str) -> list[str]:
        return [found.name for found in chosen_groups(groups, ids)]

    assert chosen("n0", "n1", "n2", "n3", "n4", "n5") == ["a", "c"]
    assert chosen("n1") == chosen("n1", "n2") == ["a/b"]
    assert chosen("n0", "n1") == ["a"]
    assert chosen("n5") == chosen("n0", "n3") == chosen() == []


def test_copies_of_whole_groups_are_groups_of_their_own() -> None:
    made = project("a/x", "a/b/y", "a/b/z", "a_1/v", "v/x@2", "v/y@2").graph
    assert names(Project(apart(made, made))) == ["a_2/x", "a_2/b/y", "a_2/b/z", "a_1/v", "v_1/x", "v_1/y"]
    inner = made.part(["n1", "n2"])
    assert names(Project(apart(inner, made))) == ["a/b_1/y", "a/b_1/z"]
    assert apart(made.part(["n0", "n1"]), made) == made.part(["n0", "n1"])
    assert fresh_name("block_2", {"block_2", "block_1"}) == "block_3"


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=9), st.data())
def test_any_grouping_keeps_the_network_and_can_be_taken_back(labels: list[str], data: st.DataObject) -> None:
    start = project(*labels)
    document = Document(start)
    ids = data.draw(st.lists(st.sampled_from(list(start.graph.nodes)), min_size=2, unique=True))
    for step in range(data.draw(st.integers(1, 3))):
        before = document.project
        made = grouped(before, ids, f"new{step}")
        assert any(found.name.split(" ")[0].endswith(f"new{step}") for found in groups_of(made.graph))
        held = [set(found.nodes) for found in groups_of(made.graph)]
        assert set(ids) in held
        found = chosen_groups(groups_of(made.graph), ids)[0]
        for after in (made, ungrouped(made, found), regrouped(made, found, "other")):
            assert after.graph.edges == before.graph.edges and after.graph.order == before.graph.order
            plain = {key: replace(node, label="") for key, node in after.graph.nodes.items()}
            assert plain == {key: replace(node, label="") for key, node in before.graph.nodes.items()}
            new = [after.graph.nodes[key].name for key in ids]
            others = [node.name for key, node in after.graph.nodes.items() if key not in ids]
            assert len(set(new)) == len(new) and not set(new) & set(others)
        document.edit("Group", made)
    steps = document.stack.count()
    for _ in range(steps):
        document.undo()
    assert document.project == start
