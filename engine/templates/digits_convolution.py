"""Two convolutions and dropout on digits."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import DIGITS, Template, settings, source


def _make() -> Project:
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
    return Project(graph, settings(epochs=8, batch_size=128), source("Mnist"))


TEMPLATE = Template(
    "digits-convolution",
    "Digits with convolution",
    "Small filters slide over the pictures and find strokes. About 97 to 98 of 100 right after 8 epochs.",
    _make,
    DIGITS,
    "mdi6.grid",
)
