"""Prices of houses from a table: 64-64-1."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import POINTS, Template, settings, source


def _make() -> Project:
    graph = chain(
        ("Input", {"shape": (12,)}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 1}),
    )
    training = settings(
        epochs=80,
        batch_size=16,
        optimizer="rmsprop",
        loss="mean_squared_error",
        metrics=("mean_absolute_error",),
    )
    return Project(graph, training, source("BostonHousing"))


TEMPLATE = Template(
    "boston-housing",
    "House prices",
    "Estimates prices in Boston's towns of 1970 from twelve figures, to 2,400 dollars on average.",
    _make,
    POINTS,
    "mdi6.home-analytics",
)
