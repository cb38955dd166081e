"""Ways through a graph that advice needs, and the edits it offers."""

from __future__ import annotations

from engine.catalogue.layers.base import Layer
from engine.component import parameters
from engine.errors import Remedy
from engine.graph import Graph
from engine.healing import healed
from engine.infer import Inference, fix_of
from engine.problems import Fix, Problem

#: What layers declare that disturb numbers while training: a share to drop, or a width of noise.
DISTURBING = ("rate", "stddev")


def advice(text: str, node: str, fix: Fix | None = None) -> Problem:
    """A piece of advice about a node."""
    return Problem(text, node, "advice", fix)


def disturbs(layer: Layer) -> bool:
    """Whether a layer drops numbers or adds noise to them while training, and passes them on otherwise."""
    return layer.category == "Regularization" and any(hasattr(layer, name) for name in DISTURBING)


def passes(layer: Layer) -> bool:
    """Whether a layer computes nothing from one number to the next: another shape, noise, a penalty."""
    return layer.view or layer.category == "Regularization"


def source_of(graph: Graph, key: str) -> str | None:
    """The node whose numbers reach a node, through all that only pass them on; ``None`` where there are several."""
    entering = graph.into(key)
    while len(entering) == 1:
        source = entering[0].source
        if not passes(graph.nodes[source].layer):
            return source
        entering = graph.into(source)
    return None


def size_of(shapes: Inference, key: str) -> int | None:
    """How many numbers of each sample leave a node by its first output, where that is known."""
    outputs = shapes.outputs.get(key, ())
    return outputs[0].size if outputs and outputs[0].known else None


def setting_fix(graph: Graph, key: str, name: str, value: object) -> Fix | None:
    """Set a parameter of a node, where its layer has it."""
    if all(parameter.name != name for parameter in parameters(type(graph.nodes[key].layer))):
        return None
    return fix_of(key, Remedy(f"Set {name} to {value}", parameters=((name, value),)))


def removing_fix(graph: Graph, key: str) -> Fix:
    """Take a node out of the way of the data, as deleting it on the canvas does."""
    return Fix(f"Remove {graph.nodes[key].name}", lambda changed: healed(changed, [key]))
