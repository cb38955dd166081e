"""The course's convolutional network: 32-64-64 filters, 64 neurons."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import DIGITS, Template, settings, source


def _make() -> Project:
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 64, "kernel_size": (3, 3), "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 64, "kernel_size": (3, 3), "activation": "relu"}),
        ("Flatten", {}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return Project(graph, settings(epochs=5, batch_size=64, optimizer="rmsprop"), source("Mnist"))


TEMPLATE = Template(
    "digits-deep-convolution",
    "Digits with three convolutions",
    "The pictures shrink between the convolutions, so that later filters see larger parts of a digit.",
    _make,
    DIGITS,
    "mdi6.layers-outline",
)
