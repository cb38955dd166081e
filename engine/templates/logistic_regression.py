"""Logistic regression: one neuron with a sigmoid."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import POINTS, Template, settings, source


def _make() -> Project:
    graph = chain(("Input", {"shape": (2,)}), ("Dense", {"units": 1, "activation": "sigmoid"}))
    training = settings(
        epochs=30, batch_size=20, optimizer={"type": "SGD", "learning_rate": 0.2}, loss="binary_crossentropy"
    )
    return Project(graph, training, source("ToyPoints", shape="moons"))


TEMPLATE = Template(
    "logistic-regression",
    "Logistic regression",
    "One neuron parts two half moons by a straight line, and gets about 88 of 100 right: more a line cannot.",
    _make,
    POINTS,
    "mdi6.chart-bell-curve-cumulative",
)
