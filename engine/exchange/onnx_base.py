"""How values, layouts and weights are written into an ONNX graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.exchange.onnx_formula import ALONG_AXIS, operator_of, write_formula
from engine.exchange.onnx_graph import OnnxGraph, Tensor
from engine.exchange.trace import REDUCTIONS, trace
from engine.graph import Node
from engine.tensor_spec import TensorSpec


class OnnxBase:
    """What an emitter for ONNX does around the operations.

    Inputs and outputs keep the engine's layout. In between a tensor stays in the layout that the last operator gave
    it, and is turned once, when an operator needs the other one.
    """

    def __init__(self) -> None:
        self.graph = OnnxGraph()
        self.specs: tuple[TensorSpec, ...] = ()
        self._weights: Mapping[str, npt.NDArray[Any]] = {}
        self._momentum = 0.9
        self._turned: dict[Tensor, Tensor] = {}

    # -- the walk --------------------------------------------------------------------------

    def source(self, node: Node, name: str, spec: TensorSpec) -> Tensor:
        """Declare an input."""
        self.graph.input(name, spec.sizes)
        return Tensor(name, spec.sizes)

    def enter(
        self, node: Node, name: str, specs: tuple[TensorSpec, ...], weights: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """Begin a layer."""
        self.graph.scope, self.specs, self._weights = name, specs, weights
        self.graph.owner = node.shares or node.id
        self._momentum = float(getattr(getattr(node.layer, "inner", node.layer), "momentum", 0.9))

    def result(self, node: Node, name: str, value: Tensor, spec: TensorSpec) -> None:
        """Declare an output."""
        self.graph.scope = name
        self.graph.output(self._last(value).name, name, spec.sizes)

    # -- layouts ---------------------------------------------------------------------------

    def _last(self, x: Tensor) -> Tensor:
        """The tensor with channels last."""
        return self._turn(x) if x.first else x

    def _first(self, x: Tensor) -> Tensor:
        """The tensor with channels right after the batch."""
        return x if x.first or len(x.shape) < 2 else self._turn(x)

    def _turn(self, x: Tensor) -> Tensor:
        if x not in self._turned:
            rank = len(x.shape) + 1
            order = [0, *range(2, rank), 1] if x.first else [0, rank - 1, *range(1, rank - 1)]
            found = Tensor(self.graph.add("Transpose", [x.name], perm=order), x.shape, not x.first)
            self._turned[x], self._turned[found] = found, x
        return self._turned[x]

    def _alike(self, xs: Sequence[Tensor]) -> list[Tensor]:
        """Tensors in one layout: channels first as soon as one is, for convolutions are near then."""
        return [self._first(x) for x in xs] if any(x.first for x in xs) else list(xs)

    # -- what several operations need ---------------------------------------------------------------------------

    def numbers(self, weight: str) -> npt.NDArray[Any]:
        """The numbers of a weight."""
        return self._weights[weight]

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        return self.graph.array(name, values.astype(np.float32))

    def activation(self, activation: Component, x: Tensor) -> Tensor:
        """An operator where ONNX has one, else the formula."""
        if activation.key in ALONG_AXIS:
            axis = 1 if x.first else -1
            return Tensor(self.graph.add(ALONG_AXIS[activation.key], [x.name], axis=axis), x.shape, x.first)
        if operator := operator_of(activation):
            return Tensor(self.graph.add(operator[0], [x.name], **operator[1]), x.shape, x.first)
        formula = trace(activation)
        x = self._last(x) if formula.operations & REDUCTIONS else x
        return Tensor(write_formula(self.graph, formula, x.name), x.shape, x.first)
