"""What an output's numbers say about classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.explain.scores import opened
from engine.graph import Graph
from engine.infer import Inference

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Verdicts:
    """Classes found: ``classes`` int64 and ``confidence`` float64, one per sample."""

    classes: Array
    confidence: Array


@dataclass(frozen=True)
class ClassOutput:
    """How one output tells classes.

    Attributes:
        count: number of classes; 0 if it tells none.
        squashed: ``softmax``, ``log_softmax``, ``sigmoid``, or an empty text for plain scores.
    """

    count: int
    squashed: str

    def verdicts(self, values: Array) -> Verdicts:
        """The most probable class of each sample, and how probable the network finds it.

        One sigmoid is the probability of class 1 against class 0. Plain scores become probabilities by
        softmax; several sigmoids are probabilities of their own.

        Shapes:
            values: (samples, columns).
        """
        chances = values.astype(np.float64)
        if self.squashed == "log_softmax":
            chances = np.exp(chances)
        elif not self.squashed:
            chances = np.exp(chances - chances.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
        if chances.shape[1] == 1:
            chances = np.concatenate((1 - chances, chances), axis=1)
            classes = (chances[:, 1] >= 0.5).astype(np.int64)
        else:
            classes = np.argmax(values, axis=1).astype(np.int64)
        return Verdicts(classes, chances[np.arange(len(chances)), classes])


def class_output(graph: Graph, inference: Inference, output: str) -> ClassOutput:
    """How an output tells classes: by one number for each, or by one sigmoid for two."""
    squashed = opened(graph).scores[output].squashed
    shape = inference.outputs[output][0].shape
    columns = int(shape[0] or 0) if len(shape) == 1 else 0
    if columns == 1:
        return ClassOutput(2 if squashed == "sigmoid" else 0, squashed)
    return ClassOutput(columns, squashed)
