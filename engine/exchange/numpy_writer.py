"""Writes a network's layers as lines of NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.cell import Cell
from engine.component import Component
from engine.exchange.numpy_library import LIBRARY
from engine.exchange.parcel import Array, Parcel
from engine.exchange.python_formula import Spelling
from engine.exchange.python_text import (
    Formulas,
    aligned,
    file_names,
    free_names,
    fresh,
    is_chain,
    merged_text,
    remark,
    shape_comment,
    slices_text,
)
from engine.graph import Node
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec

#: Names that the file uses itself.
RESERVED = (
    *LIBRARY, "np", "math", "sys", "Path", "Array", "Sizes", "Padding", "Function", "sliding_window_view", "W",
    "INPUTS", "OUTPUTS", "CLASSES", "NAME", "predict", "main", "show", "annotations", "x",
)  # fmt: skip
SAME = ("exp", "expm1", "log", "log1p", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "arctan", "sign", "floor", "ceil")
SPELLING = Spelling(
    {name: f"np.{name}({{0}})" for name in SAME}
    | {name: f"np.{name}({{0}}, {{1}})" for name in ("maximum", "minimum", "logaddexp")}
    | {name: f"np.{name}({{0}}, axis=-1, keepdims=True)" for name in ("max", "min", "sum", "mean")}
    | {
        "absolute": "np.abs({0})", "where": "np.where({0}, {1}, {2})", "clip": "np.clip({0}, {1}, {2})",
        "erf": "erf({0})", "number": "np.asarray({0}, np.float32)",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A value of the program: its variable, and the shape of one sample."""

    name: str
    shape: tuple[int, ...]


