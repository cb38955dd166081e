"""Folded groups: which layers and wires are not shown, and what stands for them. Found once for each change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from designer.model.groups import Group, groups_of
from engine.families import numbered
from engine.graph import Edge, Graph, Position
from engine.project import Project


@dataclass(frozen=True)
class Card:
    """A folded group, shown as one card.

    Attributes:
        group: the group.
        entering: wires into it, by port of the card: those from one output share a port.
        leaving: wires out of it, likewise.
    """

    group: Group
    entering: tuple[tuple[Edge, ...], ...] = ()
    leaving: tuple[tuple[Edge, ...], ...] = ()


@dataclass(frozen=True)
class Folding:
    """What is folded in a network.

    Attributes:
        cards: by the name of the group; a folded group within a folded one has none.
        of: by layer that is not shown, the name of the group that stands for it.
        hidden: wires that are not shown: inner ones, and further ones between the same two places.
        inner: names of the groups within those folded.
    """

    cards: Mapping[str, Card] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[Edge] = frozenset()
    inner: frozenset[str] = frozenset()

    def block(self, node: str) -> tuple[str, ...]:
        """All layers that are shown as one thing with a layer."""
        return self.cards[self.of[node]].group.nodes if node in self.of else (node,)

    def whole(self, ids: Collection[str]) -> Card | None:
        """The card of which exactly the layers are given, if there is one."""
        first = next(iter(ids), "")
        card = self.cards.get(self.of.get(first, ""))
        return card if card is not None and set(card.group.nodes) == set(ids) else None


#: Nothing is folded.
OPEN = Folding()


def folding(project: Project) -> Folding:
    """What is folded in a project."""
    folded = project.sketch.folded
    return folding_of(project.graph, groups_of(project.graph), folded) if folded else OPEN


def folding_of(graph: Graph, groups: Sequence[Group], folded: Collection[str]) -> Folding:
    """What is shown of a network instead of its folded groups.

    Args:
        graph: the network.
        groups: its groups, outer ones first.
        folded: names of groups; those that do not exist change nothing.
    """
    chosen: list[Group] = []
    inner: set[str] = set()
    by_name = {group.name: group for group in groups}
    for group in groups:
        if group.name in folded and group.name not in inner:
            chosen.append(group)
            inner |= _within(group, by_name)
    if not chosen:
        return OPEN
    of = {key: group.name for group in chosen for key in group.nodes}
    entering: dict[str, dict[tuple[str, str], list[Edge]]] = {group.name: {} for group in chosen}
    leaving: dict[str, dict[tuple[str, str], list[Edge]]] = {group.name: {} for group in chosen}
    hidden: set[Edge] = set()
    shown: set[tuple[str, str, str, str]] = set()
    for edge in graph.edges:
        source, target = of.get(edge.source, ""), of.get(edge.target, "")
        if not source and not target:
            continue
        if source == target:
            hidden.add(edge)
            continue
        port = edge.source, edge.source_port
        if target:
            entering[target].setdefault(port, []).append(edge)
        if source:
            leaving[source].setdefault(port, []).append(edge)
        way = (*port, target or edge.target, "" if target else edge.target_port)
        if target and way in shown:
            hidden.add(edge)
        shown.add(way)
    cards = {
        group.name: Card(
            group,
            _sorted(graph, entering[group.name].values(), lambda edge: edge.target),
            _sorted(graph, leaving[group.name].values(), lambda edge: edge.source),
        )
        for group in chosen
    }
    return Folding(cards, of, frozenset(hidden), frozenset(inner))


def _within(group: Group, by_name: Mapping[str, Group]) -> set[str]:
    found: set[str] = set()
    todo = list(group.inner)
    while todo:
        name = todo.pop()
        found.add(name)
        todo += by_name[name].inner
    return found


def _sorted(graph: Graph, ports: Iterable[list[Edge]], inner: Callable[[Edge], str]) -> tuple[tuple[Edge, ...], ...]:
    """Ports from left to right as the layers within stand, so that few wires cross."""
    return tuple(tuple(edges) for edges in sorted(ports, key=lambda edges: graph.nodes[inner(edges[0])].position[0]))


def place_of(graph: Graph, nodes: Iterable[str]) -> Position:
    """Where the card of some layers stands: at the uppermost, midway between the outermost."""
    places = [graph.nodes[key].position for key in nodes]
    across = [x for x, _ in places]
    return (min(across) + max(across)) / 2, min(y for _, y in places)


def places(graph: Graph, folding: Folding) -> dict[str, Position]:
    """Where every layer is shown: at its own place, or where the card of its group stands."""
    found = {name: place_of(graph, card.group.nodes) for name, card in folding.cards.items()}
    return {key: found[folding.of[key]] if key in folding.of else node.position for key, node in graph.nodes.items()}


def contracted(graph: Graph, folding: Folding) -> Graph:
    """A network in which one layer of each folded group stands for all of it.

    Where data leave a group and come back, its wires make a circle.
    """
    if not folding.cards:
        return graph
    nodes = graph.nodes
    stand = {name: _standing(graph, card.group) for name, card in folding.cards.items()}
    by = {key: stand[name] for key, name in folding.of.items()}
    ports = {key: layer.inputs[0].name for key in stand.values() if (layer := nodes[key].layer).inputs}
    at = places(graph, folding)
    shown = {key: replace(node, position=at[key]) for key, node in nodes.items() if by.get(key, key) == key}
    edges = (
        replace(
            edge,
            source=by.get(edge.source, edge.source),
            target=by.get(edge.target, edge.target),
            target_port=ports.get(by.get(edge.target, ""), edge.target_port),
        )
        for edge in graph.edges
        if edge not in folding.hidden
    )
    return Graph(shown, numbered(edges))


def _standing(graph: Graph, group: Group) -> str:
    """The first layer that wires can enter."""
    return next((key for key in group.nodes if graph.nodes[key].layer.inputs), group.nodes[0])


def spread_out(graph: Graph, folding: Folding, moved: Mapping[str, Position]) -> dict[str, Position]:
    """Places of all layers when what is shown stands elsewhere: those of a folded group move together."""
    at = places(graph, folding)
    found: dict[str, Position] = {}
    for key, (x, y) in moved.items():
        way = x - at[key][0], y - at[key][1]
        for member in folding.block(key):
            before = graph.nodes[member].position
            found[member] = before[0] + way[0], before[1] + way[1]
    return found


def room(graph: Graph, folding: Folding, group: Group, card: Position, folds: bool) -> Graph:
    """With the layers around a group moved as it is folded or unfolded.

    Folding closes the gap where nothing stands beside the group; unfolding makes room where its layers would cover
    others. In a chain the one takes the other back.

    Args:
        graph: the network.
        folding: what is folded while the group is open.
        group: it.
        card: width and height of a card.
        folds: whether it is being folded.
    """
    wide, high = card
    at = places(graph, folding)
    own = [at[key] for key in group.nodes]
    left, right = min(x for x, _ in own), max(x for x, _ in own) + wide
    top, last = min(y for _, y in own), max(y for _, y in own)
    members = set(group.nodes)
    others = [key for key in graph.nodes if key not in members]
    level = [key for key in others if top - high < at[key][1] < last + high]
    if folds:
        moved = [] if level else [key for key in others if at[key][1] > last]
        return graph.moved(moved, (0.0, top - last)) if last > top else graph
    if any(left - wide < at[key][0] < right for key in level):
        return graph.moved([key for key in others if at[key][1] > top], (0.0, last - top))
    return graph
