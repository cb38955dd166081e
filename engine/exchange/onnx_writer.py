"""Writes a network's layers as ONNX operators."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.exchange.onnx_formula import write_formula
from engine.exchange.onnx_graph import Tensor
from engine.exchange.onnx_steps import OnnxSteps
from engine.exchange.python_text import aligned
from engine.exchange.trace import trace_of
from engine.kernels.conv_tables import Axis


class OnnxWriter(OnnxSteps):
    """An emitter for ONNX."""

    # -- operations ------------------------------------------------------------------------

    def dense(self, x: Tensor, kernel: str, bias: str | None) -> Tensor:
        """Gemm for rows, MatMul along the last axis of anything else."""
        table = self._weights[kernel]
        inputs = [self._last(x).name, self.graph.array(kernel, table)]
        terms = [] if bias is None else [self.graph.array(bias, self._weights[bias])]
        if len(x.shape) == 1:
            y = self.graph.add("Gemm", inputs + terms)
        else:
            y = self.graph.add("MatMul", inputs)
            y = self.graph.add("Add", [y, *terms]) if terms else y
        return Tensor(y, (*x.shape[:-1], table.shape[-1]))

    def keep(self, x: Tensor) -> Tensor:
        """Every value has a name of its own."""
        return x

    def linear(self, x: Tensor, table: npt.NDArray[Any], offset: npt.NDArray[Any] | None) -> Tensor:
        """MatMul and Add."""
        y = self.graph.add("MatMul", [self._last(x).name, self._constant("kernel", table)])
        y = y if offset is None else self.graph.add("Add", [y, self._constant("bias", offset)])
        return Tensor(y, (*x.shape[:-1], table.shape[1]))

    def embed(self, x: Tensor, table: str) -> Tensor:
        """Gather, whose numbers are whole."""
        rows = self._weights[table]
        index = self.graph.add("Cast", [self._last(x).name], to=7)
        y = self.graph.add("Gather", [self.graph.array(table, rows), index], axis=0)
        return Tensor(y, (*x.shape, rows.shape[1]))

    def keep_steps(self, x: Tensor, value: float) -> Tensor:
        """The largest distance of a step's numbers from the value decides."""
        name = self._last(x).name
        distance = self.graph.add("Abs", [self.graph.add("Sub", [name, self.graph.number(value)])])
        largest = self.graph.add("ReduceMax", [distance], axes=[len(x.shape)], keepdims=1)
        found = self.graph.add("Greater", [largest, self.graph.number(0.0)])
        return Tensor(self.graph.add("Where", [found, name, self.graph.number(0.0)]), x.shape)

    def conv(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Tensor:
        """Conv with explicit padding."""
        return self._convolution(x, kernel, self._weights[kernel], bias, axes, groups)

    def depthwise(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Tensor:
        """Conv with as many groups as channels."""
        table = self._weights[kernel]
        return self._convolution(x, kernel, table.reshape(*table.shape[:-2], 1, -1), bias, axes, x.shape[-1])

    def _convolution(
        self, x: Tensor, kernel: str, table: npt.NDArray[Any], bias: str | None, axes: tuple[Axis, ...], groups: int
    ) -> Tensor:
        inputs = [self._first(x).name, *self._filters(kernel, table, bias)]
        y = self.graph.add("Conv", inputs, group=groups, dilations=[axis.dilation for axis in axes], **_windows(axes))
        return Tensor(y, (*(axis.out for axis in axes), table.shape[-1]), first=True)

    def conv_transpose(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Tensor:
        """ConvTranspose, which is told what to cut off and what to add."""
        table = self._weights[kernel]
        inputs = [self._first(x).name, *self._filters(kernel, table, bias)]
        words = _windows(axes) | {
            "pads": [axis.before for axis in axes] + [max(axis.surplus, 0) for axis in axes],
            "output_padding": [max(-axis.surplus, 0) for axis in axes],
            "dilations": [axis.dilation for axis in axes],
        }
        y = self.graph.add("ConvTranspose", inputs, **words)
        return Tensor(y, (*(axis.size for axis in axes), table.shape[-2]), first=True)

    def _filters(self, kernel: str, table: npt.NDArray[Any], bias: str | None) -> list[str]:
        """Kernel and bias; the last two axes come first there, and in the other order."""
        count = table.ndim - 2
        names = [self.graph.array(kernel, table.transpose(count + 1, count, *range(count)))]
        return names if bias is None else [*names, self.graph.array(bias, self._weights[bias])]

    def max_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """MaxPool; its padding never wins."""
        name, windows = self._first(x).name, _windows(axes)
        if any(axis.before != axis.after for axis in axes):
            # The operator can do it, but several programs, ONNX's own reference among them, get it wrong.
            pads = windows.pop("pads")
            half = len(axes)
            whole = self.graph.whole("pads", [0, 0, *pads[:half], 0, 0, *pads[half:]])
            name = self.graph.add("Pad", [name, whole, self.graph.number(-inf)])
        y = self.graph.add("MaxPool", [name], **windows)
        return Tensor(y, (*(axis.out for axis in axes), x.shape[-1]), first=True)

    def average_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """AveragePool without what lies in the padding."""
        name, windows = self._first(x).name, _windows(axes)
        shape = (*(axis.out for axis in axes), x.shape[-1])
        if all(axis.before == axis.after for axis in axes):
            y = self.graph.add("AveragePool", [name], count_include_pad=0, **windows)
            return Tensor(y, shape, first=True)
        # As for MaxPool: padding that differs from side to side is told apart by hand.
        pads, half = windows.pop("pads"), len(axes)
        whole = self.graph.whole("pads", [0, 0, *pads[:half], 0, 0, *pads[half:]])
        padded = self.graph.add("Pad", [name, whole])
        inside = self.graph.array("inside", np.ones((1, 1, *(axis.size for axis in axes)), np.float32))
        share = self.graph.add("AveragePool", [self.graph.add("Pad", [inside, whole])], **windows)
        y = self.graph.add("Div", [self.graph.add("AveragePool", [padded], **windows), share])
        return Tensor(y, shape, first=True)

    def pool_all(self, x: Tensor, operation: str, keep: bool) -> Tensor:
        """ReduceMean or ReduceMax."""
        rank = len(x.shape) + 1
        axes = list(range(2, rank) if x.first else range(1, rank - 1))
        kind = {"mean": "ReduceMean", "max": "ReduceMax"}[operation]
        y = self.graph.add(kind, [x.name], axes=axes, keepdims=int(keep))
        shape = (*(1 for _ in axes), x.shape[-1]) if keep else x.shape[-1:]
        return Tensor(y, shape, x.first and keep)

    def normalize(
        self, x: Tensor, gamma: str | None, beta: str | None, mean: str, variance: str, epsilon: float, axis: int
    ) -> Tensor:
        """BatchNormalization, which wants its channels right after the batch."""
        size = self._weights[mean].shape
        names = (gamma, beta, mean, variance)
        instead = {0: ("gamma", np.ones(size, np.float32)), 1: ("beta", np.zeros(size, np.float32))}
        arrays = [
            self.graph.array(name, self._weights[name]) if name else self.graph.array(*instead[place])
            for place, name in enumerate(names)
        ]

        def normalized(name: str) -> str:
            return self.graph.add("BatchNormalization", [name, *arrays], epsilon=epsilon, momentum=self._momentum)

        if axis == len(x.shape):
            x = self._first(x)
            return Tensor(normalized(x.name), x.shape, x.first)
        x = self._last(x)
        if axis == 1:
            return Tensor(normalized(x.name), x.shape)
        order = [0, axis, *(place for place in range(1, len(x.shape) + 1) if place != axis)]
        y = normalized(self.graph.add("Transpose", [x.name], perm=order))
        return Tensor(self.graph.add("Transpose", [y], perm=np.argsort(order).tolist()), x.shape)

    def standardize(self, x: Tensor, axes: tuple[int, ...], epsilon: float) -> Tensor:
        """Steps, for the operator of that name knows the last axes only."""
        name, places = self._last(x).name, list(axes)
        centred = self.graph.add("Sub", [name, self.graph.add("ReduceMean", [name], axes=places, keepdims=1)])
        squares = self.graph.add("Mul", [centred, centred])
        variance = self.graph.add("ReduceMean", [squares], axes=places, keepdims=1)
        deviation = self.graph.add("Sqrt", [self.graph.add("Add", [variance, self.graph.number(epsilon)])])
        return Tensor(self.graph.add("Div", [centred, deviation]), x.shape)

    def scale(self, x: Tensor, gamma: str | None, beta: str | None, axes: tuple[int, ...]) -> Tensor:
        """Mul and Add."""
        shape = tuple(size if place in axes else 1 for place, size in enumerate(x.shape, 1))
        y = self._last(x).name
        for operation, weight in (("Mul", gamma), ("Add", beta)):
            if weight:
                y = self.graph.add(operation, [y, self.graph.array(weight, self._weights[weight].reshape(shape))])
        return Tensor(y, x.shape)

    def unit(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Division by the length."""
        name = self._last(x).name
        length = self.graph.add("ReduceL2", [name], axes=list(axes), keepdims=1)
        return Tensor(self.graph.add("Div", [name, self.graph.add("Max", [length, self.graph.number(1e-12)])]), x.shape)

    def formula(self, layer: Component, xs: Sequence[Tensor], weights: tuple[str, ...]) -> Tensor:
        """The steps of the formula, of inputs and weights."""
        alike = [self._last(x) for x in xs] if weights else self._alike(xs)
        names = [*(x.name for x in alike), *(self.graph.array(name, self._weights[name]) for name in weights)]
        inputs, formula = trace_of(layer, len(names))
        y = write_formula(self.graph, formula, "", dict(zip(inputs, names, strict=True)))
        return Tensor(y, xs[0].shape, alike[0].first)

    def leaky(self, x: Tensor, alpha: str) -> Tensor:
        """PRelu, whose slopes spread over the batch and shared axes."""
        slopes = self.graph.array(alpha, self._weights[alpha][None])
        return Tensor(self.graph.add("PRelu", [self._last(x).name, slopes]), x.shape)

    def dropout(self, x: Tensor, rate: float) -> Tensor:
        """Nothing: the file is for answering, not for training."""
        return x

    def merge(self, operation: str, xs: Sequence[Tensor]) -> Tensor:
        """Operators of any number of inputs where there are, else one after the other."""
        alike, shape = self._level(xs)
        names = [x.name for x in alike]
        if operation in ("average", "maximum", "minimum"):
            y = self.graph.add({"average": "Mean", "maximum": "Max", "minimum": "Min"}[operation], names)
        else:
            y = names[0]
            for name in names[1:]:
                y = self.graph.add({"subtract": "Sub", "multiply": "Mul"}[operation], [y, name])
        return Tensor(y, shape, alike[0].first)

    def add(self, xs: Sequence[Tensor]) -> Tensor:
        """Add for two, Sum for more."""
        alike, shape = self._level(xs)
        y = self.graph.add("Add" if len(xs) == 2 else "Sum", [x.name for x in alike])
        return Tensor(y, shape, alike[0].first)

    def _level(self, xs: Sequence[Tensor]) -> tuple[list[Tensor], tuple[int, ...]]:
        """Tensors of one layout with the same number of axes, and the shape to which they repeat."""
        shapes = aligned([x.shape for x in xs])
        level = [x if x.shape == shape else self.reshape(x, shape) for x, shape in zip(xs, shapes, strict=True)]
        return self._alike(level), np.broadcast_shapes(*shapes)

    def concatenate(self, xs: Sequence[Tensor], axis: int) -> Tensor:
        """Concat."""
        alike = self._alike(xs)
        shape = list(xs[0].shape)
        shape[axis - 1] = sum(x.shape[axis - 1] for x in xs)
        place = axis if not alike[0].first else 1 if axis == len(shape) else axis + 1
        y = self.graph.add("Concat", [x.name for x in alike], axis=place)
        return Tensor(y, tuple(shape), alike[0].first)

    def transpose(self, x: Tensor, dims: tuple[int, ...]) -> Tensor:
        """Transpose."""
        y = self.graph.add("Transpose", [self._last(x).name], perm=[0, *dims])
        return Tensor(y, tuple(x.shape[place - 1] for place in dims))

    def pad(self, x: Tensor, sides: tuple[tuple[int, int], ...]) -> Tensor:
        """Pad."""
        shape = tuple(size + sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        laid = [(0, 0), *((sides[-1], *sides[:-1]) if x.first else sides)]
        pads = self.graph.whole("pads", [before for before, _ in laid] + [after for _, after in laid])
        return Tensor(self.graph.add("Pad", [x.name, pads]), shape, x.first)

    def crop(self, x: Tensor, sides: tuple[tuple[int, int], ...]) -> Tensor:
        """Slice."""
        shape = tuple(size - sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        laid = (sides[-1], *sides[:-1]) if x.first else sides
        sizes = (x.shape[-1], *x.shape[:-1]) if x.first else x.shape
        starts = self.graph.whole("starts", [before for before, _ in laid])
        ends = self.graph.whole("ends", [size - after for size, (_, after) in zip(sizes, laid, strict=True)])
        axes = self.graph.whole("axes", list(range(1, len(laid) + 1)))
        return Tensor(self.graph.add("Slice", [x.name, starts, ends, axes]), shape, x.first)

    def repeat(self, x: Tensor, axis: int, count: int) -> Tensor:
        """Copies on an axis of their own, which then joins the other."""
        shape = tuple(size * count if place == axis else size for place, size in enumerate(x.shape, 1))
        y = self.graph.add("Unsqueeze", [self._last(x).name, self.graph.whole("axes", [axis + 1])])
        times = [count if place == axis + 1 else 1 for place in range(len(shape) + 2)]
        y = self.graph.add("Tile", [y, self.graph.whole("repeats", times)])
        return Tensor(self.graph.add("Reshape", [y, self.graph.whole("shape", [0, *shape])]), shape)

    def enlarge(self, x: Tensor, factors: tuple[int, int]) -> Tensor:
        """Resize, linear between the middles of pixels."""
        scales = self.graph.array("scales", np.array([1, 1, *factors], np.float32))
        words = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        y = self.graph.add("Resize", [self._first(x).name, "", scales], **words)
        return Tensor(y, (x.shape[0] * factors[0], x.shape[1] * factors[1], x.shape[2]), first=True)

    def resample(self, x: Tensor, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> Tensor:
        """Two MatMul."""
        down, across = self._constant("rows", rows), self._constant("columns", columns.T)
        y = self.graph.add("MatMul", [self.graph.add("MatMul", [down, self._first(x).name]), across])
        return Tensor(y, (len(rows), len(columns), x.shape[2]), first=True)

    def line(self, x: Tensor, factor: npt.NDArray[Any], offset: npt.NDArray[Any]) -> Tensor:
        """Mul and Add."""
        y = self.graph.add("Mul", [self._last(x).name, self._constant("factor", factor)])
        return Tensor(self.graph.add("Add", [y, self._constant("offset", offset)]), x.shape)

    def maxout(self, x: Tensor, kernel: str, bias: str | None) -> Tensor:
        """MatMul for all functions together, and ReduceMax."""
        table = self._weights[kernel]
        y = self.graph.add("MatMul", [x.name, self.graph.array(kernel, table)])
        if bias is not None:
            y = self.graph.add("Add", [y, self.graph.array(bias, self._weights[bias][:, None])])
        y = self.graph.add("ReduceMax", [y], axes=[0], keepdims=0)
        return Tensor(y, table.shape[-1:])

    def einsum(self, equation: str, xs: Sequence[Tensor], shape: tuple[int, ...], unit: tuple[int, ...] = ()) -> Tensor:
        """Einsum."""
        xs = [self.unit(x, (axis,)) for x, axis in zip(xs, unit, strict=True)] if unit else xs
        return Tensor(self.graph.add("Einsum", [self._last(x).name for x in xs], equation=equation), shape)

    def flatten(self, x: Tensor) -> Tensor:
        """Flatten, channels varying fastest as in the engine."""
        if len(x.shape) == 1:
            return x
        # With one channel or one pixel both layouts lie alike in memory.
        alike = x.shape[-1:] == (1,) or prod(x.shape[:-1]) == 1
        name = x.name if alike else self._last(x).name
        return Tensor(self.graph.add("Flatten", [name], axis=1), (prod(x.shape),))

    def reshape(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Reshape; its 0 keeps the size of the batch."""
        name = self._last(x).name
        return Tensor(self.graph.add("Reshape", [name, self.graph.whole("shape", [0, *shape])]), shape)


def _windows(axes: tuple[Axis, ...]) -> dict[str, list[int]]:
    """The attributes that convolution and pooling share."""
    return {
        "kernel_shape": [axis.kernel for axis in axes],
        "strides": [axis.stride for axis in axes],
        "pads": [axis.before for axis in axes] + [axis.after for axis in axes],
    }
