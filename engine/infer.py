"""Shapes through the whole graph, with a problem on every node that cannot go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.catalogue.layers.base import Layer
from engine.component import registry
from engine.errors import LayerloomError, Remedy, ShapeError
from engine.graph import Graph, Node
from engine.problems import Fix, Problem
from engine.tensor_spec import TensorSpec, WeightSpec, shape_text

Specs = tuple[TensorSpec, ...]


@dataclass(frozen=True)
class Inference:
    """What is known about every node.

    Attributes:
        inputs: incoming specs by node; missing where they are not known.
        outputs: outgoing specs by node and in port order; likewise.
        weights: weight specs by node, also of nodes that share them with another.
        problems: everything found, in the order of the graph.
        sharers: nodes that use another's weights.
        frozen: nodes whose weights training leaves as they are.
        indexes: by Input node the layers that look something up by its numbers, and below which number each stays.
        graph: the network that was looked at.
    """

    inputs: Mapping[str, Specs] = field(default_factory=dict)
    outputs: Mapping[str, Specs] = field(default_factory=dict)
    weights: Mapping[str, tuple[WeightSpec, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sharers: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    indexes: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    graph: Graph | None = field(default=None, repr=False, compare=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that prevent training."""
        return tuple(p for p in self.problems if p.severity == "error")

    def parameter_count(self, node: str | None = None) -> tuple[int, int]:
        """Numbers that training changes and others, in one node or in all; shared ones count once in all."""
        chosen = [node] if node is not None else [key for key in self.weights if key not in self.sharers]
        trained = fixed = 0
        for key in chosen:
            for spec in self.weights.get(key, ()):
                if spec.trainable and key not in self.frozen:
                    trained += spec.size
                else:
                    fixed += spec.size
        return trained, fixed


def infer(graph: Graph, before: Inference | None = None) -> Inference:
    """Carry specs from the inputs to the outputs.

    Args:
        graph: the network.
        before: what is known of a network much like it, as before an edit: layers that are the same there and take the
            same wires from layers whose outputs are the same are not asked again. The result is the same without it.
    """
    inputs: dict[str, Specs] = {}
    outputs: dict[str, Specs] = {}
    weights: dict[str, tuple[WeightSpec, ...]] = {}
    problems: list[Problem] = []
    suspects = None if before is None or before.graph is None else _suspects(graph, before, before.graph)
    for key in graph.order:
        if before is not None and suspects is not None and key not in suspects:
            inputs[key], outputs[key], weights[key] = before.inputs[key], before.outputs[key], before.weights[key]
            continue
        node = graph.nodes[key]
        if before is not None and _stays(graph, node, before, outputs):
            inputs[key], outputs[key], weights[key] = before.inputs[key], before.outputs[key], before.weights[key]
            _check_family(graph, key, outputs, weights, problems)
            continue
        if suspects is not None:
            suspects.update(edge.target for edge in graph.out_of(key))  # what it puts out may be something else now
        arriving = _arriving(graph, node, outputs, problems)
        if arriving is None:
            continue
        inputs[key] = arriving
        try:
            found = leaving(node.layer, arriving)
            owned = node.layer.weights(arriving)
        except LayerloomError as error:
            fix = fix_of(key, error.remedy) if isinstance(error, ShapeError) else None
            problems.append(Problem(str(error), key, fix=fix))
            continue
        # Equal specs stay the same objects, so that what lies behind them is not asked again.
        outputs[key] = before.outputs[key] if before is not None and before.outputs.get(key) == found else found
        weights[key] = owned
        _check_family(graph, key, outputs, weights, problems)
    sharers = frozenset(key for key, node in graph.nodes.items() if node.shares)
    return Inference(inputs, outputs, weights, tuple(problems), sharers, graph.frozen, looked_up(graph), graph)


def _suspects(graph: Graph, before: Inference, old: Graph) -> set[str]:
    """Nodes that must be looked at one by one; all others have the layer, the wires and the weights they had."""
    known, nodes = before.outputs, graph.nodes
    found = {key for key, node in nodes.items() if key not in known or old.nodes[key].layer is not node.layer}
    found.update(key for owner in graph.lenders for key in graph.family(owner))
    found.update(edge.target for key in list(found) for edge in graph.out_of(key))
    found.update(key for key in nodes if graph.into(key) != old.into(key))
    return found


def _stays(graph: Graph, node: Node, before: Inference, outputs: Mapping[str, Specs]) -> bool:
    """Whether a node has the layer it had, and is given what it was given."""
    old, known = before.graph, before.outputs
    if old is None or node.id not in known or old.nodes[node.id].layer is not node.layer:
        return False
    edges = graph.into(node.id)
    return edges == old.into(node.id) and all(
        edge.source in outputs
        and outputs[edge.source] is known.get(edge.source)
        and graph.nodes[edge.source].layer.outputs == old.nodes[edge.source].layer.outputs
        for edge in edges
    )


