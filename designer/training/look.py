"""What is asked about the inside of a network, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy.typing as npt

from designer.training.filters import Filters
from designer.training.tiles import Tiles
from engine.explain.question import Cam
from engine.graph import Graph
from engine.infer import Inference
from engine.train.state import Arrays

Array = npt.NDArray[Any]


class Origin(Enum):
    """Where weights come from."""

    RUNNING = "running"
    TRAINED = "trained"
    UNTRAINED = "untrained"


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Weights and the network they belong to.

    Attributes:
        graph: the network.
        weights: arrays by node and weight name; ``None`` for those with which training would begin.
        origin: where they come from.
        seed: start of the random weights, where there are none yet.
        epoch, step: epochs and updates that made them.
        seconds: how long copying them held a run up.
    """

    graph: Graph
    weights: Arrays | None
    origin: Origin
    seed: int = 0
    epoch: int = 0
    step: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Given:
    """A picture from outside the data, to be made like the data.

    Attributes:
        source: a file, or uint8 pixels (h, w) or (h, w, 3).
        centred: whether the ink is cropped, scaled and moved to the middle, as handwritten digits are.
        invert: whether black and white change places; ``None`` decides by the picture.
        low, high: the values that stand for black and white in the data.
    """

    source: Path | Array
    centred: bool = False
    invert: bool | None = None
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, eq=False)
class Wish:
    """What somebody wants to see of one sample.

    Attributes:
        fields: the sample: one array without a batch axis by field name (or by Input node).
        given: a picture that takes the place of the sample's own, or ``None``.
        names: field by Input node, where not by order.
        thumbs: layers whose channels are wanted small.
        layer: the layer whose channels are wanted large.
        own: whether each of its channels has a scale of its own.
        cam: whether the class activation map is wanted.
        cam_layer: its layer; ``None`` for the last convolution.
        cam_output: the output that names the class; ``None`` for the first.
        cam_class: its class; ``None`` for the most probable.
        kernel: the layer whose filters are wanted.
        kernel_input: the input channel of the filters; -1 for red, green and blue together.
        aspect: width by height of the place for what is wanted large.
    """

    fields: Mapping[str, Array] = field(default_factory=dict)
    given: Given | None = None
    names: tuple[tuple[str, str], ...] = ()
    thumbs: tuple[str, ...] = ()
    layer: str | None = None
    own: bool = False
    cam: bool = False
    cam_layer: str | None = None
    cam_output: str | None = None
    cam_class: int | None = None
    kernel: str | None = None
    kernel_input: int = -1
    aspect: float = 1.5


@dataclass(frozen=True, eq=False)
class Anatomy:
    """What a network offers to look at; the same object as long as the network is the same.

    Attributes:
        graph, inference: the network.
        layers: nodes that lead to an output, in order.
        cam_layers: those that a class activation map can be made for; ``cam_default`` is the usual one.
        kernels: how the filters of layers are seen, by node.
    """

    graph: Graph
    inference: Inference
    layers: tuple[str, ...]
    cam_layers: tuple[str, ...]
    cam_default: str | None
    kernels: Mapping[str, Filters]


@dataclass(frozen=True, eq=False)
class Look:
    """One look inside.

    Attributes:
        knowledge, wish: what was looked at and what for.
        anatomy: the network, ``None`` when it has faults.
        inputs: the sample as the network took it, by Input node.
        outputs: what the network answers, by output node.
        cam: the class activation map.
        cam_fault: why there is none although it was wanted.
        thumbs: channels, small, by node.
        large: channels of the layer asked for.
        kernel: filters of the layer asked for.
        fault: one sentence when nothing could be seen but, perhaps, filters.
        seconds: processor time it took.
    """

    knowledge: Knowledge
    wish: Wish
    anatomy: Anatomy | None = None
    inputs: Mapping[str, Array] = field(default_factory=dict)
    outputs: Mapping[str, Array] = field(default_factory=dict)
    cam: Cam | None = None
    cam_fault: str = ""
    thumbs: Mapping[str, Tiles] = field(default_factory=dict)
    large: Tiles | None = None
    kernel: Tiles | None = None
    fault: str = ""
    seconds: float = 0.0


def picture_input(graph: Graph, inference: Inference) -> str | None:
    """The first Input node that takes pictures of one or three colours."""
    for key in graph.inputs:
        specs = inference.outputs.get(key, ())
        shape = specs[0].shape if specs else ()
        if len(shape) == 3 and None not in shape and shape[2] in (1, 3) and min(shape[0] or 0, shape[1] or 0) > 1:
            return key
    return None
