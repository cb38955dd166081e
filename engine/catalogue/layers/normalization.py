"""Normalization: numbers in units of their deviation, counted from their mean."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes
from engine.component import component, resolved, setting
from engine.constraints import Flag, Numbers, Wholes
from engine.errors import DataError, ParameterError, ShapeError
from engine.kernels.standardize import put_back, spread_moments, take_out
from engine.tensor_spec import Shape, TensorSpec, WeightSpec

#: The smallest deviation that is divided by.
LEAST = 1e-7
#: Numbers of the data that are looked at together.
AT_ONCE = 2**22


@component
class Normalization(Layer):
    """y = (x - mean) / max(√variance, 1e-7), or the way back: y = x · max(√variance, 1e-7) + mean.

    Mean and variance are those of the data the layer was adapted to, one for each place of the axes that are kept.

    Shapes:
        output: as the input; mean, variance: one number for all, or one for each place of the kept axes in order.
    Source: Keras 3, ``keras.layers.Normalization`` (there mean and variance of several axes are nested lists).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Normalization",)
    differences: ClassVar[str] = "Keras nests the means of several axes; here they follow each other."
    category: ClassVar[str] = "Preprocessing"
    icon: ClassVar[str] = "mdi6.chart-bell-curve"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"mean": (1.0, 2.0, 3.0), "variance": (4.0, 1.0, 0.0)}, ((3,),)),
        Example({"mean": 0.5, "variance": 2.0, "invert": True}, ((2, 4),)),
        Example({"axis": (1, 3), "mean": tuple(range(6)), "variance": tuple(range(1, 7))}, ((2, 4, 3),)),
        Example({"axis": None}, ((5,),)),
    )

    axis: Annotated[tuple[int, ...] | None, Wholes(-8, 8, none="one mean and one variance for all numbers")] = setting(
        (-1,), "The axes that keep a mean of their own for each place; -1 is the last one: columns, or channels."
    )
    mean: Annotated[tuple[float, ...] | None, Numbers(nested=True, most=100_000, none="not adapted yet")] = setting(
        None, "Taken off first. Adapt the layer to the data, or give the numbers."
    )
    variance: Annotated[tuple[float, ...] | None, Numbers(0, nested=True, most=100_000, none="not adapted yet")] = (
        setting(None, "The square of what is divided by then.")
    )
    invert: Annotated[bool, Flag()] = setting(
        False, "Go the way back: from normalized numbers to the original ones.", advanced=True
    )

    def __post_init__(self) -> None:
        if (self.mean is None) != (self.variance is None):
            raise ParameterError(self.key, None, "mean and variance must both be given, or neither of them")
        if self.mean is not None and self.variance is not None and len(self.mean) != len(self.variance):
            raise ParameterError(
                self.key,
                None,
                f"mean and variance must have the same length; received {len(self.mean)} and {len(self.variance)}",
            )

    @property
    def badge(self) -> str:
        return "back" if self.invert else "" if self.mean is not None else "not adapted"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_axes(self.key, x)
        kept = self._kept(x.shape)
        sizes = [x.shape[axis - 1] for axis in kept]
        if None in sizes:
            raise ShapeError("Normalization needs to know the sizes of the axes that keep their means.")
        count = prod(int(size or 0) for size in sizes)
        if self.mean is not None and len(self.mean) not in (1, count, sizes[-1] if sizes else 1):
            raise ShapeError(
                f"Normalization has {len(self.mean)} means, but {count} places keep one of their own. "
                "Adapt it to the data anew."
            )
        return inputs

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        if self.mean is not None:
            return ()
        shape = tuple(int(inputs[0].shape[axis - 1] or 0) for axis in self._kept(inputs[0].shape))
        return tuple(
            WeightSpec(name, shape or (1,), resolved("initializer", start), trainable=False)
            for name, start in (("mean", "zeros"), ("variance", "ones"))
        )

    def kept_sizes(self, x: TensorSpec) -> tuple[int, ...]:
        """The sizes of the axes that keep a mean for each place."""
        return tuple(x.sizes[axis - 1] for axis in self._kept(x.shape))

    def fitted_to(self, data: npt.NDArray[Any]) -> Normalization:
        """This layer with the means and variances of data.

        Args:
            data: (samples, *shape of a sample).

        Raises:
            DataError: there are none, or they hold NaN or infinity.
            ShapeError: they have no such axes.
        """
        kept = self._kept(data.shape[1:])
        if not data.size:
            raise DataError("There are no samples to adapt to. Give at least one.")
        rest = tuple(axis for axis in range(data.ndim) if axis not in kept)
        rows = max(1, AT_ONCE // max(1, data[:1].size))
        parts = [data[start : start + rows] for start in range(0, len(data), rows)]
        count = data.size // prod(data.shape[axis] for axis in kept)
        mean = sum(np.sum(part, rest, np.float64, keepdims=True) for part in parts) / count
        variance = sum(np.square(part - mean).sum(rest, keepdims=True) for part in parts) / count
        if not np.isfinite(variance).all():
            raise DataError("The data hold NaN or infinite numbers, which have no mean. Replace them first.")
        return self.changed(mean=np.ravel(mean), variance=np.ravel(variance))

    def forward(self, lane: Lane) -> None:
        x, y = (array.reshape(lane.rows, -1) for array in (lane.x[0], lane.y[0]))
        lane.call(put_back if self.invert else take_out, x, *self._spread(lane), y)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            _, factor = self._spread(lane)
            dy, dx = lane.dy[0].reshape(lane.rows, -1), lane.dx[0].reshape(lane.rows, -1)
            lane.call(take_out, dy, np.zeros_like(factor), factor, dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = out.specs
        mean, variance = self._moments(
            {name: out.numbers(name) for name in ("mean", "variance")} if self._learns else {}
        )
        table = self._table(spec.sizes).reshape(spec.sizes)
        deviation = np.maximum(np.sqrt(np.asarray(variance, np.float64)), LEAST)[table]
        middle = np.asarray(mean, np.float64)[table]
        if self.invert:
            return (out.line(x[0], deviation, middle),)
        return (out.line(out.line(x[0], np.ones_like(middle), -middle), 1 / deviation, np.zeros_like(middle)),)

    @property
    def _learns(self) -> bool:
        return self.mean is None

    def _kept(self, shape: Shape) -> tuple[int, ...]:
        """The kept axes from 1 upwards, in order."""
        rank = len(shape) + 1
        axes = self.axis or ()
        if any(not -rank < axis < rank or axis % rank == 0 for axis in axes):
            raise ShapeError(
                f"Normalization cannot keep the axes {', '.join(map(str, axes))}: "
                f"after the batch there are the axes 1 to {rank - 1}. Change axis."
            )
        return tuple(sorted({axis % rank for axis in axes}))

    def _moments(self, weights: Any) -> tuple[Any, Any]:
        if self.mean is not None:
            return self.mean, self.variance
        return weights["mean"].reshape(-1), weights["variance"].reshape(-1)

    def _table(self, sizes: tuple[int, ...]) -> npt.NDArray[np.int64]:
        """Which mean serves each number of a sample."""
        kept = self._kept(sizes)
        shape = [size if axis in kept else 1 for axis, size in enumerate(sizes, 1)]
        places = np.arange(prod(shape)).reshape(shape)
        count = len(self.mean) if self.mean is not None else places.size
        return np.ascontiguousarray(np.broadcast_to(places % count, sizes)).reshape(-1)

    def _spread(self, lane: Lane) -> tuple[Array, Array]:
        """List what lays out mean and factor for every number of a sample; returns where."""
        mean, variance = (np.asarray(values, lane.dtype) for values in self._moments(lane.weights))
        table = self._table(lane.specs[0].sizes)
        middle, factor = (lane.scratch(name, (table.size,)) for name in ("middle", "factor"))
        lane.call(spread_moments, mean, variance, table, lane.number_of(LEAST), self.invert, middle, factor)
        return middle, factor
