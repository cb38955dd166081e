"""The network as an immutable value: nodes, edges, and edits that return new graphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.catalogue.layers.base import Layer, Port
from engine.errors import GraphError
from engine.families import inherited, numbered
from engine.wiring import departing, entering, families, ordered

Position = tuple[float, float]
#: How far to the right of each other nodes stand that one edit inserts (canvas units).
NODE_ASIDE = 250.0
#: What a graph finds out once and what places, names and parameters do not change.
_LASTING = ("_into", "_out_of", "order", "_families", "lenders", "frozen")


@dataclass(frozen=True)
class Node:
    """A layer at a place on the canvas.

    Attributes:
        id: unique in its graph and kept for life: weights carry over by it.
        layer: the declaration.
        position: canvas coordinates of the top left corner.
        label: the user's own name for it; empty means the id.
        trainable: whether training changes its weights.
        shares: id of the node whose weights it uses, which is no sharer itself; empty when it has its own.
    """

    id: str
    layer: Layer
    position: Position = (0.0, 0.0)
    label: str = ""
    trainable: bool = True
    shares: str = ""

    @property
    def name(self) -> str:
        """What people read."""
        return self.label or self.id


@dataclass(frozen=True)
class Edge:
    """A wire from an output port to an input port.

    Attributes:
        source, target: ids of the nodes.
        source_port, target_port: names of their ports.
        repeat: 0, or which of several equal wires it is (``x · x`` takes two).
    """

    source: str
    target: str
    source_port: str = "y"
    target_port: str = "x"
    repeat: int = 0


@dataclass(frozen=True)
class Graph:
    """Nodes and edges; the order of edges into a ``many`` port is the order of its inputs."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()

    # -- reading ---------------------------------------------------------------------------

    def into(self, node: str) -> tuple[Edge, ...]:
        """Edges that end at a node, in port order."""
        return self._into.get(node, ())

    def out_of(self, node: str) -> tuple[Edge, ...]:
        """Edges that start at a node."""
        return self._out_of.get(node, ())

    @cached_property
    def _into(self) -> dict[str, tuple[Edge, ...]]:
        return entering(self.nodes, self.edges)

    @cached_property
    def _out_of(self) -> dict[str, tuple[Edge, ...]]:
        return departing(self.edges)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids so that every wire points forward; ties keep the order of insertion."""
        return ordered(self.nodes, self._into, self._out_of)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Nodes without input ports: where data enter."""
        return tuple(key for key, node in self.nodes.items() if not node.layer.inputs)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Nodes whose output goes nowhere: what the network answers."""
        return tuple(key for key in self.nodes if not self.out_of(key))

    def upstream(self, node: str) -> frozenset[str]:
        """A node and everything it depends on."""
        return self._reach(node, lambda key: (edge.source for edge in self.into(key)))

    def downstream(self, node: str) -> frozenset[str]:
        """A node and everything that depends on it."""
        return self._reach(node, lambda key: (edge.target for edge in self.out_of(key)))

    def _reach(self, start: str, step: Callable[[str], Iterable[str]]) -> frozenset[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            key = todo.pop()
            if key not in seen:
                seen.add(key)
                todo.extend(step(key))
        return frozenset(seen)

    def owner(self, node: str) -> str:
        """The node whose weights a node uses: itself, or the one it shares them with."""
        return self.nodes[node].shares or node

    def family(self, node: str) -> tuple[str, ...]:
        """All nodes that use the same weights as a node, itself included."""
        return self._families[self.owner(node)]

    @cached_property
    def _families(self) -> dict[str, tuple[str, ...]]:
        return families(self.nodes)

    @cached_property
    def lenders(self) -> tuple[str, ...]:
        """Nodes whose weights others use too, in the order of insertion."""
        return tuple(owner for owner, keys in self._families.items() if len(keys) > 1)

    @cached_property
    def frozen(self) -> frozenset[str]:
        """Nodes whose weights training leaves as they are."""
        return frozenset(key for key in self.nodes if not self.nodes[self.owner(key)].trainable)

    def fresh_id(self, layer: Layer | type[Layer], taken: Iterable[str] = ()) -> str:
        """An unused id in Keras's manner: ``dense``, ``dense_1``, ``max_pooling2d``."""
        return unused_id(layer, {*self.nodes, *taken}, Counter())

    # -- edits: each returns a new graph ------------------------------------------------------

    def add(self, node: Node) -> Graph:
        """With one more node.

        Raises:
            GraphError: the id is taken.
        """
        if node.id in self.nodes:
            raise GraphError(f"There is already a layer called '{node.id}'. Choose another name.")
        return replace(self, nodes={**self.nodes, node.id: node})

    def connect(self, edge: Edge) -> Graph:
        """With one more wire; a wire already in a single input port is replaced.

        A port that takes several wires takes the same one several times, too.

        Raises:
            GraphError: unknown node or port, the wire exists, or it would close a circle.
        """
        port = self._check_ports(edge)
        if not port.many and edge in self.edges:
            raise GraphError(f"'{edge.source}' is already connected to '{edge.target}'.")
        while edge in self.edges:
            edge = replace(edge, repeat=edge.repeat + 1)
        if edge.source in self.downstream(edge.target):
            raise GraphError(
                f"Connecting '{edge.source}' to '{edge.target}' would close a circle: "
                f"'{edge.target}' already leads to '{edge.source}'. Data must flow one way."
            )
        kept = self.edges
        if not port.many:
            kept = tuple(e for e in kept if (e.target, e.target_port) != (edge.target, edge.target_port))
        return replace(self, edges=(*kept, edge))

    def _check_ports(self, edge: Edge) -> Port:
        for key in (edge.source, edge.target):
            if key not in self.nodes:
                raise GraphError(f"There is no layer called '{key}'.")
        sources = [port.name for port in self.nodes[edge.source].layer.outputs]
        targets = {port.name: port for port in self.nodes[edge.target].layer.inputs}
        if edge.source_port not in sources:
            raise GraphError(f"'{edge.source}' has no output called '{edge.source_port}'.")
        if edge.target_port not in targets:
            raise GraphError(f"'{edge.target}' takes no input called '{edge.target_port}'.")
        return targets[edge.target_port]

    def without(self, ids: Iterable[str]) -> Graph:
        """Without some nodes and every wire that touches them."""
        gone = set(ids)
        return Graph(
            inherited({key: node for key, node in self.nodes.items() if key not in gone}),
            tuple(e for e in self.edges if e.source not in gone and e.target not in gone),
        )

    def disconnected(self, edges: Iterable[Edge]) -> Graph:
        """Without some wires."""
        gone = set(edges)
        return replace(self, edges=numbered(e for e in self.edges if e not in gone))

    def moved(self, ids: Iterable[str], delta: Position) -> Graph:
        """With some nodes shifted."""
        chosen = set(ids)
        shifted = {
            key: replace(node, position=(node.position[0] + delta[0], node.position[1] + delta[1]))
            for key, node in self.nodes.items()
            if key in chosen
        }
        return self._dressed(shifted)

    def placed(self, positions: Mapping[str, Position]) -> Graph:
        """With some nodes at given places."""
        placed = {key: replace(self.nodes[key], position=place) for key, place in positions.items()}
        return self._dressed(placed)

    def _dressed(self, changed: Mapping[str, Node]) -> Graph:
        """With nodes that differ in nothing that wires or families depend on, so what is known of those stays."""
        graph = Graph({**self.nodes, **changed}, self.edges)
        graph.__dict__.update({name: self.__dict__[name] for name in _LASTING if name in self.__dict__})
        return graph

    def with_layer(self, node: str, layer: Layer) -> Graph:
        """With another declaration in a node and in those that share its weights.

        Wires to ports that no longer exist go, and so do all but the first into a port that takes one only.
        """
        changed = self
        for key in self.family(node):
            changed = changed._relayered(key, layer)
        return changed

    def _relayered(self, node: str, layer: Layer) -> Graph:
        before = self.nodes[node]
        changed = self._dressed({node: replace(before, layer=layer)})
        if (before.layer.inputs, before.layer.outputs) == (layer.inputs, layer.outputs):
            return changed
        single = {port.name for port in layer.inputs if not port.many}
        inputs = {port.name for port in layer.inputs}
        outputs = {port.name for port in layer.outputs}
        kept: list[Edge] = []
        for edge in self.edges:
            if edge.source == node and edge.source_port not in outputs:
                continue
            if edge.target == node and edge.target_port not in inputs:
                continue
            if edge.target == node and edge.target_port in single:
                single.remove(edge.target_port)
                inputs.remove(edge.target_port)
            kept.append(edge)
        return Graph(changed.nodes, numbered(kept))

    def with_trainable(self, ids: Iterable[str], trainable: bool) -> Graph:
        """With nodes, and those that share their weights, trained or left as they are."""
        chosen = {key for node in ids for key in self.family(node)}
        changed = {key: replace(self.nodes[key], trainable=trainable) for key in chosen}
        return replace(self, nodes={key: changed.get(key, node) for key, node in self.nodes.items()})

    def sharing(self, node: str, owner: str) -> Graph:
        """With a node that uses the weights of another; it takes over that one's declaration.

        Raises:
            GraphError: one of them does not exist, or they are the same.
        """
        for key in (node, owner):
            if key not in self.nodes:
                raise GraphError(f"There is no layer called '{key}'.")
        if node == owner:
            raise GraphError(f"'{node}' cannot share its weights with itself. Choose another layer.")
        apart = self.independent([node])
        model = apart.nodes[apart.owner(owner)]
        changed = apart._relayered(node, model.layer)
        mine = replace(changed.nodes[node], shares=model.id, trainable=model.trainable)
        return replace(changed, nodes={**changed.nodes, node: mine})

    def independent(self, ids: Iterable[str]) -> Graph:
        """With nodes that have weights of their own; whoever shared those of a node keeps to the next."""
        nodes = dict(self.nodes)
        for key in ids:
            others = {other: nodes[other] for other in nodes if other != key}
            nodes = {**nodes, **inherited(others), key: replace(nodes[key], shares="")}
        return replace(self, nodes=nodes)

    def labelled(self, node: str, label: str) -> Graph:
        """With the user's own name on a node."""
        return self._dressed({node: replace(self.nodes[node], label=label.strip())})

    def renamed(self, node: str, key: str) -> Graph:
        """With another id for a node; everything else, also the order, stays.

        Raises:
            GraphError: the new id is taken.
        """
        if key in self.nodes:
            raise GraphError(f"There is a node '{key}' already. Choose another id.")
        nodes = {
            key if n == node else n: replace(
                v, id=key if n == node else n, shares=key if v.shares == node else v.shares
            )
            for n, v in self.nodes.items()
        }
        edges = (
            replace(edge, source=key if edge.source == node else edge.source,
                    target=key if edge.target == node else edge.target)
            for edge in self.edges
        )  # fmt: skip
        return Graph(nodes, tuple(edges))

    def inserted_before(self, node: Node, target: str, wires: Iterable[Edge] | None = None) -> Graph:
        """With a node put into wires that enter ``target``, which keep their order.

        Every further wire gets a node of its own, a copy under a fresh id to the right of the last.

        Args:
            node: what to insert.
            target: the node in front of which it goes.
            wires: the wires to put it into; all wires of the first connected port if left out.
        """
        entering = self.into(target)
        wanted = [e for e in entering if e.target_port == entering[0].target_port] if wires is None else wires
        chosen = set(wanted) & set(entering)
        if not chosen or node.id in self.nodes:
            return self.add(node)
        nodes, edges = dict(self.nodes), list[Edge]()
        added = node
        for edge in self.edges:
            if edge not in chosen:
                edges.append(edge)
                continue
            if added.id in nodes:
                x, y = added.position
                added = replace(node, id=self.fresh_id(node.layer, nodes), position=(x + NODE_ASIDE, y))
            nodes[added.id] = added
            edges.append(replace(edge, target=added.id, target_port=node.layer.inputs[0].name))
            edges.append(replace(edge, source=added.id, source_port=node.layer.outputs[0].name))
        return Graph(nodes, numbered(edges))

    def inserted_after(self, node: Node, source: str) -> Graph:
        """With a node put behind the first output of ``source``: the wires that left there leave the node."""
        port = self.nodes[source].layer.outputs[0].name
        grown = self.add(node)
        leaving = replace(Edge(source, node.id), source_port=port, target_port=node.layer.inputs[0].name)
        moved = tuple(
            replace(e, source=node.id, source_port=node.layer.outputs[0].name)
            if (e.source, e.source_port) == (source, port)
            else e
            for e in self.edges
        )
        return replace(grown, edges=(*moved, leaving))

    def part(self, ids: Iterable[str]) -> Graph:
        """Only some nodes and the wires among them (what copying takes)."""
        return self.without(set(self.nodes) - set(ids))

    def merged(
        self, other: Graph, delta: Position = (0.0, 0.0), taken: Iterable[str] = ()
    ) -> tuple[Graph, dict[str, str]]:
        """With another graph's nodes added under fresh ids, none of them ``taken`` (what pasting does).

        Returns:
            The new graph and the new id of each pasted node.
        """
        names: dict[str, str] = {}
        nodes, used, counts = dict(self.nodes), {*self.nodes, *taken}, Counter[str]()
        for key, node in other.nodes.items():
            names[key] = unused_id(node.layer, used, counts)
            used.add(names[key])
            x, y = node.position
            nodes[names[key]] = replace(node, id=names[key], position=(x + delta[0], y + delta[1]))
        for name in names.values():
            nodes[name] = replace(nodes[name], shares=names.get(nodes[name].shares, ""))
        edges = tuple(replace(e, source=names[e.source], target=names[e.target]) for e in other.edges)
        return Graph(nodes, self.edges + edges), names


def unused_id(layer: Layer | type[Layer], used: Collection[str], counts: Counter[str]) -> str:
    """The first id for a layer that is not in use; ``counts`` keeps how far each stem was tried."""
    stem = snake(layer.key)
    while (key := f"{stem}_{counts[stem]}" if counts[stem] else stem) in used:
        counts[stem] += 1
    return key


def snake(name: str) -> str:
    """``MaxPooling2D`` to ``max_pooling2d``, as Keras names its layers."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9a-zA-Z])(?=[A-Z][a-z])", "_", name).lower()
