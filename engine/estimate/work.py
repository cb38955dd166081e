"""How much work each layer of a network is: operations by pace, numbers moved, weights stepped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from engine.graph import Graph
from engine.infer import Inference

#: Every pace that a layer may name, and what else takes time: moving a number, stepping a weight, a layer as
#: such for every shard, an update as such, and what a run does beside each of its updates.
PACES = ("products", "sweeps", "winograd", "steps", "numbers")
TERMS = (*PACES, "moved", "weights", "layers", "updates", "batches")


@dataclass(frozen=True)
class Work:
    """What one layer does for one sample and for one update.

    Attributes:
        pace: how its operations run (``Layer.pace``).
        forward: operations of one sample's forward pass.
        backward: operations of one sample's backward pass.
        waste: operations that are really done for each of these.
        moved: numbers of one sample that enter and leave, forward.
        moved_back: the same, backward.
        weights: weights that an update steps.
        slopes: numbers of their gradient, which each of those that share weights has for itself.
        held: numbers of one sample that stay in memory, forward and, in training, backward.
        held_back: of these, what only training holds.
    """

    pace: str
    forward: float
    backward: float
    waste: float
    moved: int
    moved_back: int
    weights: int
    slopes: int
    held: int
    held_back: int

    @property
    def held_in_all(self) -> int:
        """Numbers of one sample that stay in memory while training."""
        return self.held + self.held_back

    def terms(self, rows: int, training: bool = True) -> Mapping[str, float]:
        """Amounts by term, for a batch of so many rows."""
        found = dict.fromkeys(TERMS, 0.0)
        found[self.pace] = rows * self.waste * (self.forward + (self.backward if training else 0.0))
        found["moved"] = float(rows * (self.moved + (self.moved_back if training else 0)))
        found["weights"] = float(self.weights if training else 0)
        found["layers"] = 1.0 if self.moved else 0.0
        return found


def work_of(graph: Graph, inference: Inference) -> dict[str, Work]:
    """The work of every node whose shapes are known, in graph order."""
    trained = {key for key in graph.order if inference.parameter_count(key)[0]}
    reached: set[str] = set()
    found: dict[str, Work] = {}
    for key in graph.order:
        sources = {edge.source for edge in graph.into(key)}
        passes = bool(sources & reached)  # whether gradients go on to what lies above
        if key in trained or passes:
            reached.add(key)
        if key in inference.outputs and (key in inference.inputs or not sources):
            found[key] = _work(graph, inference, key, passes)
    return found


def _work(graph: Graph, inference: Inference, key: str, passes: bool) -> Work:
    layer, inputs = graph.nodes[key].layer, inference.inputs.get(key, ())
    taken = sum(prod(spec.sizes) for spec in inputs)
    given = sum(prod(spec.sizes) for spec in inference.outputs[key])
    trained = inference.parameter_count(key)[0]
    weights = 0 if key in inference.sharers else trained  # stepped once, at their owner
    if layer.view and inputs:
        return Work("numbers", 0.0, 0.0, 1.0, 0, 0, 0, 0, 0, 0)
    if not inputs:
        return Work("numbers", 0.0, 0.0, 1.0, given, 0, 0, 0, given, 0)
    cost = layer.cost(inputs)
    ways = (1 if trained else 0) + (1 if passes else 0)
    return Work(
        layer.pace(inputs), cost, ways * cost, layer.waste(inputs), taken + given, ways * (taken + given), weights,
        trained, given, given + layer.remembered(inputs) if ways else 0,
    )  # fmt: skip
