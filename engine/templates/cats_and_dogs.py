"""Cats and dogs: four convolutions from scratch."""

from __future__ import annotations

from typing import Any

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import OWN_DATA, Template, settings


def _make() -> Project:
    steps: list[tuple[str, dict[str, Any]]] = []
    for filters in (32, 64, 128, 128):
        steps.append(("Conv2D", {"filters": filters, "kernel_size": (3, 3), "activation": "relu"}))
        steps.append(("MaxPooling2D", {}))
    graph = chain(
        ("Input", {"shape": (150, 150, 3)}),
        *steps,
        ("Flatten", {}),
        ("Dense", {"units": 512, "activation": "relu"}),
        ("Dense", {"units": 1, "activation": "sigmoid"}),
    )
    training = settings(
        epochs=30,
        batch_size=20,
        optimizer={"type": "RMSprop", "learning_rate": 0.0001},
        loss="binary_crossentropy",
    )
    return Project(graph, training)


TEMPLATE = Template(
    "cats-and-dogs",
    "Cats and dogs",
    "Four convolutions and a dense layer learn from 2,000 photographs, and overfit after a few epochs.",
    _make,
    OWN_DATA,
    "mdi6.cat",
    "This network needs photographs of cats and dogs: an .npz file with x_train (pictures of 150 × 150 × 3 bytes) and "
    "y_train (0 for a cat, 1 for a dog), perhaps x_test and y_test too. Choose it in the Data panel, or drop it there.",
)
