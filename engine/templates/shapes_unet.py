"""A small U-Net: every pixel gets an answer."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import Drawing
from engine.templates.template import BRANCHES, Template, settings, source

#: Filters of the levels, from the full picture down.
LEVELS = (8, 16)
BOTTOM = 32


def _convolution(drawing: Drawing, before: str, column: int, filters: int) -> str:
    return drawing.add("Conv2D", before, column=column, filters=filters, kernel_size=3, padding="same",
                       activation="relu")  # fmt: skip


def _make() -> Project:
    drawing = Drawing()
    end = drawing.add("Input", shape=(32, 32, 1))
    kept: list[str] = []
    for level, filters in enumerate(LEVELS):
        end = _convolution(drawing, end, level, filters)
        end = _convolution(drawing, end, level, filters)
        kept.append(end)
        end = drawing.add("MaxPooling2D", end, column=level + 1)
    end = _convolution(drawing, end, len(LEVELS), BOTTOM)
    end = _convolution(drawing, end, len(LEVELS), BOTTOM)
    for level in reversed(range(len(LEVELS))):
        filters = LEVELS[level]
        end = drawing.add("Conv2DTranspose", end, column=level + 1, filters=filters, kernel_size=2, strides=2)
        # What the way down has seen at this size comes along, so that edges stay sharp.
        end = drawing.add("Concatenate", kept[level], end, column=level)
        end = _convolution(drawing, end, level, filters)
    drawing.add("Conv2D", end, filters=1, kernel_size=1, activation="sigmoid")
    training = settings(epochs=10, batch_size=20, loss="binary_crossentropy")
    return Project(drawing.graph, training, source("ToyShapes"))


TEMPLATE = Template(
    "shapes-unet",
    "Small U-Net",
    "Marks the pixels of discs and squares in noisy pictures: down to what there is, up again to where it is.",
    _make,
    BRANCHES,
    "mdi6.shape-outline",
)
