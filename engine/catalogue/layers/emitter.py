"""What a layer writes itself with when the network is given away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.cell import Cell
from engine.component import Component
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec

Array = npt.NDArray[np.float64]
#: A tensor of the program that is being written; only the emitter that made it knows what it is.
Value = Any


class Emitter(Protocol):
    """The operations that every exported language knows, one per kind of computation.

    A layer calls these once, in ``Layer.export``, and is thereby written in every language: ONNX,
    PyTorch, NumPy. All shapes and axes are the engine's own (channels last, axis 0 is the batch);
    an emitter that lays tensors out differently turns them where it must. Weights are named, as in
    ``Layer.weights``; the emitter holds their arrays.
    """

    specs: tuple[TensorSpec, ...]
    """What enters the layer that is being written."""

    def dense(self, x: Value, kernel: str, bias: str | None) -> Value:
        """y = x · kernel + bias along the last axis."""

    def keep(self, x: Value) -> Value:
        """A value that is wanted again when the layer has written others."""

    def linear(self, x: Value, table: Array, offset: Array | None) -> Value:
        """y = x · table + offset along the last axis, for numbers that are no weight as they stand."""

    def embed(self, x: Value, table: str) -> Value:
        """The rows of a table by whole numbers, which need not be of a whole type: a last axis more."""

    def keep_steps(self, x: Value, value: float) -> Value:
        """y = x where any number along the last axis differs from a value, else 0."""

    def conv(self, x: Value, kernel: str, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Value:
        """Correlation of every spatial axis with a kernel (*window, channels / groups, filters), plus bias."""

    def depthwise(self, x: Value, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Value:
        """Correlation of each channel by itself with its filters (*window, channels, multiplier), plus bias.

        The filters of a channel give neighbouring channels of the result.
        """

    def conv_transpose(self, x: Value, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Value:
        """The gradient by its input of a convolution over these axes, whose output x is, plus bias.

        Kernels are (*window, filters, channels of x); see :func:`engine.kernels.conv_tables.transposed_axis`.
        """

    def max_pool(self, x: Value, axes: tuple[Axis, ...]) -> Value:
        """Largest value of each window; what lies in the padding never wins."""

    def average_pool(self, x: Value, axes: tuple[Axis, ...]) -> Value:
        """Mean of each window; what lies in the padding does not count."""

    def pool_all(self, x: Value, operation: str, keep: bool) -> Value:
        """One number per channel: ``mean`` or ``max`` of all places; ``keep`` leaves axes of size 1."""

    def normalize(
        self, x: Value, gamma: str | None, beta: str | None, mean: str, variance: str, epsilon: float, axis: int
    ) -> Value:
        """y = gamma · (x - mean) / sqrt(variance + epsilon) + beta, each channel of the axis for itself."""

    def standardize(self, x: Value, axes: tuple[int, ...], epsilon: float) -> Value:
        """(x - mean) / sqrt(variance + epsilon) along axes (counted with the batch), sample by sample."""

    def scale(self, x: Value, gamma: str | None, beta: str | None, axes: tuple[int, ...]) -> Value:
        """y = gamma · x + beta; both weights have the sizes of these axes (counted with the batch)."""

    def unit(self, x: Value, axes: tuple[int, ...]) -> Value:
        """x divided by its length along axes (counted with the batch), by 1e-12 at least."""

    def activation(self, activation: Component, x: Value) -> Value:
        """An activation function, by its own name where the language has it, else by its formula."""

    def formula(self, layer: Component, xs: Sequence[Value], weights: tuple[str, ...]) -> Value:
        """``layer.value(*xs, *weights)``, a formula number by number of tensors of one shape.

        The weights' shapes spread over those of the tensors, as in numpy.
        """

    def leaky(self, x: Value, alpha: str) -> Value:
        """y = x where positive, else alpha · x; alpha has the shape of a sample, or 1 along shared axes."""

    def dropout(self, x: Value, rate: float) -> Value:
        """What acts in training only: kept in languages that can train, passed through in others."""

    def merge(self, operation: str, xs: Sequence[Value]) -> Value:
        """``subtract``, ``multiply``, ``average``, ``maximum`` or ``minimum``; axes of size 1 repeat."""

    def add(self, xs: Sequence[Value]) -> Value:
        """Sum of tensors; axes of size 1 and missing first axes repeat."""

    def concatenate(self, xs: Sequence[Value], axis: int) -> Value:
        """Tensors one after the other along an axis (counted with the batch)."""

    def transpose(self, x: Value, dims: tuple[int, ...]) -> Value:
        """Axes in another order: axis n of the result is axis ``dims[n - 1]`` (both counted with the batch)."""

    def pad(self, x: Value, sides: tuple[tuple[int, int], ...]) -> Value:
        """Zeros before and after each axis behind the batch."""

    def crop(self, x: Value, sides: tuple[tuple[int, int], ...]) -> Value:
        """So many places fewer before and after each axis behind the batch."""

    def repeat(self, x: Value, axis: int, count: int) -> Value:
        """Every place of an axis (counted with the batch) so many times, one after the other."""

    def enlarge(self, x: Value, factors: tuple[int, int]) -> Value:
        """A picture so many times higher and wider, linear between the middles of its pixels."""

    def resample(self, x: Value, rows: Array, columns: Array) -> Value:
        """y = rows · x · columnsᵀ for every channel of a picture."""

    def line(self, x: Value, factor: Array, offset: Array) -> Value:
        """y = factor · x + offset; both have the shape of a sample, or 1 along axes where one number serves all."""

    def maxout(self, x: Value, kernel: str, bias: str | None) -> Value:
        """y = the largest of x · kernel[f] + bias[f], for rows of numbers and a kernel (features, n, units)."""

    def einsum(self, equation: str, xs: Sequence[Value], shape: tuple[int, ...], unit: tuple[int, ...] = ()) -> Value:
        """Sums of products of tensors by the letters of their axes (batch included): ``bik,bkj->bij``.

        With ``unit`` each tensor is first brought to length 1 along its axis of that number, as in :meth:`unit`.
        """

    def recurrent(self, x: Value, states: Sequence[Value], cell: Cell) -> tuple[Value, ...]:
        """A sequence (steps, features) read from its first step on: all states, or the last one.

        It begins with the given states, or with zeros. Where ``cell.ends``, every state after the last step follows.
        All values that come back may be used again when the layer has written others.
        """

    def reverse(self, x: Value) -> Value:
        """The places of the first axis behind the batch from the last to the first."""

    def join(self, x: Value) -> Value:
        """The places of the first axis behind the batch as samples of their own."""

    def part(self, x: Value, steps: int) -> Value:
        """Samples gathered again, so many in the first axis behind the batch: undoes :meth:`join`."""

    def numbers(self, weight: str) -> Array:
        """The numbers of a weight."""

    def flatten(self, x: Value) -> Value:
        """One row per sample, channels varying fastest."""

    def reshape(self, x: Value, shape: tuple[int, ...]) -> Value:
        """The same numbers in another shape (without the batch), the last axis varying fastest."""