def _check_family(
    graph: Graph,
    key: str,
    outputs: dict[str, Specs],
    weights: dict[str, tuple[WeightSpec, ...]],
    problems: list[Problem],
) -> None:
    """Take a node's shapes back where it cannot use the weights it shall share."""
    unequal = _unequal(graph, key, weights) if len(graph.family(key)) > 1 else None
    if unequal is not None:
        problems.append(unequal)
        del outputs[key], weights[key]


def _unequal(graph: Graph, key: str, weights: Mapping[str, tuple[WeightSpec, ...]]) -> Problem | None:
    """What keeps a node from using the same weights as those of its family that came before."""
    before = next((other for other in graph.family(key) if other != key and other in weights), None)
    if before is None:
        return None
    node, other = graph.nodes[key], graph.nodes[before]
    ours, theirs = ({spec.name: spec.shape for spec in weights[name]} for name in (key, before))
    if ours == theirs and node.layer == other.layer:
        return None
    fix = Fix("Make independent", lambda changed: changed.independent([key] if key in changed.nodes else []))
    differing = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if not differing:
        text = f"'{node.name}' shares its weights with '{other.name}' but has other parameters."
        return Problem(f"{text} Give both the same parameters, or make it independent.", key, fix=fix)
    name = differing[0]
    here, there = (shape_text(found[name]) if name in found else "nothing" for found in (ours, theirs))
    text = f"'{node.name}' shares its weights with '{other.name}', whose {name} is {there}; here it would be {here}."
    return Problem(f"{text} Bring both inputs to one shape, or make it independent.", key, fix=fix)


def looked_up(graph: Graph) -> dict[str, tuple[tuple[str, int], ...]]:
    """Which layers read an Input's numbers as they are and as places in a table (``Inference.indexes``)."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for key, node in graph.nodes.items():
        limit = node.layer.index_range
        if limit is None:
            continue
        for edge in graph.into(key):
            source = edge.source
            while graph.nodes[source].layer.view and graph.into(source):
                source = graph.into(source)[0].source
            if not graph.nodes[source].layer.inputs:
                found[source] = (*found.get(source, ()), (key, limit))
    return found


def carriers(graph: Graph) -> tuple[str, ...]:
    """Nodes that hand states on from each row of a batch to the same row of the next, in order."""
    return tuple(key for key in graph.order if graph.nodes[key].layer.carries)


def leaving(layer: Layer, arriving: Specs) -> Specs:
    """What a layer puts out, with the masks that go along, once its activity regularizer has looked at the shapes.

    Raises:
        ShapeError: layer or regularizer is not made for what arrives.
    """
    specs, penalty = layer.infer(arriving), layer.activity_penalty
    if penalty is not None:
        checked: Any = penalty
        for port, spec in zip(layer.outputs, specs, strict=True):
            checked.check(port.name, (1, *(size or 1 for size in spec.shape)), "output")
    carried = layer.masked(arriving)
    return tuple(replace(spec, masked=carried[min(n, len(carried) - 1)]) for n, spec in enumerate(specs))


def _arriving(graph: Graph, node: Node, outputs: Mapping[str, Specs], problems: list[Problem]) -> Specs | None:
    edges = graph.into(node.id)
    taken = {edge.target_port for edge in edges}
    for port in node.layer.inputs:
        if port.name not in taken and not port.optional:
            which = f" ('{port.name}')" if len([p for p in node.layer.inputs if not p.optional]) > 1 else ""
            problems.append(
                Problem(
                    f"'{node.name}' has nothing connected to its input{which}. "
                    "Drag a wire from another layer's output to it.",
                    node.id,
                )
            )
            return None
    if any(edge.source not in outputs for edge in edges):
        return None  # the fault lies further up and is reported there
    found = []
    for edge in edges:
        ports = [port.name for port in graph.nodes[edge.source].layer.outputs]
        found.append(outputs[edge.source][ports.index(edge.source_port)])
    return tuple(found)


def fix_of(key: str, remedy: Remedy | None) -> Fix | None:
    """A remedy at a node as an edit of the graph."""
    if remedy is None:
        return None
    return Fix(remedy.label, lambda graph: apply_remedy(graph, key, remedy))


def apply_remedy(graph: Graph, key: str, remedy: Remedy) -> Graph:
    """Carry out a remedy at a node: insert a layer before or after it, or set its parameters."""
    if key not in graph.nodes:
        return graph
    target = graph.nodes[key]
    if remedy.insert is None:
        return graph.with_layer(key, target.layer.changed(**dict(remedy.parameters)))
    cls = registry("layer").get(remedy.insert)
    layer = cls(**dict(remedy.parameters))
    assert isinstance(layer, Layer)
    x, y = target.position
    below = graph.downstream(key)
    if remedy.after:
        graph = graph.moved(below - {key}, (0.0, NODE_STEP))
        return graph.inserted_after(Node(graph.fresh_id(layer), layer, (x, y + NODE_STEP)), key)
    graph = graph.moved(below, (0.0, NODE_STEP))
    entering = graph.into(key)
    chosen = [entering[place] for place in remedy.wires if place < len(entering)] if remedy.wires else None
    return graph.inserted_before(Node(graph.fresh_id(layer), layer, (x, y)), key, chosen)


#: How far following nodes move down to make room for an inserted one (canvas units).
NODE_STEP = 110.0
