"""Writes layers that go through sequences as PyTorch's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.catalogue.layers.cell import Cell
from engine.component import Component
from engine.exchange.parcel import Array
from engine.exchange.torch_base import Tensor, TorchBase, without
from engine.exchange.torch_cells import CELLS
from engine.exchange.torch_names import FUNCTIONS

#: PyTorch's layers for cells with the usual activations, and the places of the engine's gates in their weights.
LAYERS = {"simple_rnn": ("RNN", (0,)), "lstm": ("LSTM", (0, 1, 2, 3)), "gru": ("GRU", (1, 0, 2))}


class TorchSteps(TorchBase):
    """Recurrent cells, and steps as samples, of an emitter for PyTorch."""

    def recurrent(self, x: Tensor, states: Sequence[Tensor], cell: Cell) -> tuple[Tensor, ...]:
        """PyTorch's own layer, which knows the usual activations, else a module that is written into the file."""
        relu = cell.kind == "simple_rnn" and cell.activation.key == "relu"
        if (cell.standard or relu) and (cell.kind != "gru" or cell.reset_after):
            layer = self._usual(x.shape[1], cell, ', nonlinearity="relu"' if relu else "")
            # Its states have an axis of layers in front.
            given, answer, memory = [f"{state.code}[None]" for state in states], "[0]", "[1][1][0]"
            given = [f"({', '.join(given)})"] if len(given) > 1 else given
        else:
            layer, given = self._written(x.shape[1], cell), [state.code for state in states]
            answer, memory = "[0]" if cell.kind == "lstm" else "", "[1]"
        call, shape = f"{layer}({', '.join([self._last(x).code, *given])})", (x.shape[0], cell.units)
        if not cell.ends:
            y = f"{call}{answer}"
            return (self._put(y, shape) if cell.sequences else self._put(f"{y}[:, -1]", shape[1:]),)
        found = self._aside(call, shape)
        every = self._aside(f"{found.code}{answer}", shape)
        last = self._aside(f"{every.code}[:, -1]", shape[1:])
        more = [self._aside(f"{found.code}{memory}", shape[1:])] if cell.kind == "lstm" else []
        return (every if cell.sequences else last, last, *more)

    def reverse(self, x: Tensor) -> Tensor:
        """Flipped."""
        return self._put(f"{self._last(x).code}.flip(1)", x.shape)

    def join(self, x: Tensor) -> Tensor:
        """Two axes as one."""
        return self._put(f"{self._last(x).code}.flatten(0, 1)", x.shape[1:])

    def part(self, x: Tensor, steps: int) -> Tensor:
        """One axis as two."""
        return self._put(f"{self._last(x).code}.unflatten(0, (-1, {steps}))", (steps, *x.shape))

    def _usual(self, features: int, cell: Cell, more: str) -> str:
        """A layer of PyTorch, which has a bias for the inputs and one for the state."""
        name, order = LAYERS[cell.kind]

        def turned(table: Array) -> Array:
            parts = np.split(table, len(order), axis=-1)
            return np.concatenate([parts[place].T for place in order])

        arrays = {
            "weight_ih_l0": turned(self._weights[cell.kernel]),
            "weight_hh_l0": turned(self._weights[cell.recurrent_kernel]),
        }
        if cell.bias:
            bias = self._weights[cell.bias]
            first, second = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
            arrays |= {"bias_ih_l0": turned(first), "bias_hh_l0": turned(second)}
        made = f"nn.{name}({features}, {cell.units}{more}{without(cell.bias)}, batch_first=True)"
        return self._member(made, arrays)

    def _written(self, features: int, cell: Cell) -> str:
        """A module of the file's own, with weights as they are here."""
        name, source = CELLS[cell.kind]
        self.cells[name] = source
        arrays = {"kernel": self._weights[cell.kernel], "recurrent_kernel": self._weights[cell.recurrent_kernel]}
        if cell.bias:
            arrays["bias"] = self._weights[cell.bias]
        functions = ", ".join(map(self._function, reversed(cell.functions)))
        after = f", reset_after={cell.reset_after}" if cell.kind == "gru" else ""
        return self._member(f"{name}({features}, {cell.units}, {functions}{after}{without(cell.bias)})", arrays)

    def _function(self, activation: Component) -> str:
        """An activation to be handed over."""
        if activation.key not in FUNCTIONS:
            return self.formulas.name(activation)
        text = FUNCTIONS[activation.key](activation)
        name = text.removesuffix("({x})")
        return name if name.replace(".", "").isidentifier() else f"lambda x: {text.format(x='x', dim=-1)}"
