"""Two inputs: a picture of a digit and a number to compare it with."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import Drawing
from engine.templates.template import BRANCHES, Template, settings, source


def _make() -> Project:
    drawing = Drawing()
    picture = drawing.add("Input", called="picture", shape=(28, 28, 1))
    number = drawing.add("Input", called="number", column=1, shape=(1,))
    seen = drawing.add("Flatten", picture)
    seen = drawing.add("Dense", seen, units=64, activation="relu")
    heard = drawing.add("Dense", number, column=1, units=16, activation="relu")
    both = drawing.add("Concatenate", seen, heard)
    both = drawing.add("Dense", both, units=64, activation="relu")
    drawing.add("Dense", both, units=1, activation="sigmoid")
    training = settings(epochs=10, batch_size=50, loss="binary_crossentropy")
    return Project(drawing.graph, training, source("DigitAndNumber"))


TEMPLATE = Template(
    "digit-and-number",
    "Two inputs: picture and number",
    "One branch looks at a digit, the other takes a number; together they say which of both is larger.",
    _make,
    BRANCHES,
    "mdi6.call-merge",
)
