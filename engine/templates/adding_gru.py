"""A GRU adds two marked numbers of a sequence."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import SEQUENCES, Template, settings, source


def _make() -> Project:
    graph = chain(("Input", {"shape": (20, 2)}), ("GRU", {"units": 32}), ("Dense", {"units": 1}))
    training = settings(
        epochs=30,
        batch_size=50,
        optimizer={"type": "Adam", "learning_rate": 0.005},
        loss="mean_squared_error",
        metrics=("mean_absolute_error",),
    )
    return Project(graph, training, source("AddingProblem", steps=20))


TEMPLATE = Template(
    "adding-gru",
    "Memory with a GRU",
    "Reads a sequence step by step and must remember two marked numbers until it has their sum.",
    _make,
    SEQUENCES,
    "mdi6.memory",
)
