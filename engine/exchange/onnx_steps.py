"""Writes layers that go through sequences as ONNX operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.cell import Cell
from engine.component import Component
from engine.exchange.onnx_base import OnnxBase
from engine.exchange.onnx_graph import Tensor

#: The operators for cells with the usual activations, and the places of the engine's gates in their weights.
OPERATORS = {"simple_rnn": ("RNN", (0,)), "lstm": ("LSTM", (0, 3, 1, 2)), "gru": ("GRU", (0, 1, 2))}


class OnnxSteps(OnnxBase):
    """Recurrent cells, and steps as samples, of an emitter for ONNX."""

    def recurrent(self, x: Tensor, states: Sequence[Tensor], cell: Cell) -> tuple[Tensor, ...]:
        """RNN, LSTM or GRU with the usual activations, which is all that every runtime knows; else a Scan."""
        # Operators have steps first, and those that have a choice are not understood everywhere.
        name = self.graph.add("Transpose", [self._last(x).name], perm=[1, 0, 2])
        starts = [state.name for state in states]
        every, *ends = self._usual(name, starts, cell) if cell.standard else self._scanned(name, starts, cell)
        last = [Tensor(end, (cell.units,)) for end in ends]
        if not cell.sequences:
            return (last[0], *(last if cell.ends else ()))
        y = Tensor(self.graph.add("Transpose", [every], perm=[1, 0, 2]), (x.shape[0], cell.units))
        return (y, *(last if cell.ends else ()))

    def reverse(self, x: Tensor) -> Tensor:
        """Slice with steps of -1."""
        limits = (("starts", -1), ("ends", -(2**31)), ("axes", 1), ("steps", -1))
        words = [self.graph.whole(word, [value]) for word, value in limits]
        return Tensor(self.graph.add("Slice", [self._last(x).name, *words]), x.shape)

    def join(self, x: Tensor) -> Tensor:
        """Reshape."""
        return self._rows(x, x.shape[1:], [-1, *x.shape[1:]])

    def part(self, x: Tensor, steps: int) -> Tensor:
        """Reshape."""
        return self._rows(x, (steps, *x.shape), [-1, steps, *x.shape])

    def _rows(self, x: Tensor, shape: tuple[int, ...], sizes: list[int]) -> Tensor:
        return Tensor(self.graph.add("Reshape", [self._last(x).name, self.graph.whole("shape", sizes)]), shape)

    # -- the operators -----------------------------------------------------------------------------

    def _usual(self, x: str, starts: Sequence[str], cell: Cell) -> list[str]:
        """All states and the last ones by the operator, which has an axis of directions."""
        operator, order = OPERATORS[cell.kind]

        def turned(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
            parts = np.split(table, len(order), axis=-1)
            return np.concatenate([parts[place].T for place in order])[None]

        arrays = [
            self.graph.array(cell.kernel, turned(self._weights[cell.kernel])),
            self.graph.array(cell.recurrent_kernel, turned(self._weights[cell.recurrent_kernel])),
        ]
        if cell.bias:
            first, second = _biases(self._weights[cell.bias])
            arrays.append(self.graph.array(cell.bias, np.concatenate([turned(first), turned(second)], axis=1)))
        words: dict[str, int] = {"hidden_size": cell.units}
        if cell.kind == "gru":
            words["linear_before_reset"] = int(cell.reset_after)
        if starts:
            # Between the weights and the states stand a bias and the lengths of sequences, which may be left out.
            arrays += [""] * (4 - len(arrays))
            arrays += [self.graph.add("Unsqueeze", [start, self.graph.whole("axes", [0])]) for start in starts]
        count = 3 if cell.kind == "lstm" and cell.ends else 2
        every, *last = self.graph.add_several(operator, [x, *arrays], count, **words)
        wanted = [every] if cell.sequences else []
        ends = last if cell.ends or not cell.sequences else []
        found = [self.graph.add("Squeeze", [name, self.graph.whole("axes", [1])]) for name in wanted] or [""]
        return found + [self.graph.add("Squeeze", [name, self.graph.whole("axes", [0])]) for name in ends]

    # -- written out -------------------------------------------------------------------------------

    def _scanned(self, x: str, given: Sequence[str], cell: Cell) -> list[str]:
        """What the inputs give is computed for all steps at once, before a Scan goes through them."""
        table = self._weights[cell.kernel]
        sums = self.graph.add("MatMul", [x, self.graph.array(cell.kernel, table)])
        inner = ""
        if cell.bias:
            first, second = _biases(self._weights[cell.bias])
            sums = self.graph.add("Add", [sums, self.graph.array(cell.bias, first)])
            inner = self.graph.array("inner_bias", second) if second.any() else ""
        rows = self.graph.add("Shape", [x], start=1, end=2)
        sizes = self.graph.add("Concat", [rows, self.graph.whole("units", [cell.units])], axis=0)
        zeros = self.graph.add("ConstantOfShape", [sizes])
        steps: dict[str, Callable[..., Sequence[str]]] = {
            "simple_rnn": self._simple_step,
            "lstm": self._lstm_step,
            "gru": self._gru_step,
        }
        step = steps[cell.kind]
        starts = list(given) or [zeros] * (2 if cell.kind == "lstm" else 1)
        widths = [*(cell.units for _ in starts), table.shape[1]]
        *last, every = self.graph.scan(starts, sums, lambda *given: step(cell, inner, *given), widths)
        return [every, *last]

    def _shaped(self, activation: Component | None, name: str, cell: Cell) -> str:
        """An activation within a step."""
        if activation is None or activation.key == "linear":
            return name
        found: Tensor = self.activation(activation, Tensor(name, (cell.units,)))
        return found.name

    def _product(self, state: str, cell: Cell, gates: slice = slice(None)) -> str:
        """What the state gives for some of the gates."""
        table = self._weights[cell.recurrent_kernel].reshape(cell.units, -1, cell.units)[:, gates]
        return self.graph.add("MatMul", [state, self.graph.array(cell.recurrent_kernel, table.reshape(cell.units, -1))])

    def _simple_step(self, cell: Cell, inner: str, h: str, x: str) -> Sequence[str]:
        return [self._shaped(cell.activation, self.graph.add("Add", [x, self._product(h, cell)]), cell)]

    def _lstm_step(self, cell: Cell, inner: str, h: str, c: str, x: str) -> Sequence[str]:
        sums = self.graph.add("Add", [x, self._product(h, cell)])
        i, f, g, o = self.graph.add_several("Split", [sums], 4, axis=-1)
        i, f, o = (self._shaped(cell.gate, name, cell) for name in (i, f, o))
        fresh = self.graph.add("Mul", [i, self._shaped(cell.activation, g, cell)])
        c = self.graph.add("Add", [self.graph.add("Mul", [f, c]), fresh])
        return [self.graph.add("Mul", [o, self._shaped(cell.activation, c, cell)]), c]

    def _gru_step(self, cell: Cell, inner: str, h: str, x: str) -> Sequence[str]:
        xz, xr, xc = self.graph.add_several("Split", [x], 3, axis=-1)
        sums = self._product(h, cell, slice(None) if cell.reset_after else slice(2))
        sums = self.graph.add("Add", [sums, inner]) if inner else sums
        hz, hr, *more = self.graph.add_several("Split", [sums], 3 if cell.reset_after else 2, axis=-1)
        z, r = (
            self._shaped(cell.gate, self.graph.add("Add", [from_x, from_h]), cell)
            for from_x, from_h in ((xz, hz), (xr, hr))
        )
        if more:
            seen = self.graph.add("Mul", [r, more[0]])
        else:
            seen = self._product(self.graph.add("Mul", [r, h]), cell, slice(2, 3))
        candidate = self._shaped(cell.activation, self.graph.add("Add", [xc, seen]), cell)
        change = self.graph.add("Mul", [z, self.graph.add("Sub", [h, candidate])])
        return [self.graph.add("Add", [candidate, change])]


def _biases(bias: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What is added to the inputs' sums, and what to the state's."""
    return (bias[0], bias[1]) if bias.ndim == 2 else (bias, np.zeros_like(bias))
