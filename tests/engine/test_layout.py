"""Places of layers: nothing covers anything, wires lead down, chains are straight."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import layers, models, registry
from engine.graph import Edge, Graph, Node
from engine.infer import NODE_STEP
from engine.io import load_project
from engine.layout import COLUMN, GRID, laid_out, positions, spread

#: The size of a card on the canvas.
WIDTH, HEIGHT = 212.0, 64.0


def network(wires: list[tuple[str, str]], *alone: str) -> Graph:
    """Layers by name and what leads where; layers that take several wires are Adds."""
    names = dict.fromkeys([name for wire in wires for name in wire] + list(alone))
    ends = [target for _, target in wires]
    nodes = {
        name: Node(name, registry.layers.get(_kind(ends.count(name)))(**_given(ends.count(name)))) for name in names
    }
    edges = tuple(Edge(a, b) for a, b in wires)
    return Graph(nodes, edges)


def _kind(entering: int) -> str:
    return ("Input", "Dense", "Add")[min(entering, 2)]


def _given(entering: int) -> dict[str, object]:
    return ({"shape": (4,)}, {"units": 4}, {})[min(entering, 2)]


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    """Any network of up to 24 layers, some of them in groups."""
    count = draw(st.integers(0, 24))
    groups = [draw(st.sampled_from(["", "", "a/", "b/", "a/c/"])) for _ in range(count)]
    names = [f"{group}n{place}" for place, group in enumerate(groups)]
    wires = []
    for place in range(1, count):
        sources = draw(st.sets(st.integers(0, place - 1), max_size=3))
        wires += [(names[source], names[place]) for source in sorted(sources)]
    return network(wires, *names)


@given(networks())
def test_nothing_is_covered_and_wires_lead_down(graph: Graph) -> None:
    found = positions(graph)
    assert found.keys() == graph.nodes.keys()
    for a, b in combinations(found.values(), 2):
        assert abs(a[0] - b[0]) >= WIDTH + 16 or abs(a[1] - b[1]) >= HEIGHT + 16
    for edge in graph.edges:
        assert found[edge.target][1] - found[edge.source][1] >= NODE_STEP
    assert all(x % GRID == 0 for x, _ in found.values())
    assert positions(graph) == found


@given(st.integers(1, 40))
def test_a_chain_is_one_straight_column(count: int) -> None:
    names = [f"n{place}" for place in range(count)]
    found = positions(network(list(pairwise(names)), *names))
    assert list(found.values()) == [(0.0, NODE_STEP * place) for place in range(count)]


def test_a_way_around_others_does_not_bend_the_straight_one() -> None:
    wires = [("in", "a"), ("a", "b"), ("b", "sum"), ("in", "sum"), ("sum", "c"), ("c", "all"), ("in", "all")]
    assert {x for x, _ in positions(network(wires)).values()} == {0.0}


def test_branches_stand_side_by_side_and_meet_in_the_middle() -> None:
    wires = [("in", "a"), ("in", "b"), ("b", "c"), ("a", "sum"), ("c", "sum"), ("sum", "out")]
    found = positions(network(wires))
    assert found["in"][0] == found["sum"][0] == found["out"][0]
    assert found["a"][1] == found["b"][1]
    assert found["b"][0] == found["c"][0]
    assert abs(found["a"][0] - found["b"][0]) >= COLUMN
    assert found["a"][0] + found["b"][0] == 2 * found["in"][0]


def test_entries_stand_side_by_side_above_what_they_feed() -> None:
    found = positions(network([("left", "a"), ("a", "sum"), ("right", "sum")]))
    assert found["left"][1] == 0.0
    assert found["right"][1] == found["a"][1] == NODE_STEP
    assert found["right"][0] != found["a"][0]


def test_wires_are_untangled() -> None:
    found = positions(network([("a", "x"), ("b", "y"), ("a", "s"), ("x", "s"), ("b", "t"), ("y", "t")]))
    assert (found["a"][0] - found["b"][0]) * (found["x"][0] - found["y"][0]) > 0
    crossed = positions(network([("in", "p"), ("in", "q"), ("q", "u"), ("p", "v"), ("u", "s"), ("v", "s")]))
    assert (crossed["p"][0] - crossed["q"][0]) * (crossed["v"][0] - crossed["u"][0]) > 0


def test_parts_without_a_wire_between_them_stand_side_by_side() -> None:
    found = positions(network([("a", "b"), ("c", "d")], "e"))
    assert [found[key][1] for key in "abcde"] == [0.0, NODE_STEP, 0.0, NODE_STEP, 0.0]
    assert found["a"][0] == found["b"][0] < found["c"][0] == found["d"][0] < found["e"][0]


def test_layers_of_a_group_stand_together() -> None:
    wires = [("in", f"{group}/{n}") for n in range(3) for group in ("g", "h")]
    found = positions(network([*wires, *((end, "sum") for _, end in wires)]))
    row = sorted((x, key) for key, (x, _) in found.items() if "/" in key)
    assert [key[0] for _, key in row] in (list("ggghhh"), list("hhhggg"))


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.sampled_from([1.0, 3.0]), st.floats(10, 200)), min_size=1, max_size=7)
)
def test_places_in_a_row_are_the_nearest_that_keep_their_distances(row: list[tuple[float, float, float]]) -> None:
    wanted, weights, gaps = [w for w, _, _ in row], [w for _, w, _ in row], [g for _, _, g in row][1:]
    found = spread(wanted, weights, gaps)

    def cost(places: list[float]) -> float:
        return sum(w * (a - b) ** 2 for w, a, b in zip(weights, places, wanted, strict=True))

    assert all(b - a >= gap - 1e-6 for a, b, gap in zip(found, found[1:], gaps, strict=False))
    best = cost(found)
    for place in range(len(found)):
        for step in (-0.5, 0.5):
            # Everything from here on, or up to here, a little aside: allowed when no distance becomes too small.
            tried = [x + step * (n >= place if step > 0 else n <= place) for n, x in enumerate(found)]
            assert cost(tried) >= best - 1e-6


def test_what_was_drawn_stays_where_it_is() -> None:
    graph = network([("in", "a"), ("in", "b"), ("a", "sum"), ("b", "sum")])
    written = graph.placed({key: (0.0, NODE_STEP * place) for place, key in enumerate(graph.nodes)})
    assert laid_out(written) == written.placed(positions(written))
    drawn = written.moved(["sum"], (8.0, 0.0))
    assert laid_out(drawn) is drawn


def test_a_model_from_a_script_opens_side_by_side(tmp_path: Path) -> None:
    entries = [layers.Input((3,), name=name) for name in ("left", "right")]
    both = layers.Concatenate()([layers.Dense(2)(entry) for entry in entries])
    model = models.Model(entries, layers.Dense(1)(both))
    answer = model.predict([np.ones((2, 3), np.float32)] * 2, verbose=0)
    model.save(str(tmp_path / "two.loom"))

    nodes = load_project(tmp_path / "two.loom").project.graph.nodes
    assert nodes["left"].position[1] == nodes["right"].position[1]
    assert nodes["left"].position[0] != nodes["right"].position[0]
    again = models.load_model(str(tmp_path / "two.loom")).predict([np.ones((2, 3), np.float32)] * 2, verbose=0)
    assert np.array_equal(answer, again)
