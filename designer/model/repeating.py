"""Blocks in a row: copies of a group of layers, one after the other, each with weights of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from designer.model.folding import folding_of, places
from designer.model.grouping import chosen_groups, fresh_group, grouped, numbered_first
from designer.model.groups import Group, groups_of, own_name
from designer.text import tr
from engine.errors import GraphError
from engine.families import numbered
from engine.graph import Edge, Graph
from engine.infer import NODE_STEP, infer
from engine.project import Project

#: The most blocks in a row, and the most layers of a network that repeating may make.
MOST, MOST_LAYERS = 100, 5_000
_COUNTED = re.compile(r"(?P<stem>.+)_(?P<number>[1-9]\d*)$", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A part of a network through which data flow from one place to one place.

    Attributes:
        nodes: its layers.
        source: the layer and the output outside that everything entering comes from.
        exit: the layer and the output inside that everything leaving comes from.
    """

    nodes: tuple[str, ...]
    source: tuple[str, str]
    exit: tuple[str, str]


def block_of(graph: Graph, nodes: Collection[str]) -> Block:
    """Some layers as a block.

    Raises:
        GraphError: data enter or leave at no place, or at several.
    """
    entering = [e for key in nodes for e in graph.into(key) if e.source not in nodes]
    sources = dict.fromkeys((e.source, e.source_port) for e in entering)
    leaving = [e for key in nodes for e in graph.out_of(key) if e.target not in nodes]
    ends = [(key, port.name) for key in nodes if not graph.out_of(key) for port in graph.nodes[key].layer.outputs]
    exits = dict.fromkeys([*((e.source, e.source_port) for e in leaving), *ends])
    inputs = [graph.nodes[key].name for key in nodes if not graph.nodes[key].layer.inputs]
    if inputs:
        raise GraphError(tr("Data enter the network at '{name}'; a block that is repeated has no such layer.",
                            name=inputs[0]))  # fmt: skip
    for places_, what in ((sources, tr("enter")), (exits, tr("leave"))):
        if len(places_) != 1:
            raise GraphError(
                tr("Only a block can be repeated in which data {what} at exactly one place; here they do at {count}.",
                   what=what, count=len(places_))
            )  # fmt: skip
    ordered = tuple(key for key in graph.nodes if key in nodes)
    return Block(ordered, next(iter(sources)), next(iter(exits)))


def series_of(graph: Graph, group: Group) -> tuple[Group, ...]:
    """The row of blocks that a group stands in: ``block_1``, ``block_2`` and so on, alike and one behind the other.

    Returns:
        The groups in order; the group alone when it stands in no row.
    """
    found = _COUNTED.fullmatch(group.name)
    by_name = {other.name: other for other in groups_of(graph)}
    row: list[Group] = []
    while found and (following := by_name.get(f"{found['stem']}_{len(row) + 1}")) is not None:
        if row and not _follows(graph, row[-1], following):
            break
        row.append(following)
    return tuple(row) if group in row else (group,)


def repeated(project: Project, ids: Collection[str], count: int, taken: Iterable[str] = ()) -> Project:
    """With a block, or the row in which it stands, a number of times in a row.

    Args:
        project: what is edited.
        ids: the block's layers; they become a group where they are none.
        count: how many blocks there are afterwards.
        taken: ids that no copy may get.

    Raises:
        GraphError: a bad count, no block, or one that cannot follow itself.
    """
    if isinstance(count, bool) or not 1 <= count <= MOST:
        raise GraphError(tr("A block can stand 1 to {most} times in a row, not {count} times.", most=MOST, count=count))
    project, row = _row(project, ids)
    while len(row) > count:
        project = _shortened(project, row.pop())
    size = len(row[-1].nodes)
    if len(project.graph.nodes) + size * (count - len(row)) > MOST_LAYERS:
        raise GraphError(tr("That would be more than {most:,} layers. Choose a smaller number.", most=MOST_LAYERS))
    known = infer(project.graph)
    grown = project
    reserved = {*project.graph.nodes, *taken}
    first = len(row) + 1
    for number in range(first, count + 1):
        grown, row = _extended(grown, row, number, reserved)
        if number in (first, count):
            found = infer(grown.graph)
            if len(found.errors) > len(known.errors):
                before = {problem.text for problem in known.errors}
                fault = next((p.text for p in found.errors if p.text not in before), found.errors[0].text)
                raise GraphError(tr("This block cannot follow itself. {problem}", problem=tr(fault)))
    return grown


def _row(project: Project, ids: Collection[str]) -> tuple[Project, list[Group]]:
    """The row in which some layers stand, whose first block bears the number 1."""
    block_of(project.graph, ids)
    whole = [group for group in chosen_groups(groups_of(project.graph), ids) if set(group.nodes) == set(ids)]
    if not whole:
        project = grouped(project, ids, fresh_group(project.graph))
        whole = [group for group in groups_of(project.graph) if set(group.nodes) == set(ids)][:1]
    row = list(series_of(project.graph, whole[0]))
    if len(row) == 1 and not row[0].name.endswith("_1"):
        project = numbered_first(project, row[0])
        row = [group for group in groups_of(project.graph) if set(group.nodes) == set(ids)][:1]
    for group in row:
        block_of(project.graph, group.nodes)
    return project, row


