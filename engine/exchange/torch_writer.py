"""Writes a network's layers as a PyTorch module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.errors import UsageError
from engine.exchange.parcel import Array, Parcel
from engine.exchange.python_text import (
    Formulas,
    file_names,
    free_names,
    fresh,
    is_chain,
    merged_text,
    remark,
    shape_comment,
    slices_text,
)
from engine.exchange.torch_names import FILE, FUNCTIONS, MODULE, SPELLING
from engine.exchange.trace import REDUCTIONS, trace
from engine.graph import Node
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec

#: Longest expression that may stand within another.
LONGEST = 70


@dataclass(frozen=True)
class Tensor:
    """A value of the program.

    Attributes:
        code: an expression for it that may stand before a dot.
        shape: of one sample, as the engine has it (channels last).
        first: laid out as (batch, channels, ...) instead.
    """

    code: str
    shape: tuple[int, ...]
    first: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """Where each axis of the engine's layout lies in this one."""
        rank = len(self.shape) + 1
        return (0, *range(2, rank), 1) if self.first else tuple(range(rank))

    @property
    def laid_out(self) -> tuple[int, ...]:
        """The shape of one sample as it lies."""
        return (self.shape[-1], *self.shape[:-1]) if self.first else self.shape


class TorchWriter:
    """An emitter for PyTorch.

    Pictures are (samples, channels, height, width), at the borders and within, as PyTorch's layers want them. Other
    tensors keep the engine's layout, and are turned where a layer needs it.

    Attributes:
        members: lines that make the layers.
        lines: of ``forward``, without indentation.
        arrays: the weights under their names in the state_dict.
        formulas: functions of activations without a name in PyTorch.
        files: what inputs and outputs are called in files, by node.
        inputs, outputs: expression and name in files of each.
        probabilities: softmax is the last step of an output.
        pictures: an input or output is a picture.
    """

    def __init__(self, parcel: Parcel, class_name: str) -> None:
        self.files, self._names = file_names(parcel), free_names(parcel, (*FILE, *MODULE, class_name))
        self.members: list[str] = []
        self.lines: list[str] = []
        self.arrays: dict[str, Array] = {}
        self.formulas = Formulas(SPELLING, {*FILE, class_name, *self._names.values()})
        self.inputs: list[tuple[str, str]] = []
        self.outputs: list[tuple[str, str]] = []
        self.probabilities = self.pictures = False
        self.specs: tuple[TensorSpec, ...] = ()
        self._chain = is_chain(parcel.graph)
        self._weights: Mapping[str, npt.NDArray[Any]] = {}
        self._node: Node | None = None
        self._members: set[str] = set()
        self._variable = self._expression = ""

    # -- the walk --------------------------------------------------------------------------

    def source(self, node: Node, name: str, spec: TensorSpec) -> Tensor:
        """Take an argument; pictures come with their channels first."""
        variable = "x" if self._chain else self._names[node.id]
        self.inputs.append((variable, self.files[node.id]))
        x = Tensor(variable, spec.sizes, first=_is_picture(spec))
        self.pictures |= x.first
        self.lines.append(f"# {variable}: {shape_comment(x.laid_out)}")
        return x

    def enter(
        self, node: Node, name: str, specs: tuple[TensorSpec, ...], weights: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """Begin a layer."""
        self.specs, self._weights, self._node = specs, weights, node
        self._variable, self._expression = "x" if self._chain else self._names[node.id], ""
        if node.label and node.label != name:
            self.lines.append(remark(node, name))

    def result(self, node: Node, name: str, value: Tensor, spec: TensorSpec) -> None:
        """Return a value; pictures leave with their channels first."""
        x = self._first(value) if _is_picture(spec) else self._last(value)
        activation = getattr(node.layer, "activation", None)
        self.probabilities |= isinstance(activation, Component) and activation.key == "softmax"
        self.pictures |= _is_picture(spec)
        self.outputs.append((x.code, self.files[node.id]))

    # -- layouts and lines -----------------------------------------------------------------

    def _last(self, x: Tensor) -> Tensor:
        """The tensor with channels last."""
        return Tensor(f"{x.code}.movedim(1, -1)", x.shape) if x.first else x

    def _first(self, x: Tensor) -> Tensor:
        """The tensor with channels right after the batch."""
        return x if x.first or len(x.shape) < 2 else Tensor(f"{x.code}.movedim(-1, 1)", x.shape, first=True)

    def _alike(self, xs: Sequence[Tensor]) -> list[Tensor]:
        return [self._first(x) for x in xs] if any(x.first for x in xs) else list(xs)

    def _put(self, expression: str, shape: tuple[int, ...], first: bool = False) -> Tensor:
        """Assign to the layer's variable."""
        self._expression = expression
        found = Tensor(self._variable, shape, first)
        self.lines.append(f"{self._variable} = {expression}  # {shape_comment(found.laid_out)}")
        return found

    def _taken_back(self, x: Tensor) -> str:
        """What this layer assigned last, to stand within a longer expression; softmax gets a line of its own."""
        if x.code != self._variable or not self._expression or len(self._expression) > LONGEST:
            return x.code
        self.lines.pop()
        return self._expression

    def _member(self, made: str, arrays: Mapping[str, Array]) -> str:
        """Make a layer of PyTorch with these weights; returns how it is called up."""
        assert self._node is not None
        name = fresh(self._names[self._node.id], self._members)
        self._members.add(name)
        self.members.append(f"self.{name} = {made}")
        self.arrays |= {f"{name}.{key}": np.ascontiguousarray(values) for key, values in arrays.items()}
        return f"self.{name}"

    def _parameter(self, weight: str) -> str:
        """Keep a weight as it is, outside of any layer of PyTorch; returns how it is called up."""
        assert self._node is not None
        name = fresh(f"{self._names[self._node.id]}_{weight}", {*self._members, *MODULE, *FILE, *self._names.values()})
        self._members.add(name)
        values = np.ascontiguousarray(self._weights[weight])
        self.members.append(f"self.{name} = nn.Parameter(torch.empty({values.shape}))")
        self.arrays[name] = values
        return f"self.{name}"

    def _padded(self, x: Tensor, axes: tuple[Axis, ...], most: Sequence[int], border: str) -> tuple[str, str]:
        """The layer's own padding where it can do it, else an expression that pads before it."""
        if all(axis.before == axis.after <= limit for axis, limit in zip(axes, most, strict=True)):
            padding = tuple(axis.before for axis in axes)
            return x.code, f", padding={_brief(padding)}" if any(padding) else ""
        sides = tuple(side for axis in reversed(axes) for side in (axis.before, axis.after))
        return f"F.pad({x.code}, {sides}{border})", ""

    # -- operations ------------------------------------------------------------------------

    def dense(self, x: Tensor, kernel: str, bias: str | None) -> Tensor:
        """A Linear layer, along the last axis; its weight lies the other way round."""
        table = self._weights[kernel]
        arrays = {"weight": table.T} | ({} if bias is None else {"bias": self._weights[bias]})
        layer = self._member(f"nn.Linear({table.shape[0]}, {table.shape[1]}{_without(bias)})", arrays)
        return self._put(f"{layer}({self._last(x).code})", (*x.shape[:-1], table.shape[1]))

    def conv(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Tensor:
        """A convolution; kernels are (filters, channels, *window) there."""
        _check_axes(axes, "convolutions")
        table, count = self._weights[kernel], len(axes)
        arrays = {"weight": table.transpose(count + 1, count, *range(count))}
        arrays |= {} if bias is None else {"bias": self._weights[bias]}
        code, padding = self._padded(self._first(x), axes, [axis.padded for axis in axes], "")
        dilation = tuple(axis.dilation for axis in axes)
        made = (
            f"nn.Conv{count}d({x.shape[-1]}, {table.shape[-1]}, {_sizes(axes)}{padding}"
            f"{f', dilation={_brief(dilation)}' if max(dilation) > 1 else ''}"
            f"{f', groups={groups}' if groups > 1 else ''}{_without(bias)})"
        )
        shape = (*(axis.out for axis in axes), table.shape[-1])
        return self._put(f"{self._member(made, arrays)}({code})", shape, first=True)

    def max_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """Pooling, which pads by half a window at most."""
        _check_axes(axes, "pooling")
        border = ', value=float("-inf")'
        code, padding = self._padded(self._first(x), axes, [axis.kernel // 2 for axis in axes], border)
        dilation = tuple(axis.dilation for axis in axes)
        gaps = f", dilation={_brief(dilation)}" if max(dilation) > 1 else ""
        # Without a stride given, PyTorch takes the window's size.
        made = f"nn.MaxPool{len(axes)}d({_sizes(axes, always=True)}{padding}{gaps})"
        shape = (*(axis.out for axis in axes), x.shape[-1])
        return self._put(f"{self._member(made, {})}({code})", shape, first=True)

    def average_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """Pooling that does not count the padding; PyTorch's own is the same on both sides."""
        _check_axes(axes, "pooling")
        x, shape = self._first(x), (*(axis.out for axis in axes), x.shape[-1])
        sizes = _sizes(axes, always=True)
        if all(axis.before == axis.after <= axis.kernel // 2 for axis in axes):
            padding = tuple(axis.before for axis in axes)
            border = f", padding={_brief(padding)}, count_include_pad=False" if any(padding) else ""
            made = f"nn.AvgPool{len(axes)}d({sizes}{border})"
            return self._put(f"{self._member(made, {})}({x.code})", shape, first=True)
        sides = tuple(side for axis in reversed(axes) for side in (axis.before, axis.after))
        pool = self._member(f"nn.AvgPool{len(axes)}d({sizes})", {})
        self.lines.append("# Padded windows hold zeros; dividing by the share of cells in the picture forgets them.")
        share = f"{pool}(F.pad(torch.ones_like({x.code}), {sides}))"
        return self._put(f"{pool}(F.pad({x.code}, {sides})) / {share}", shape, first=True)

    def pool_all(self, x: Tensor, operation: str, keep: bool) -> Tensor:
        """One number per channel."""
        dims = tuple(x.order[axis] for axis in range(1, len(x.shape)))
        function = {"mean": "mean", "max": "amax"}[operation]
        shape = (*(1 for _ in dims), x.shape[-1]) if keep else x.shape[-1:]
        return self._put(f"{x.code}.{function}(dim={dims}{', keepdim=True' if keep else ''})", shape, x.first and keep)

    def normalize(
        self, x: Tensor, gamma: str | None, beta: str | None, mean: str, variance: str, epsilon: float, axis: int
    ) -> Tensor:
        """Batch normalization over the axis right after the batch, to which another one is moved and back."""
        rank, size = len(x.shape) + 1, self._weights[mean].shape
        scaled = gamma is not None or beta is not None
        arrays = {
            "weight": self._weights[gamma] if gamma else np.ones(size, np.float32),
            "bias": self._weights[beta] if beta else np.zeros(size, np.float32),
        }
        arrays = (arrays if scaled else {}) | {
            "running_mean": self._weights[mean],
            "running_var": self._weights[variance],
            "num_batches_tracked": np.zeros((), np.int64),
        }
        # PyTorch's momentum is the share of the new batch, Keras's that of the old average.
        momentum = round(1 - float(getattr(self._node and self._node.layer, "momentum", 0.9)), 12)
        axes = {2: 1, 3: 1, 4: 2, 5: 3}.get(rank, 1)
        made = f"nn.BatchNorm{axes}d({size[0]}, eps={epsilon!r}, momentum={momentum!r}"
        layer = self._member(made + ("" if scaled else ", affine=False") + ")", arrays)
        place = x.order[axis]
        code = x.code if place == 1 else f"{x.code}.movedim({place}, 1)"
        if rank > 5:
            moved = tuple(size for at, size in enumerate((0, *x.laid_out)) if at not in (0, place))
            y = f"{layer}({code}.flatten(2)).unflatten(2, {moved})"
        else:
            y = f"{layer}({code})"
        return self._put(y if place == 1 else f"{y}.movedim(1, {place})", x.shape, x.first)

    def standardize(self, x: Tensor, axes: tuple[int, ...], epsilon: float) -> Tensor:
        """Mean 0 and variance 1."""
        y = self._put(f"{self._last(x).code} - {self._last(x).code}.mean(dim={axes}, keepdim=True)", x.shape)
        return self._put(f"{y.code} / ({y.code}.square().mean(dim={axes}, keepdim=True) + {epsilon!r}).sqrt()", x.shape)

    def scale(self, x: Tensor, gamma: str | None, beta: str | None, axes: tuple[int, ...]) -> Tensor:
        """Factors and offsets, with axes of size 1 where one number serves all."""
        shape = tuple(size if place in axes else 1 for place, size in enumerate(x.shape, 1))
        factor = f" * {self._parameter(gamma)}.reshape({shape})" if gamma else ""
        offset = f" + {self._parameter(beta)}.reshape({shape})" if beta else ""
        return self._put(f"{self._last(x).code}{factor}{offset}", x.shape) if gamma or beta else x

    def unit(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Length 1."""
        code = self._last(x).code
        return self._put(f"{code} / {code}.square().sum(dim={axes}, keepdim=True).sqrt().clamp(min=1e-12)", x.shape)

    def activation(self, activation: Component, x: Tensor) -> Tensor:
        """A function of PyTorch where it has one, else the formula."""
        if activation.key == "linear":
            return x
        if activation.key in FUNCTIONS:
            whole = FUNCTIONS[activation.key](activation)
            inner = x.code if "{dim}" in whole else self._taken_back(x)
            code = whole.format(x=inner, dim=1 if x.first else -1)
        else:
            x = self._last(x) if trace(activation).operations & REDUCTIONS else x
            code = f"{self.formulas.name(activation)}({self._taken_back(x)})"
        return self._put(code, x.shape, x.first)

    def formula(self, layer: Component, xs: Sequence[Tensor], weights: tuple[str, ...]) -> Tensor:
        """A function of inputs and learnt parameters."""
        alike = [self._last(x) for x in xs] if weights else self._alike(xs)
        given = [*(x.code for x in alike), *map(self._parameter, weights)]
        function = self.formulas.name_of_layer(layer, len(given))
        return self._put(f"{function}({', '.join(given)})", xs[0].shape, alike[0].first)

    def leaky(self, x: Tensor, alpha: str) -> Tensor:
        """Learnt slopes for negative numbers."""
        slopes, code = self._parameter(alpha), self._last(x).code
        return self._put(f"torch.where({code} > 0, {code}, {slopes} * {code})", x.shape)

    def dropout(self, x: Tensor, rate: float) -> Tensor:
        """A Dropout layer, which acts in training only."""
        return self._put(f"{self._member(f'nn.Dropout({rate!r})', {})}({x.code})", x.shape, x.first)

    def merge(self, operation: str, xs: Sequence[Tensor]) -> Tensor:
        """Tensors put together number by number."""
        alike = self._alike(xs)
        return self._put(merged_text(operation, [x.code for x in alike], "torch"), xs[0].shape, alike[0].first)

    def add(self, xs: Sequence[Tensor]) -> Tensor:
        """A sum."""
        alike = self._alike(xs)
        return self._put(" + ".join(x.code for x in alike), xs[0].shape, alike[0].first)

    def concatenate(self, xs: Sequence[Tensor], axis: int) -> Tensor:
        """One after the other."""
        alike = self._alike(xs)
        shape = list(xs[0].shape)
        shape[axis - 1] = sum(x.shape[axis - 1] for x in xs)
        listed = ", ".join(x.code for x in alike)
        return self._put(f"torch.cat([{listed}], dim={alike[0].order[axis]})", tuple(shape), alike[0].first)

    def transpose(self, x: Tensor, dims: tuple[int, ...]) -> Tensor:
        """Axes in another order."""
        shape = tuple(x.shape[place - 1] for place in dims)
        return self._put(f"{self._last(x).code}.permute{(0, *dims)}", shape)

    def pad(self, x: Tensor, sides: tuple[tuple[int, int], ...]) -> Tensor:
        """Zeros around it."""
        shape = tuple(size + sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        laid = (sides[-1], *sides[:-1]) if x.first else sides
        flat = tuple(side for pair in reversed(laid) for side in pair)
        return self._put(f"F.pad({x.code}, {flat})", shape, x.first)

    def crop(self, x: Tensor, sides: tuple[tuple[int, int], ...]) -> Tensor:
        """Its inner part."""
        shape = tuple(size - sum(pair) for size, pair in zip(x.shape, sides, strict=True))
        laid = (sides[-1], *sides[:-1]) if x.first else sides
        return self._put(f"{x.code}[{slices_text(laid)}]", shape, x.first)

    def repeat(self, x: Tensor, axis: int, count: int) -> Tensor:
        """Every place of an axis several times."""
        shape = tuple(size * count if place == axis else size for place, size in enumerate(x.shape, 1))
        return self._put(f"{x.code}.repeat_interleave({count}, dim={x.order[axis]})", shape, x.first)

    def enlarge(self, x: Tensor, factors: tuple[int, int]) -> Tensor:
        """A larger picture."""
        shape = (x.shape[0] * factors[0], x.shape[1] * factors[1], x.shape[2])
        made = f'nn.Upsample(scale_factor={_brief(factors)}, mode="bilinear", align_corners=False)'
        return self._put(f"{self._member(made, {})}({self._first(x).code})", shape, first=True)

    def flatten(self, x: Tensor) -> Tensor:
        """One row per sample, channels varying fastest as in the engine."""
        if len(x.shape) == 1:
            return x
        # With one channel or one pixel both layouts lie alike in memory.
        alike = x.shape[-1:] == (1,) or prod(x.shape[:-1]) == 1
        code = x.code if alike else self._last(x).code
        if code != x.code:
            self.lines.append("# Channels vary fastest in the rows that the next weights were trained on.")
        return self._put(f"{code}.flatten(1)" if x.shape else f"{code}.unsqueeze(1)", (prod(x.shape),))

    def reshape(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Another shape, the last axis varying fastest."""
        sizes = "".join(f", {size}" for size in shape)
        return self._put(f"{self._last(x).code}.reshape(-1{sizes})", shape)


def _is_picture(spec: TensorSpec) -> bool:
    return len(spec.shape) == 3


def _without(bias: str | None) -> str:
    return ", bias=False" if bias is None else ""


def _sizes(axes: tuple[Axis, ...], always: bool = False) -> str:
    """Window and strides; the latter where they are not 1, or always."""
    strides = tuple(axis.stride for axis in axes)
    told = f", stride={_brief(strides)}" if always or max(strides) > 1 else ""
    return f"kernel_size={_brief(tuple(axis.kernel for axis in axes))}{told}"


def _brief(sizes: tuple[int, ...]) -> str:
    """One number where all are equal."""
    return repr(sizes[0] if len(set(sizes)) == 1 else sizes)


def _check_axes(axes: tuple[Axis, ...], what: str) -> None:
    if len(axes) > 3:
        raise UsageError(f"PyTorch has {what} over one to three axes; received {len(axes)}. Use fewer axes.")
