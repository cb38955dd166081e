"""Networks to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.expression import Expression
from engine.catalogue.sources.base import Source
from engine.graph import Edge, Graph, Node
from engine.infer import NODE_STEP
from engine.project import Project, TrainConfig
from engine.registry import layers, sources


class Template(NamedTuple):
    """A way to begin.

    Attributes:
        title: its name on the screen.
        description: one or two sentences.
        make: gives a fresh project.
    """

    title: str
    description: str
    make: Callable[[], Project]


def chain(*steps: tuple[str, dict[str, Any]]) -> Graph:
    """Layers one below the other, each connected to the next: ``("Dense", {"units": 10})``."""
    graph = Graph()
    before = ""
    for place, (kind, values) in enumerate(steps):
        layer = layers.get(kind)(**values)
        assert isinstance(layer, Layer)
        node = Node(graph.fresh_id(layer), layer, (0.0, NODE_STEP * place))
        graph = graph.add(node)
        if before:
            graph = graph.connect(Edge(before, node.id))
        before = node.id
    return graph


def _digits() -> Source:
    source = sources.get("Mnist")()
    assert isinstance(source, Source)
    return source


def _empty() -> Project:
    return Project()


def _digits_dense() -> Project:
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 500, "activation": "sigmoid"}),
        ("Dense", {"units": 500, "activation": "sigmoid"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return Project(graph, TrainConfig(epochs=20, batch_size=100), _digits())


def _digits_convolution() -> Project:
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "activation": "relu"}),
        ("Conv2D", {"filters": 64, "kernel_size": (3, 3), "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Dropout", {"rate": 0.25}),
        ("Flatten", {}),
        ("Dense", {"units": 128, "activation": "relu"}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return Project(graph, TrainConfig(epochs=8, batch_size=128), _digits())


def _digits_formulas() -> Project:
    bend, larger, pieces, learning = (dict(preset.parameters) for preset in Expression.presets)
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 128}),
        ("Expression", learning),
        ("Dense", {"units": 64, "activation": {"type": "Expression", **larger}}),
        ("Dense", {"units": 64, "activation": {"type": "Expression", **bend}}),
        ("Dense", {"units": 32}),
        ("Expression", pieces),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return Project(graph, TrainConfig(epochs=8, batch_size=100), _digits())


#: Ways to begin, by the name that the command line takes.
TEMPLATES: Mapping[str, Template] = {
    "empty": Template("Empty", "A blank canvas without data.", _empty),
    "digits-dense": Template(
        "Digits with dense layers",
        "Two layers of 500 neurons read handwritten digits. About 94 of 100 right after 20 epochs.",
        _digits_dense,
    ),
    "digits-convolution": Template(
        "Digits with convolution",
        "Small filters slide over the pictures and find strokes. About 97 to 98 of 100 right after 8 epochs.",
        _digits_convolution,
    ),
    "digits-formulas": Template(
        "Digits with formulas of your own",
        "Four activations written as formulas, one of which learns its slopes. About 94 of 100 right after 8 epochs.",
        _digits_formulas,
    ),
}