def _follows(graph: Graph, first: Group, second: Group) -> bool:
    """Whether a block takes all it takes from another one and is made alike."""
    try:
        before, after = block_of(graph, first.nodes), block_of(graph, second.nodes)
    except GraphError:
        return False
    return after.source == before.exit and _structure(graph, before) == _structure(graph, after)


def _structure(graph: Graph, block: Block) -> tuple[object, ...]:
    places = {key: number for number, key in enumerate(block.nodes)}
    kinds = tuple((type(graph.nodes[key].layer), own_name(graph.nodes[key])) for key in block.nodes)
    wires = sorted(
        (places.get(e.source, -1), places[e.target], e.source_port if e.source in places else "", e.target_port)
        for key in block.nodes
        for e in graph.into(key)
    )
    return kinds, tuple(wires), places[block.exit[0]], block.exit[1]


def _extended(project: Project, row: Sequence[Group], number: int, reserved: set[str]) -> tuple[Project, list[Group]]:
    """With one more block behind the last of a row."""
    graph, last = project.graph, row[-1]
    block, (far, lower) = block_of(graph, last.nodes), _below(project, last)
    part = graph.part(block.nodes)
    _, names = Graph().merged(part, taken=reserved | set(graph.nodes))
    made = _copied(part, names, last, number, far)
    edges = [_led_on(edge, block, names) for edge in graph.edges]
    for edge in graph.edges:
        if edge.target in names:
            inner = edge.source in names
            start = (names[edge.source], edge.source_port) if inner else block.exit
            edges.append(replace(edge, source=start[0], source_port=start[1], target=names[edge.target]))
    grown = Graph({**graph.moved(lower, (0.0, far)).nodes, **made.nodes}, numbered(edges))
    ends = {block.exit[0]: names[block.exit[0]]} if all(e.target in names for e in graph.out_of(block.exit[0])) else {}
    after = _judged(project.with_graph(grown), ends)
    if last.name in project.sketch.folded:
        after = after.with_sketch(after.sketch.fold(_numbered_name(last, number)))
    return after, [*row, next(g for g in groups_of(grown) if set(g.nodes) == set(names.values()))]


def _led_on(edge: Edge, block: Block, names: Mapping[str, str]) -> Edge:
    """A wire that left a block leaves its copy now."""
    leaves = edge.source in names and edge.target not in names
    return replace(edge, source=names[edge.source]) if leaves else edge


def _numbered_name(group: Group, number: int) -> str:
    return f"{group.name.rpartition('_')[0]}_{number}"


def _copied(part: Graph, names: Mapping[str, str], group: Group, number: int, far: float) -> Graph:
    depth, nodes = group.name.count("/"), {}
    for key, node in part.nodes.items():
        parts = node.name.split("/")
        parts[depth] = _numbered_name(group, number).rpartition("/")[2]
        x, y = node.position
        nodes[names[key]] = replace(
            node,
            id=names[key],
            label="/".join(parts),
            position=(x, y + far),
            shares=names.get(node.shares, ""),
        )
    return Graph(nodes)


def _shortened(project: Project, last: Group) -> Project:
    """Without the last block of a row: what read from it reads from the one before."""
    graph = project.graph
    block, (far, lower) = block_of(graph, last.nodes), _below(project, last)
    nodes = set(block.nodes)
    edges = []
    for edge in graph.edges:
        if edge.source in nodes and edge.target not in nodes:
            edges.append(replace(edge, source=block.source[0], source_port=block.source[1]))
        elif edge.target not in nodes:
            edges.append(edge)
    rest = replace(graph.without(nodes), edges=numbered(edges))
    ends = {block.exit[0]: block.source[0]}
    return _judged(project.with_graph(rest.moved(lower, (0.0, -far))), ends)


def _below(project: Project, group: Group) -> tuple[float, list[str]]:
    """How far below a block the next one stands, and which layers are shown below it."""
    folded = folding_of(project.graph, groups_of(project.graph), project.sketch.folded)
    shown = places(project.graph, folded)
    tops = [shown[key][1] for key in group.nodes]
    members = set(group.nodes)
    lower = [key for key, (_, y) in shown.items() if key not in members and y > max(tops)]
    return max(tops) - min(tops) + NODE_STEP, lower


def _judged(project: Project, ends: Mapping[str, str]) -> Project:
    """With what judged an output judging the one in its place."""
    targets = tuple(replace(target, node=ends.get(target.node, target.node)) for target in project.targets)
    return replace(project, targets=targets)
