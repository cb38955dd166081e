"""The course's hand signs: three dense layers."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import OWN_DATA, Template, settings


def _make() -> Project:
    graph = chain(
        ("Input", {"shape": (64, 64, 3)}),
        ("Flatten", {}),
        ("Dense", {"units": 25, "activation": "relu"}),
        ("Dense", {"units": 12, "activation": "relu"}),
        ("Dense", {"units": 6, "activation": "softmax"}),
    )
    return Project(graph, settings(epochs=100, batch_size=32, optimizer={"type": "Adam", "learning_rate": 0.0001}))


TEMPLATE = Template(
    "hand-signs",
    "Hand signs with dense layers",
    "Three dense layers read the numbers 0 to 5 from photographs of hands.",
    _make,
    OWN_DATA,
    "mdi6.hand-back-right-outline",
    "This network needs photographs of hand signs: an .npz file with x_train (pictures of 64 × 64 × 3 bytes) and "
    "y_train (the numbers 0 to 5), perhaps x_test and y_test too. Choose it in the Data panel, or drop it there.",
)
