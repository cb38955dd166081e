"""What can be asked of a network about one sample, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class CamQuestion:
    """Where in a layer's output is the evidence for a class?

    Attributes:
        layer: id of a node with an output (height, width, channels).
        target: the class, ``None`` for the most probable one.
        output: id of the output node that names the class, ``None`` for the first.
    """

    layer: str
    target: int | None = None
    output: str | None = None


@dataclass(frozen=True)
class Question:
    """One look at one sample.

    Attributes:
        inputs: by Input node, one sample without the batch axis.
        activations: ids of nodes whose outputs are wanted.
        cam: the class activation map that is wanted, or ``None``.
    """

    inputs: Mapping[str, Array]
    activations: tuple[str, ...] = ()
    cam: CamQuestion | None = None


@dataclass(frozen=True)
class Cam:
    """A class activation map.

    Attributes:
        layer: id of the node whose output was looked at.
        target: the class.
        score: the class's score, before softmax or sigmoid.
        heat: float32 (height, width) of the layer's output, from 0 to 1; all 0 without positive evidence.
    """

    layer: str
    target: int
    score: float
    heat: Array


@dataclass(frozen=True)
class Insight:
    """What a look found; arrays without the batch axis, owned by whoever asked.

    Attributes:
        outputs: the network's answers by output node.
        activations: outputs of the nodes that were asked for.
        cam: the class activation map, if one was asked for.
    """

    outputs: dict[str, Array] = field(default_factory=dict)
    activations: dict[str, Array] = field(default_factory=dict)
    cam: Cam | None = None
