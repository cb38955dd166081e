"""The scores behind a network's probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.component import Component, registry
from engine.graph import Graph, Node

#: Functions that turn scores into probabilities.
SQUASHING = frozenset({"softmax", "log_softmax", "sigmoid"})


@dataclass(frozen=True)
class Score:
    """Where an output's scores come from.

    Attributes:
        node: id of the node whose output is the scores.
        squashed: key of the function that follows, or an empty text.
    """

    node: str
    squashed: str = ""


@dataclass(frozen=True)
class Opened:
    """A network in which every output's scores can be read.

    Attributes:
        graph: computes the same; functions that squash scores are layers of their own.
        scores: by output node of the given graph.
        moved: by node of the given graph, where its output is found, if that is another node.
    """

    graph: Graph
    scores: dict[str, Score]
    moved: dict[str, str]

    def place(self, node: str) -> str:
        """The node of ``graph`` that gives what a node of the given graph gave."""
        return self.moved.get(node, node)


def opened(graph: Graph) -> Opened:
    """The network with the softmax or sigmoid of its outputs set apart from what they squash."""
    apart: dict[str, Component] = {}
    scores: dict[str, Score] = {}
    before: dict[str, str] = {}
    for output in graph.outputs:
        key = output
        while graph.nodes[key].layer.view and graph.into(key):
            key = graph.into(key)[0].source
        function = getattr(graph.nodes[key].layer, "activation", None)
        if function is None or function.key not in SQUASHING:
            scores[output] = Score(output)
        elif graph.nodes[key].layer.key == "Activation":
            before[output] = graph.into(key)[0].source
            scores[output] = Score(before[output], function.key)
        else:
            scores[output] = Score(key, function.key)
            apart[key] = function
    changed, moved = graph, dict[str, str]()
    make: Any = registry("layer").get("Activation")
    for key, function in apart.items():
        added = Node(changed.fresh_id(make), make(activation=function))
        changed = changed.with_layer(key, changed.nodes[key].layer.changed(activation="linear"))
        changed, moved[key] = changed.inserted_after(added, key), added.id
    # Two functions in a row: what the second squashes is what the first gives, wherever that is found now.
    for output, source in before.items():
        scores[output] = Score(moved.get(source, source), scores[output].squashed)
    return Opened(changed, scores, moved)
