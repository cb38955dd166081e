"""Two spirals: what no line can part, two hidden layers do."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import POINTS, Template, settings, source


def _make() -> Project:
    graph = chain(
        ("Input", {"shape": (2,)}),
        ("Dense", {"units": 32, "activation": "tanh"}),
        ("Dense", {"units": 32, "activation": "tanh"}),
        ("Dense", {"units": 1, "activation": "sigmoid"}),
    )
    training = settings(
        epochs=100, batch_size=50, optimizer={"type": "Adam", "learning_rate": 0.01}, loss="binary_crossentropy"
    )
    return Project(graph, training, source("ToyPoints", shape="spirals"))


TEMPLATE = Template(
    "two-spirals",
    "Two spirals",
    "No line parts two spirals; two hidden layers bend the plane until one does.",
    _make,
    POINTS,
    "mdi6.chart-scatter-plot",
)
