"""Trained: a parameter of a formula that training changes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.variables.base import Variable
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice
from engine.expression.rules import Name

SHAPES = (
    ("scalar", "One number for the whole layer."),
    ("channel", "One number for each channel (along the last axis)."),
    ("input", "One number for every number of a sample."),
)


@component
class Trained(Variable):
    """name = numbers that training changes: one, one per channel, or one per number of a sample.

    Shapes:
        scalar: (1); channel: (channels); input: (a, b, ..., channels), all without the batch.
    Source: Keras 3, ``keras.layers.Layer.add_weight``.
    """

    title: ClassVar[str] = "Trained parameter"
    icon: ClassVar[str] = "mdi6.tune-variant"

    name: Annotated[str, Name()] = setting("a1", "What the formula calls it.")
    shape: Annotated[str, Choice(SHAPES)] = setting("scalar", "How many numbers it has.")
    initializer: Annotated[Component, Slot("initializer")] = setting("zeros", "How it starts.")
    regularizer: Annotated[Component | None, Slot("regularizer", none="no penalty")] = setting(
        None, "Penalty on large values.", advanced=True
    )
    constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "A rule it is brought back to after every update.", advanced=True
    )
