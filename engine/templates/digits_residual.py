"""A small residual network: what a block adds is learnt, the rest passes by."""

from __future__ import annotations

from typing import Any

from engine.project import Project
from engine.templates.drawing import Drawing
from engine.templates.template import DIGITS, Template, settings, source

PLAIN: dict[str, Any] = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}


def _block(drawing: Drawing, before: str, filters: int, stride: int) -> str:
    """Two convolutions in the right column; what they change is added to what passes by on the left."""
    passing = before
    if stride > 1:
        passing = drawing.add("Conv2D", before, filters=filters, kernel_size=1, strides=stride, **PLAIN)
        passing = drawing.add("BatchNormalization", passing, momentum=0.9)
    branch = drawing.add("Conv2D", before, column=1, filters=filters, kernel_size=3, strides=stride, **PLAIN)
    branch = drawing.add("BatchNormalization", branch, column=1, momentum=0.9)
    branch = drawing.add("Activation", branch, column=1, activation="relu")
    branch = drawing.add("Conv2D", branch, column=1, filters=filters, kernel_size=3, **PLAIN)
    branch = drawing.add("BatchNormalization", branch, column=1, momentum=0.9)
    joined = drawing.add("Add", passing, branch)
    return drawing.add("Activation", joined, activation="relu")


def _make() -> Project:
    drawing = Drawing()
    end = drawing.add("Input", shape=(28, 28, 1))
    end = drawing.add("Conv2D", end, filters=16, kernel_size=3, **PLAIN)
    end = drawing.add("BatchNormalization", end, momentum=0.9)
    end = drawing.add("Activation", end, activation="relu")
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        end = _block(drawing, end, filters, stride)
    end = drawing.add("GlobalAveragePooling2D", end)
    drawing.add("Dense", end, units=10, activation="softmax")
    return Project(drawing.graph, settings(epochs=5, batch_size=64), source("Mnist"))


TEMPLATE = Template(
    "digits-residual",
    "Small ResNet",
    "Three residual blocks with batch normalization; each adds a little to what passes by it. About 97 of 100 right.",
    _make,
    DIGITS,
    "mdi6.source-branch",
)
