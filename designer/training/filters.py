"""Weights that can be seen as filters, laid out as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from engine.graph import Graph
from engine.infer import Inference
from engine.tensor_spec import WeightSpec

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Filters:
    """How the filters of a layer lie in one of its weights.

    Attributes:
        weight: its name.
        shape: positions, incoming channels, filters; as the pictures need it.
        apart: every incoming channel has filters of its own.
        swapped: the weight has the filters before the incoming channels, as transposed convolutions do.
    """

    weight: str
    shape: tuple[int, ...]
    apart: bool = False
    swapped: bool = False

    @property
    def axes(self) -> int:
        """Along how many axes they move: 1 for sequences, 2 for pictures, 3 for volumes."""
        return len(self.shape) - 2

    @property
    def inputs(self) -> int:
        """Incoming channels of which one is shown at a time; those of a sequence are rows of one picture."""
        return 1 if self.axes == 1 else self.shape[-2]

    @property
    def outputs(self) -> int:
        """How many there are."""
        return self.shape[-1]

    def pictured(self, numbers: Array) -> Array:
        """The weight as (h, w, inputs, outputs): sequences run to the right, slices of volumes stand in a row."""
        found = numbers.swapaxes(-1, -2) if self.swapped else numbers
        found = found.reshape(self.shape)
        if self.axes == 1:
            return found.transpose(1, 0, 2)[:, :, None, :]
        if self.axes == 3:
            depth, height, width, inputs, outputs = self.shape
            return found.transpose(1, 0, 2, 3, 4).reshape(height, depth * width, inputs, outputs)
        return found


def filters(graph: Graph, inference: Inference) -> dict[str, Filters]:
    """The layers whose weights can be seen as filters."""
    found = {key: _filters_of(graph, inference, key) for key in graph.order}
    return {key: one for key, one in found.items() if one is not None}


def _filters_of(graph: Graph, inference: Inference, key: str) -> Filters | None:
    layer, specs = graph.nodes[key].layer, inference.weights.get(key, ())
    ranks = (3, 4, 5) if layer.category == "Convolution" else (4,)
    spec = next((spec for spec in specs if len(spec.shape) in ranks), None)
    if spec is None:
        return _over_picture(graph, inference, key, specs)
    *places, inputs, outputs = spec.shape
    if layer.key.startswith("Depthwise") or spec.name == "depthwise_kernel":
        return Filters(spec.name, (*places, 1, inputs * outputs), apart=True)
    if layer.key.endswith("Transpose"):
        return Filters(spec.name, (*places, outputs, inputs), swapped=True)
    return Filters(spec.name, spec.shape)


def _over_picture(graph: Graph, inference: Inference, key: str, specs: tuple[WeightSpec, ...]) -> Filters | None:
    """A dense kernel over the picture that a Flatten before it laid flat."""
    kernel = next((spec for spec in specs if len(spec.shape) == 2), None)
    if kernel is None or not graph.into(key):
        return None
    source = graph.into(key)[0].source
    while graph.nodes[source].layer.view and graph.into(source) and inference.outputs[source][0].rank == 2:
        source = graph.into(source)[0].source
    spec = inference.outputs[source][0]
    if spec.rank == 4 and spec.known and spec.size == kernel.shape[0]:
        height, width, channels = spec.sizes
        return Filters(kernel.name, (height, width, channels, kernel.shape[1]))
    return None


#: Categories of layers whose answers of rank 3 are steps of features, not pictures without colours.
_SEQUENTIAL = frozenset({"Convolution", "Pooling", "Recurrent", "Attention"})


def gives_sequences(graph: Graph, inference: Inference, key: str) -> bool:
    """Whether a layer puts out steps of features.

    What enters may also be a picture without colours whose rows are read as steps: only long rows of few features
    are taken for a sequence.
    """
    shape = inference.outputs[key][0].shape
    if len(shape) != 2:
        return False
    if any(_is_sequential(graph, other) for other in graph.upstream(key)):
        return True
    long = (shape[0] or 0) >= 2 * (shape[1] or 0)
    return long and any(_is_sequential(graph, other) for other in graph.downstream(key))


def _is_sequential(graph: Graph, key: str) -> bool:
    layer = graph.nodes[key].layer
    return layer.category in _SEQUENTIAL or layer.key.endswith("Embedding")
