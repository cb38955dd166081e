"""LeNet-5: the network that read cheques."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import DIGITS, Template, settings, source


def _make() -> Project:
    # Pictures of 28 × 28 with a padded first convolution stand for the original's 32 × 32.
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Conv2D", {"filters": 6, "kernel_size": (5, 5), "padding": "same", "activation": "tanh"}),
        ("AveragePooling2D", {}),
        ("Conv2D", {"filters": 16, "kernel_size": (5, 5), "activation": "tanh"}),
        ("AveragePooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 120, "activation": "tanh"}),
        ("Dense", {"units": 84, "activation": "tanh"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return Project(graph, settings(epochs=10, batch_size=64), source("Mnist"))


TEMPLATE = Template(
    "lenet-5",
    "LeNet-5",
    "The network of 1998 that read cheques: two convolutions, three dense layers. About 96 of 100 right.",
    _make,
    DIGITS,
    "mdi6.history",
)
