"""A line through points: one neuron without activation."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import POINTS, Template, settings, source


def _make() -> Project:
    graph = chain(("Input", {"shape": (1,)}), ("Dense", {"units": 1}))
    training = settings(
        epochs=20,
        batch_size=20,
        optimizer={"type": "SGD", "learning_rate": 0.1},
        loss="mean_squared_error",
        metrics=("mean_absolute_error",),
    )
    return Project(graph, training, source("NoisyLine"))


TEMPLATE = Template(
    "line",
    "A line through points",
    "One neuron learns slope and height of the line y = 2x + 1 from noisy points.",
    _make,
    POINTS,
    "mdi6.chart-line-variant",
)
