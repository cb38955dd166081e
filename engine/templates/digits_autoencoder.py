"""An autoencoder: 784 pixels through 32 numbers and back."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import DIGITS, Template, settings, source


def _make() -> Project:
    graph = chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 128, "activation": "relu"}),
        ("Dense", {"units": 32, "activation": "relu"}),
        ("Dense", {"units": 128, "activation": "relu"}),
        ("Dense", {"units": 784, "activation": "sigmoid"}),
        ("Reshape", {"target_shape": (28, 28, 1)}),
    )
    training = settings(epochs=20, batch_size=100, loss="binary_crossentropy", metrics=("mean_squared_error",))
    return Project(graph, training, source("Mnist", answer="picture"))


TEMPLATE = Template(
    "digits-autoencoder",
    "Autoencoder of digits",
    "Squeezes a picture into 32 numbers and draws it again from them: the right answer is the picture itself.",
    _make,
    DIGITS,
    "mdi6.arrow-collapse-horizontal",
)