class NumpyWriter:
    """An emitter for NumPy; layouts are the engine's own.

    Attributes:
        lines: of the function that predicts, without indentation.
        arrays: the weights by name.
        used: functions of the library that are called.
        formulas: functions of the activations.
        files: what inputs and outputs are called in files, by node.
        inputs, outputs: variable and name in files of each.
    """

    def __init__(self, parcel: Parcel) -> None:
        self.files, self._names = file_names(parcel), free_names(parcel, RESERVED)
        self.lines: list[str] = []
        self.arrays: dict[str, Array] = {}
        self.used: set[str] = set()
        self.formulas = Formulas(SPELLING, {*RESERVED, *self._names.values()})
        self.inputs: list[tuple[str, str]] = []
        self.outputs: list[tuple[str, str]] = []
        self.specs: tuple[TensorSpec, ...] = ()
        self._chain = is_chain(parcel.graph)
        self._owners = {key: parcel.names[parcel.graph.owner(key)] for key in parcel.graph.order}
        self._weights: Mapping[str, npt.NDArray[Any]] = {}
        self._scope = self._variable = ""
        self._kept: set[str] = {*RESERVED, *self._names.values()}

    # -- the walk --------------------------------------------------------------------------

    def source(self, node: Node, name: str, spec: TensorSpec) -> Named:
        """Take an argument."""
        self._variable = "x" if self._chain else self._names[node.id]
        self.inputs.append((self._variable, self.files[node.id]))
        sizes = "".join(f", {size}" for size in spec.sizes)
        return self._put(f"np.asarray({self._variable}, np.float32).reshape(-1{sizes})", spec.sizes)

    def enter(
        self, node: Node, name: str, specs: tuple[TensorSpec, ...], weights: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """Begin a layer."""
        self.specs, self._weights, self._scope = specs, weights, self._owners[node.id]
        self._variable = "x" if self._chain else self._names[node.id]
        self.lines += ["", remark(node, name)]

    def result(self, node: Node, name: str, value: Named, spec: TensorSpec) -> None:
        """Return a value."""
        self.outputs.append((value.name, self.files[node.id]))

    # -- writing ---------------------------------------------------------------------------

    def _put(self, expression: str, shape: tuple[int, ...]) -> Named:
        """Assign to the layer's variable."""
        self.lines.append(f"{self._variable} = {expression}  # {shape_comment(shape)}")
        return Named(self._variable, shape)

    def _put_call(
        self, function: str, given: Sequence[str], rest: Sequence[str], shape: tuple[int, ...], which: str = ""
    ) -> Named:
        """Assign what a function of the library returns, or one of several values."""
        self.used.add(function)
        line = f"{function}({', '.join([*given, *rest])})"
        if len(line) > 95:
            # Weights stand apart from settings, and no line gets long.
            body = "".join(f"    {row},\n" for part in (given, rest) for row in _rows(part))
            line = f"{function}(\n{body})"
        return self._put(line + which, shape)

    def _weight(self, weight: str | None, constant: Array | None = None) -> str:
        """A weight, or numbers that are kept like one."""
        if weight is None:
            return "None"
        name = f"{self._scope}.{weight}"
        while constant is not None and name in self.arrays:
            name += "_"
        self.arrays[name] = np.asarray(self._weights[weight] if constant is None else constant, np.float32)
        return f'W["{name}"]' if weight.isidentifier() else f"W[{name!r}]"

    # -- operations ------------------------------------------------------------------------

    def dense(self, x: Named, kernel: str, bias: str | None) -> Named:
        """A matrix product."""
        shape = (*x.shape[:-1], self._weights[kernel].shape[-1])
        return self._put_call("dense", [x.name, self._weight(kernel), self._weight(bias)], [], shape)

    def keep(self, x: Named) -> Named:
        """A variable beside the layer's own."""
        return x if x.name != self._variable else self._aside(x.name, x.shape)

    def _aside(self, expression: str, shape: tuple[int, ...]) -> Named:
        name = fresh(f"{self._variable}_kept", self._kept)
        self._kept.add(name)
        self.lines.append(f"{name} = {expression}")
        return Named(name, shape)

    def linear(self, x: Named, table: Array, offset: Array | None) -> Named:
        """A matrix product."""
        bias = "None" if offset is None else self._weight("bias", offset)
        given = [x.name, self._weight("kernel", table), bias]
        return self._put_call("dense", given, [], (*x.shape[:-1], table.shape[1]))

    def embed(self, x: Named, table: str) -> Named:
        """Rows by number."""
        shape = (*x.shape, self._weights[table].shape[1])
        return self._put(f"{self._weight(table)}[{x.name}.astype(int)]", shape)

    def keep_steps(self, x: Named, value: float) -> Named:
        """Zeros where nothing differs."""
        return self._put(f"{x.name} * ({x.name} != {value!r}).any(axis=-1, keepdims=True)", x.shape)

    def conv(self, x: Named, kernel: str, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Named:
        """Windows times filters."""
        shape = (*(axis.out for axis in axes), self._weights[kernel].shape[-1])
        given = [x.name, self._weight(kernel), self._weight(bias)]
        return self._put_call("convolve", given, [*_windows(axes), f"groups={groups}"], shape)

    def depthwise(self, x: Named, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Named:
        """Windows times filters, channel by channel."""
        shape = (*(axis.out for axis in axes), self._weights[kernel].shape[-1] * x.shape[-1])
        given = [x.name, self._weight(kernel), self._weight(bias)]
        return self._put_call("convolve_each", given, _windows(axes), shape)

    def conv_transpose(self, x: Named, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Named:
        """Windows written where others read."""
        sizes = tuple(axis.size for axis in axes)
        given = [x.name, self._weight(kernel), self._weight(bias)]
        strides, dilation, _ = _windows(axes)
        rest = [strides, dilation, f"before={tuple(axis.before for axis in axes)}", f"size={sizes}"]
        return self._put_call("convolve_back", given, rest, (*sizes, self._weights[kernel].shape[-2]))

    def max_pool(self, x: Named, axes: tuple[Axis, ...]) -> Named:
        """The largest of each window."""
        size = f"size={tuple(axis.kernel for axis in axes)}"
        shape = (*(axis.out for axis in axes), x.shape[-1])
        return self._put_call("max_pool", [x.name], [size, *_windows(axes)], shape)

    def average_pool(self, x: Named, axes: tuple[Axis, ...]) -> Named:
        """The mean of each window."""
        size = f"size={tuple(axis.kernel for axis in axes)}"
        shape = (*(axis.out for axis in axes), x.shape[-1])
        return self._put_call("average_pool", [x.name], [size, *_windows(axes)], shape)

    def pool_all(self, x: Named, operation: str, keep: bool) -> Named:
        """One number per channel."""
        axes = tuple(range(1, len(x.shape)))
        shape = (*(1 for _ in axes), x.shape[-1]) if keep else x.shape[-1:]
        return self._put(f"{x.name}.{operation}(axis={axes}{', keepdims=True' if keep else ''})", shape)

    def normalize(
        self, x: Named, gamma: str | None, beta: str | None, mean: str, variance: str, epsilon: float, axis: int
    ) -> Named:
        """Batch normalization with moving averages."""
        given = [x.name, *(self._weight(name) for name in (gamma, beta, mean, variance))]
        return self._put_call("normalize", given, [f"epsilon={epsilon!r}", f"axis={axis}"], x.shape)

    def standardize(self, x: Named, axes: tuple[int, ...], epsilon: float) -> Named:
        """Mean 0 and variance 1."""
        return self._put_call("standardize", [x.name], [f"axes={axes}", f"epsilon={epsilon!r}"], x.shape)

    def scale(self, x: Named, gamma: str | None, beta: str | None, axes: tuple[int, ...]) -> Named:
        """Factors and offsets, with axes of size 1 where one number serves all."""
        shape = tuple(size if place in axes else 1 for place, size in enumerate(x.shape, 1))
        factor = f" * {self._weight(gamma)}.reshape({shape})" if gamma else ""
        offset = f" + {self._weight(beta)}.reshape({shape})" if beta else ""
        return self._put(f"{x.name}{factor}{offset}", x.shape) if gamma or beta else x

    def unit(self, x: Named, axes: tuple[int, ...]) -> Named:
        """Length 1."""
        return self._put_call("unit", [x.name], [f"axes={axes}"], x.shape)

    def activation(self, activation: Component, x: Named) -> Named:
        """A function of its own, unless it is the identity."""
        return x if activation.key == "linear" else self._put(f"{self._function(activation)}({x.name})", x.shape)

    def _function(self, activation: Component) -> str:
        """What an activation is called."""
        function = self.formulas.name(activation)
        if self.formulas.use("erf"):
            self.used.add("erf")
        return function

    def formula(self, layer: Component, xs: Sequence[Named], weights: tuple[str, ...]) -> Named:
        """A function of its own, of inputs and weights."""
        given = [*(x.name for x in xs), *map(self._weight, weights)]
        function = self.formulas.name_of_layer(layer, len(given))
        if self.formulas.use("erf"):
            self.used.add("erf")
        return self._put(f"{function}({', '.join(given)})", xs[0].shape)

    def leaky(self, x: Named, alpha: str) -> Named:
        """Learnt slopes for negative numbers."""
        return self._put(f"np.where({x.name} > 0, {x.name}, {self._weight(alpha)} * {x.name})", x.shape)

    def dropout(self, x: Named, rate: float) -> Named:
        """A remark, for nothing happens."""
        self.lines.append("# It acts in training only.")
        return x

    def merge(self, operation: str, xs: Sequence[Named]) -> Named:
        """Tensors put together number by number."""
        names, shape = self._level(xs)
        return self._put(merged_text(operation, names, "np"), shape)

    def add(self, xs: Sequence[Named]) -> Named:
        """A sum."""
        names, shape = self._level(xs)
        return self._put(" + ".join(names), shape)

    def _level(self, xs: Sequence[Named]) -> tuple[list[str], tuple[int, ...]]:
        """Tensors with the same number of axes, and the shape to which they repeat."""
        shapes = aligned([x.shape for x in xs])
        names = [
            x.name if x.shape == shape else f"{x.name}.reshape{(-1, *shape)}"
            for x, shape in zip(xs, shapes, strict=True)
        ]
        return names, np.broadcast_shapes(*shapes)

    def concatenate(self, xs: Sequence[Named], axis: int) -> Named:
        """One after the other."""
        shape = list(xs[0].shape)
        shape[axis - 1] = sum(x.shape[axis - 1] for x in xs)
        listed = ", ".join(x.name for x in xs)
        return self._put(f"np.concatenate([{listed}], axis={axis})", tuple(shape))

    def transpose(self, x: Named, dims: tuple[int, ...]) -> Named:
        """Axes in another order."""
        return self._put(f"np.transpose({x.name}, {(0, *dims)})", tuple(x.shape[place - 1] for place in dims))

    def pad(self, x: Named, sides: tuple[tuple[int, int], ...]) -> Named:
        """Zeros around it."""
        shape = tuple(size + sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        return self._put(f"np.pad({x.name}, {((0, 0), *sides)})", shape)

    def crop(self, x: Named, sides: tuple[tuple[int, int], ...]) -> Named:
        """Its inner part."""
        shape = tuple(size - sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        return self._put(f"{x.name}[{slices_text(sides)}]", shape)

    def repeat(self, x: Named, axis: int, count: int) -> Named:
        """Every place of an axis several times."""
        shape = tuple(size * count if place == axis else size for place, size in enumerate(x.shape, 1))
        return self._put(f"np.repeat({x.name}, {count}, axis={axis})", shape)

    def enlarge(self, x: Named, factors: tuple[int, int]) -> Named:
        """A larger picture."""
        shape = (x.shape[0] * factors[0], x.shape[1] * factors[1], x.shape[2])
        return self._put_call("enlarge", [x.name], [f"factors={factors}"], shape)

    def resample(self, x: Named, rows: Array, columns: Array) -> Named:
        """Two matrix products."""
        given = ", ".join((x.name, self._weight("rows", rows), self._weight("columns", columns)))
        return self._put(
            f'np.einsum("bhwc,ih,jw->bijc", {given}, optimize=True)', (len(rows), len(columns), x.shape[2])
        )

    def line(self, x: Named, factor: Array, offset: Array) -> Named:
        """A product and a sum."""
        return self._put(f"{x.name} * {self._weight('factor', factor)} + {self._weight('offset', offset)}", x.shape)

    def maxout(self, x: Named, kernel: str, bias: str | None) -> Named:
        """The largest of several products."""
        added = f" + {self._weight(bias)}[:, None]" if bias else ""
        return self._put(f"({x.name} @ {self._weight(kernel)}{added}).max(axis=0)", self._weights[kernel].shape[-1:])

    def einsum(self, equation: str, xs: Sequence[Named], shape: tuple[int, ...], unit: tuple[int, ...] = ()) -> Named:
        """NumPy's einsum."""
        names = [x.name for x in xs]
        if unit:
            self.used.add("unit")
            names = [f"unit({name}, axes=({axis},))" for name, axis in zip(names, unit, strict=True)]
        return self._put(f'np.einsum("{equation}", {", ".join(names)})', shape)

    def recurrent(self, x: Named, states: Sequence[Named], cell: Cell) -> tuple[Named, ...]:
        """A loop over the steps."""
        given = [x.name, *map(self._weight, (cell.kernel, cell.recurrent_kernel, cell.bias))]
        rest = [f"activation={self._function(cell.activation)}"]
        rest += [f"gate={self._function(cell.gate)}"] if cell.gate else []
        rest += [f"reset_after={cell.reset_after}"] if cell.kind == "gru" else []
        rest += [f"{name}={state.name}" for name, state in zip("hc", states, strict=False)]
        shape, several = (x.shape[0], cell.units), cell.kind == "lstm"
        if not cell.ends:
            every = self._put_call(cell.kind, given, rest, shape, "[0]" if several else "")
            return (every if cell.sequences else self._put(f"{every.name}[:, -1]", shape[1:]),)
        found = self.keep(self._put_call(cell.kind, given, rest, shape))
        every = self._aside(f"{found.name}[0]", shape) if several else found
        last = self._aside(f"{every.name}[:, -1]", shape[1:])
        memory = [self._aside(f"{found.name}[1]", shape[1:])] if several else []
        return (every if cell.sequences else last, last, *memory)

    def reverse(self, x: Named) -> Named:
        """Steps of -1."""
        return self._put(f"{x.name}[:, ::-1]", x.shape)

    def join(self, x: Named) -> Named:
        """Two axes as one."""
        return self.reshape(x, x.shape[1:])

    def part(self, x: Named, steps: int) -> Named:
        """One axis as two."""
        return self.reshape(x, (steps, *x.shape))

    def numbers(self, weight: str) -> Array:
        """The numbers of a weight."""
        return self._weights[weight]

    def flatten(self, x: Named) -> Named:
        """One row per sample."""
        return self.reshape(x, (prod(x.shape),))

    def reshape(self, x: Named, shape: tuple[int, ...]) -> Named:
        """Another shape."""
        sizes = "".join(f", {size}" for size in shape)
        return self._put(f"{x.name}.reshape(-1{sizes})", shape)


def _windows(axes: tuple[Axis, ...]) -> list[str]:
    """The arguments that convolution and pooling share."""
    return [
        f"strides={tuple(axis.stride for axis in axes)}",
        f"dilation={tuple(axis.dilation for axis in axes)}",
        f"padding={tuple((axis.before, axis.after) for axis in axes)}",
    ]


def _rows(parts: Sequence[str]) -> list[str]:
    """Arguments in lines of at most 100 characters, as far as they go."""
    rows: list[str] = []
    for part in parts:
        if rows and len(rows[-1]) + len(part) < 100:
            rows[-1] += f", {part}"
        else:
            rows.append(part)
    return rows
