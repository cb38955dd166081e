"""Dot: the scalar products of two branches."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import gather, runs_of, scatter
from engine.component import component, setting
from engine.constraints import Flag, Wholes
from engine.errors import ShapeError
from engine.kernels.products import dot_back_left, dot_back_right, dot_rows
from engine.kernels.rows import unit_rows, unit_rows_back
from engine.tensor_spec import TensorSpec


@component
class Dot(Layer):
    """y = sum of x_1 · x_2 along an axis of each, for all pairs of their other places.

    Shapes:
        x_1: (batch, a, k), x_2: (batch, k, b) with axes (2, 1); output: (batch, a, b). Two rows give one number.
    Source: Keras 3, ``keras.layers.Dot``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Dot", "torch.bmm", "onnx.MatMul")
    category: ClassVar[str] = "Merge"
    icon: ClassVar[str] = "mdi6.circle-small"
    inputs: ClassVar[tuple[Port, ...]] = (Port("x", many=True, help="Two branches, in the order of their wires."),)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"axes": 1}, ((4,), (4,))),
        Example({"axes": (2, 1)}, ((2, 3), (3, 4))),
        Example({"axes": (1, -1), "normalize": True}, ((3, 2), (2, 2, 3))),
    )

    axes: Annotated[tuple[int, ...], Wholes(-8, 8, length=2)] = setting(
        help="The axis of each branch along which is summed; 1 is the first after the batch, -1 the last one."
    )
    normalize: Annotated[bool, Flag()] = setting(
        False, "Bring the summed rows to length 1 first: the products are then the cosines of angles."
    )

    @property
    def badge(self) -> str:
        return f"axes {self.axes[0]}, {self.axes[1]}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) != 2:
            raise ShapeError(f"Dot takes exactly two inputs; received {axis_text(inputs)}. Wire two branches.")
        for axis, x in zip(self.axes, inputs, strict=True):
            if not (1 <= axis < x.rank or -x.rank < axis < 0) or not x.known:
                raise ShapeError(
                    f"Dot's axes must lie from 1 to {x.rank - 1} (or be -1, the last one) for the input {x} of known "
                    f"sizes; received {axis}. Choose another axis."
                )
        first, second = (x.sizes[place] for x, place in zip(inputs, self._places(inputs), strict=True))
        if first != second:
            raise ShapeError(
                f"Dot sums along axis {self.axes[0]} of {inputs[0]} and axis {self.axes[1]} of {inputs[1]}, so both "
                f"must be equally long; received {first} and {second}. Choose other axes."
            )
        (a, b), place = inputs, self._places(inputs)
        rest = (*_without(a.sizes, place[0]), *_without(b.sizes, place[1]))
        return (a.with_shape(rest or (1,)),)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "products"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 2.0 * self.infer(inputs)[0].size * inputs[0].sizes[self._places(inputs)[0]]

    def forward(self, lane: Lane) -> None:
        a, b = self._ready(lane, 0), self._ready(lane, 1)
        lane.call(dot_rows, a, b, lane.y[0].reshape(lane.rows, a.shape[1], b.shape[1]))

    def backward(self, lane: Lane) -> None:
        a, b = self._ready(lane, 0), self._ready(lane, 1)
        dy = lane.dy[0].reshape(lane.rows, a.shape[1], b.shape[1])
        for side, (kernel, other, mine) in enumerate(((dot_back_left, b, a), (dot_back_right, a, b))):
            dx = lane.dx[side]
            if dx is None:
                continue
            slope = lane.scratch(f"slope of side {side}", mine.shape)
            lane.call(kernel, dy, other, slope)
            if self.normalize:
                rows = mine.shape[0] * mine.shape[1], mine.shape[2]
                inverse = lane.scratch(f"inverse {side}", rows[:1])
                lane.call(unit_rows_back, mine.reshape(rows), inverse, slope.reshape(rows), slope.reshape(rows))
            scatter(lane, slope.reshape(lane.rows, -1), *runs_of(self._order(lane, side)), dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        places, free = self._places(out.specs), iter("cdefghijklmnop")
        letters: list[str] = []
        shape: list[int] = []
        for spec, place in zip(out.specs, places, strict=True):
            letters.append("".join("k" if axis == place else next(free) for axis in range(len(spec.shape))))
            shape += _without(spec.sizes, place)
        rest = "".join(letters).replace("k", "")
        unit = tuple(place + 1 for place in places) if self.normalize else ()
        y = out.einsum(f"b{letters[0]},b{letters[1]}->b{rest}", x, tuple(shape), unit)
        return (y if shape else out.reshape(y, (1,)),)

    def _places(self, inputs: tuple[TensorSpec, ...]) -> tuple[int, int]:
        """The summed axes among those after the batch."""
        first, second = ((axis % x.rank) - 1 for axis, x in zip(self.axes, inputs, strict=True))
        return first, second

    def _order(self, lane: Lane, side: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Where the numbers come from when the summed axis goes last."""
        sizes = lane.specs[side].sizes
        numbers = np.arange(prod(sizes), dtype=np.int64).reshape(sizes)
        return np.moveaxis(numbers, self._places(lane.specs)[side], -1)

    def _ready(self, lane: Lane, side: int) -> Array:
        """A branch as (samples, places, summed axis), each row of length 1 if it is to be."""
        order = self._order(lane, side)
        found = lane.scratch(f"side {side}", (lane.rows, order.size // order.shape[-1], order.shape[-1]))
        gather(lane, lane.x[side], *runs_of(order), found.reshape(lane.rows, -1))
        if self.normalize:
            rows = found.reshape(-1, order.shape[-1])
            lane.call(unit_rows, rows, rows, lane.scratch(f"inverse {side}", rows.shape[:1]))
        return found


def _without(sizes: tuple[int, ...], place: int) -> tuple[int, ...]:
    return sizes[:place] + sizes[place + 1 :]
