"""A temporal convolution adds two marked numbers of a sequence."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import SEQUENCES, Template, settings, source


def _make() -> Project:
    steps = tuple(
        ("Conv1D", {"filters": 24, "kernel_size": 3, "padding": "causal", "dilation_rate": rate, "activation": "relu"})
        for rate in (1, 2, 4)
    )
    graph = chain(("Input", {"shape": (20, 2)}), *steps, ("GlobalAveragePooling1D", {}), ("Dense", {"units": 1}))
    training = settings(
        epochs=30,
        batch_size=50,
        optimizer={"type": "Adam", "learning_rate": 0.003},
        loss="mean_squared_error",
        metrics=("mean_absolute_error",),
    )
    return Project(graph, training, source("AddingProblem", steps=20))


TEMPLATE = Template(
    "adding-convolution",
    "Temporal convolution",
    "Filters slide over a sequence, each layer with wider gaps, and learn to add the two marked numbers.",
    _make,
    SEQUENCES,
    "mdi6.sine-wave",
)
