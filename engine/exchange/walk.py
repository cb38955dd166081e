"""Leads an emitter through a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy.typing as npt

from engine.catalogue.layers.emitter import Emitter, Value
from engine.errors import LayerloomError, UsageError
from engine.exchange.parcel import Parcel
from engine.graph import Node
from engine.problems import Problem
from engine.tensor_spec import TensorSpec


class Writer(Emitter, Protocol):
    """An emitter that can be led through a whole network."""

    def source(self, node: Node, name: str, spec: TensorSpec) -> Value:
        """Declare an input of the program."""

    def enter(
        self, node: Node, name: str, specs: tuple[TensorSpec, ...], weights: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """What is written from now on belongs to this node."""

    def result(self, node: Node, name: str, value: Value, spec: TensorSpec) -> None:
        """Declare an output of the program."""


def walk(parcel: Parcel, out: Writer) -> None:
    """Write a network node by node, in the order of its wires.

    Raises:
        UsageError: a layer cannot be written in this language.
    """
    graph, inference = parcel.graph, parcel.inference
    values: dict[str, tuple[Value, ...]] = {}
    for key in graph.order:
        node, name = graph.nodes[key], parcel.names[key]
        if not node.layer.inputs:
            values[key] = (out.source(node, name, inference.outputs[key][0]),)
            continue
        x = []
        for edge in graph.into(key):
            ports = [port.name for port in graph.nodes[edge.source].layer.outputs]
            x.append(values[edge.source][ports.index(edge.source_port)])
        _refuse_masks(node, inference.inputs[key])
        out.enter(node, name, inference.inputs[key], parcel.weights.get(key, {}))
        values[key] = node.layer.export(out, tuple(x))
    for key in graph.outputs:
        out.result(graph.nodes[key], parcel.names[key], values[key][0], inference.outputs[key][0])


def _refuse_masks(node: Node, specs: tuple[TensorSpec, ...]) -> None:
    """Refuse what would answer differently, because these languages carry no masks beside their tensors.

    Raises:
        UsageError: the layer leaves padding out, and padding arrives.
    """
    if node.layer.reads_mask and any(spec.masked for spec in specs):
        raise UsageError(
            f"'{node.name}' leaves out the steps that a mask hides, which only exports to Keras can say. "
            "Export to Keras, or take Masking or mask_zero away."
        )


def obstacles(parcel: Parcel, out: Writer) -> tuple[Problem, ...]:
    """What this language cannot express of a network, found by trying each node."""
    found: list[Problem] = []
    graph, inference = parcel.graph, parcel.inference
    for key in graph.order:
        node = graph.nodes[key]
        if not node.layer.inputs:
            continue
        # Stand-ins for what would arrive: only whether the layer can be written is asked here.
        specs = inference.inputs[key]
        try:
            _refuse_masks(node, specs)
            x = tuple(out.source(node, f"{parcel.names[key]}_{place}", spec) for place, spec in enumerate(specs))
            out.enter(node, parcel.names[key], specs, parcel.weights.get(key, {}))
            node.layer.export(out, x)
        except LayerloomError as error:
            found.append(Problem(str(error), key))
    return tuple(found)
