"""Writes a network's layers as a PyTorch module."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.component import Component
from engine.exchange.parcel import Array
from engine.exchange.python_text import aligned, merged_text, slices_text
from engine.exchange.torch_base import Tensor, brief, without
from engine.exchange.torch_names import FUNCTIONS
from engine.exchange.torch_steps import TorchSteps
from engine.exchange.torch_windows import TorchWindows
from engine.exchange.trace import REDUCTIONS, trace


class TorchWriter(TorchWindows, TorchSteps):
    """An emitter for PyTorch."""

    def dense(self, x: Tensor, kernel: str, bias: str | None) -> Tensor:
        """A Linear layer, along the last axis; its weight lies the other way round."""
        table = self._weights[kernel]
        arrays = {"weight": table.T} | ({} if bias is None else {"bias": self._weights[bias]})
        layer = self._member(f"nn.Linear({table.shape[0]}, {table.shape[1]}{without(bias)})", arrays)
        return self._put(f"{layer}({self._last(x).code})", (*x.shape[:-1], table.shape[1]))

    def keep(self, x: Tensor) -> Tensor:
        """A variable beside the layer's own."""
        return x if x.code != self._variable else self._aside(x.code, x.shape, x.first)

    def linear(self, x: Tensor, table: Array, offset: Array | None) -> Tensor:
        """A Linear layer."""
        arrays = {"weight": table.T} | ({} if offset is None else {"bias": offset})
        bias = ", bias=False" if offset is None else ""
        layer = self._member(f"nn.Linear({table.shape[0]}, {table.shape[1]}{bias})", arrays)
        return self._put(f"{layer}({self._last(x).code})", (*x.shape[:-1], table.shape[1]))

    def embed(self, x: Tensor, table: str) -> Tensor:
        """An Embedding layer, whose numbers are whole."""
        rows = self._weights[table]
        layer = self._member(f"nn.Embedding({rows.shape[0]}, {rows.shape[1]})", {"weight": rows})
        return self._put(f"{layer}({self._last(x).code}.long())", (*x.shape, rows.shape[1]))

    def keep_steps(self, x: Tensor, value: float) -> Tensor:
        """Zeros where nothing differs."""
        code = self._last(x).code
        return self._put(f"{code} * ({code} != {value!r}).any(dim=-1, keepdim=True)", x.shape)

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
        wrapper = self._node and self._node.layer
        momentum = round(1 - float(getattr(getattr(wrapper, "inner", wrapper), "momentum", 0.9)), 12)
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
        alike, shape = self._level(xs)
        return self._put(merged_text(operation, [x.code for x in alike], "torch"), shape, alike[0].first)

    def add(self, xs: Sequence[Tensor]) -> Tensor:
        """A sum."""
        alike, shape = self._level(xs)
        return self._put(" + ".join(x.code for x in alike), shape, alike[0].first)

    def _level(self, xs: Sequence[Tensor]) -> tuple[list[Tensor], tuple[int, ...]]:
        """Tensors of one layout with the same number of axes, and the shape to which they repeat."""
        shapes = aligned([x.shape for x in xs])
        level = [
            x if x.shape == shape else Tensor(f"{self._last(x).code}.reshape{(-1, *shape)}", shape)
            for x, shape in zip(xs, shapes, strict=True)
        ]
        return self._alike(level), np.broadcast_shapes(*shapes)

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
        made = f'nn.Upsample(scale_factor={brief(factors)}, mode="bilinear", align_corners=False)'
        return self._put(f"{self._member(made, {})}({self._first(x).code})", shape, first=True)

    def resample(self, x: Tensor, rows: Array, columns: Array) -> Tensor:
        """Two matrix products."""
        down, across = self._parameter("rows", rows), self._parameter("columns", columns.T)
        return self._put(
            f"{down} @ {self._first(x).code} @ {across}", (len(rows), len(columns), x.shape[2]), first=True
        )

    def line(self, x: Tensor, factor: Array, offset: Array) -> Tensor:
        """A product and a sum."""
        code, more = self._last(x).code, self._parameter("offset", offset)
        return self._put(f"{code} * {self._parameter('factor', factor)} + {more}", x.shape)

    def maxout(self, x: Tensor, kernel: str, bias: str | None) -> Tensor:
        """One product for all functions, and the largest of them."""
        added = f" + {self._parameter(bias)}.unsqueeze(1)" if bias else ""
        code = f"(torch.matmul({x.code}, {self._parameter(kernel)}){added}).amax(dim=0)"
        return self._put(code, self._weights[kernel].shape[-1:])

    def einsum(self, equation: str, xs: Sequence[Tensor], shape: tuple[int, ...], unit: tuple[int, ...] = ()) -> Tensor:
        """PyTorch's einsum."""
        codes = [self._last(x).code for x in xs]
        if unit:
            codes = [f"F.normalize({code}, dim={axis})" for code, axis in zip(codes, unit, strict=True)]
        return self._put(f'torch.einsum("{equation}", {", ".join(codes)})', shape)

    def numbers(self, weight: str) -> Array:
        """The numbers of a weight."""
        return self._weights[weight]

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
