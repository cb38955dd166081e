"""What is given away: a network, its weights, and real samples with the engine's answers."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.graph import Graph
from engine.infer import Inference, carriers, infer
from engine.plan.parameters import Parameters
from engine.project import OutputTarget, TrainConfig
from engine.train.predictor import Predictor
from engine.train.state import Arrays

Array = npt.NDArray[Any]
#: Samples made up when the project has no data at hand.
INVENTED = 16


@dataclass(frozen=True)
class Parcel:
    """A network ready to be written in another language.

    Attributes:
        name: of the project; files and classes are called after it.
        graph: without faults.
        weights: arrays of every node, float32.
        samples: by Input node id, the same number of rows each; what proofs compare on.
        invented: the samples are random numbers, because no data were at hand.
        classes: names of the classes, when known.
        untrained: nodes whose weights are fresh random numbers.
        training: loss, optimizer and metrics, for languages that can go on training.
        targets: what judges outputs that have a loss or a share of their own.
    """

    name: str
    graph: Graph
    weights: Arrays
    samples: Mapping[str, Array]
    invented: bool = False
    classes: tuple[str, ...] = ()
    untrained: frozenset[str] = field(default_factory=frozenset)
    training: TrainConfig | None = None
    targets: tuple[OutputTarget, ...] = ()

    def target_of(self, node: str) -> OutputTarget:
        """What judges an output."""
        return next((target for target in self.targets if target.node == node), OutputTarget(node))

    @cached_property
    def inference(self) -> Inference:
        """Shapes of everything."""
        return infer(self.graph)

    @cached_property
    def answers(self) -> Mapping[str, Array]:
        """What the engine says to the samples, by output node."""
        return Predictor(self.graph, self.weights).predict(self.samples)

    @property
    def batch(self) -> int | None:
        """Rows of every batch, where layers hand states on from batch to batch; ``None`` where any number will do."""
        if not carriers(self.graph):
            return None
        return self.training.batch_size if self.training else len(next(iter(self.samples.values())))

    def in_a_batch(self) -> Parcel:
        """With samples that make just one batch, where all batches need as many rows; some come again then."""
        if self.batch is None:
            return self
        rows = {key: np.resize(array, (self.batch, *array.shape[1:])) for key, array in self.samples.items()}
        return replace(self, samples=rows)

    @property
    def range_text(self) -> str:
        """The numbers that the samples hold, in words for exported scripts; empty when they were made up."""
        if self.invented:
            return ""
        low = min(float(rows.min(initial=np.inf)) for rows in self.samples.values())
        high = max(float(rows.max(initial=-np.inf)) for rows in self.samples.values())
        text = f"It learnt from numbers between {low:.4g} and {high:.4g}: scale yours likewise"
        return f"{text}, pictures of bytes by dividing by 255." if (low, high) == (0.0, 1.0) else f"{text}."

    @cached_property
    def names(self) -> Mapping[str, str]:
        """An identifier of its own for every node, from what people call it."""
        found: dict[str, str] = {}
        for key in self.graph.order:
            wanted = identifier(self.graph.nodes[key].name)
            name, count = wanted, 1
            while name in found.values():
                count += 1
                name = f"{wanted}_{count}"
            found[key] = name
        return found


def pack(
    name: str,
    graph: Graph,
    weights: Arrays,
    samples: Mapping[str, Array] | None = None,
    classes: tuple[str, ...] = (),
    seed: int = 0,
    training: TrainConfig | None = None,
    targets: tuple[OutputTarget, ...] = (),
) -> Parcel:
    """A parcel; weights that are missing or do not fit start fresh, samples that are missing are made up.

    Args:
        name: of the project.
        graph: the network.
        weights: what was learnt.
        samples: by Input node id; a few dozen rows suffice.
        classes: names of the classes.
        seed: for fresh weights, as training would draw them.
        training: settings of the training.
        targets: what judges outputs that have a loss or a share of their own.

    Raises:
        UsageError: the network has faults or nothing in it.
    """
    inference = infer(graph)
    if inference.errors:
        raise UsageError(f"The network has a fault and cannot be exported: {inference.errors[0].text}")
    if not graph.inputs:
        raise UsageError("The network is empty, so there is nothing to export. Add an Input and layers first.")
    parameters = Parameters(graph, inference, np.dtype("float32"))
    parameters.initialize(seed)
    untrained = frozenset(parameters.load(weights))
    rows = samples or _invented(graph, inference)
    return Parcel(name, graph, parameters.copy(), rows, not samples, classes, untrained, training, targets)


def identifier(text: str) -> str:
    """A Python identifier close to a text."""
    name = re.sub(r"\W+", "_", text.strip().lower(), flags=re.ASCII).strip("_") or "layer"
    return f"layer_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name


def _invented(graph: Graph, inference: Inference) -> dict[str, Array]:
    random = np.random.default_rng(0)
    shapes = {key: inference.outputs[key][0].sizes for key in graph.inputs}
    return {key: random.random((INVENTED, *shape), np.float32) for key, shape in shapes.items()}
