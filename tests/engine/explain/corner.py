"""Pictures whose class stands in one corner, among things that say nothing about it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine import registry
from engine.data.split import Parts
from engine.graph import Graph
from engine.project import Project, TrainConfig
from engine.train.control import Control
from engine.train.events import Finished
from engine.train.state import Arrays
from engine.train.trainer import Trainer
from tests.engine.explain.nets import wired

Array = npt.NDArray[Any]
SIDE = 20
#: The corner at the lower left, in pixels.
ROWS, COLUMNS = slice(SIDE // 2, SIDE), slice(0, SIDE // 2)
CLASSES = 3


def pictures(count: int, seed: int) -> tuple[Array, Array]:
    """(count, SIDE, SIDE, 1) pictures and their classes: lying, standing or slanting strokes in the corner.

    A quarter has none (class -1), so that a class cannot be told by what is missing. Blobs lie in the other
    corners, everything is noisy, and neither depends on the class.
    """
    random = np.random.default_rng(seed)
    labels = random.integers(-1, CLASSES, count)
    made = 0.15 * random.standard_normal((count, SIDE, SIDE, 1))
    for picture, label in zip(made, labels, strict=True):
        for top, left in ((0, 0), (0, SIDE // 2), (SIDE // 2, SIDE // 2)):
            y, x = top + random.integers(1, 5), left + random.integers(1, 5)
            picture[y : y + 4, x : x + 4] += random.uniform(0.4, 1.0)
        y, x = ROWS.start + random.integers(1, 4), random.integers(1, 4)
        for step in range(5 if label >= 0 else 0):
            line, column = ((2, step), (step, 2), (step, step))[label]
            picture[y + line, x + column] += 1.0
    return made.astype("float32"), labels


#: One map of evidence for each class; the strongest place decides, so other places must say no.
HEAD = (
    ("pool", "MaxPooling2D", {"pool_size": SIDE}, "evidence"),
    ("flat", "Flatten", {}, "pool"),
    ("out", "Activation", {"activation": "sigmoid"}, "flat"),
)


def straight() -> Graph:
    """Convolutions one after the other, with BatchNormalization."""
    return wired(
        ("in", "Input", {"shape": (SIDE, SIDE, 1)}, ""),
        ("first", "Conv2D", {"filters": 12, "kernel_size": 3, "padding": "same", "activation": "relu"}, "in"),
        ("inner", "Conv2D", {"filters": 12, "kernel_size": 3, "padding": "same"}, "first"),
        ("norm", "BatchNormalization", {"momentum": 0.9}, "inner"),
        ("second", "Activation", {"activation": "relu"}, "norm"),
        ("evidence", "Conv2D", {"filters": CLASSES, "kernel_size": 1}, "second"),
        *HEAD,
    )


def residual() -> Graph:
    """A sum around a convolution, with BatchNormalization."""
    return wired(
        ("in", "Input", {"shape": (SIDE, SIDE, 1)}, ""),
        ("first", "Conv2D", {"filters": 12, "kernel_size": 3, "padding": "same", "activation": "relu"}, "in"),
        ("inner", "Conv2D", {"filters": 12, "kernel_size": 3, "padding": "same"}, "first"),
        ("norm", "BatchNormalization", {"momentum": 0.9}, "inner"),
        ("sum", "Add", {}, "first norm"),
        ("second", "Activation", {"activation": "relu"}, "sum"),
        ("evidence", "Conv2D", {"filters": CLASSES, "kernel_size": 1}, "second"),
        *HEAD,
    )


def learnt(graph: Graph, epochs: int) -> Arrays:
    """Weights after training (before it for 0 epochs)."""
    x, labels = pictures(1500, 1)
    targets = (labels[:, None] == np.arange(CLASSES)).astype("float32")
    settings: dict[str, Any] = {
        "batch_size": 32, "seed": 4, "epochs": max(1, epochs), "metrics": (), "loss": "binary_crossentropy",
        "optimizer": registry.optimizers.get("Adam")(learning_rate=0.003),
    }  # fmt: skip
    trainer = Trainer(Project(graph, TrainConfig(**settings)), Parts({"x": x}, {"y": targets}, {}, {}, {}))
    if not epochs:
        return trainer.loop.state().weights
    *_, last = trainer.run(Control())
    assert isinstance(last, Finished)
    return last.state.weights
