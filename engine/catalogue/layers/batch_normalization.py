"""BatchNormalization: gives every channel mean 0 and variance 1 over the batch."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import Penalty, Start, penalty_setting, start_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Flag, Number, Whole
from engine.errors import Remedy, ShapeError
from engine.kernels import normalization as kernels
from engine.kernels.masks import spread_mask
from engine.tensor_spec import TensorSpec, WeightSpec

#: Keras's own epsilon, added to the number of steps that count.
TINY = 1e-7


@component
class BatchNormalization(Layer):
    """y = gamma · (x - mean) / sqrt(variance + epsilon) + beta.

    Mean and variance are those of the whole batch while training, and their moving averages when
    predicting: moving = moving · momentum + batch · (1 - momentum). A layer that is not trainable uses its
    moving averages while training too and leaves them alone.

    Steps that a mask hides are left out of the statistics, but normalized like all others. There sums are divided by
    the number of steps + 1e-7.

    Shapes:
        x: (batch, ..., channels); gamma, beta, moving_mean, moving_variance: (channels,).
    Source: Ioffe and Szegedy 2015, "Batch normalization"; Keras 3, ``keras.layers.BatchNormalization``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.BatchNormalization",
        "torch.nn.BatchNorm1d",
        "torch.nn.BatchNorm2d",
        "onnx.BatchNormalization",
    )
    differences: ClassVar[str] = (
        "PyTorch's momentum is 1 - momentum, its epsilon is 1e-5, and its moving variance is the unbiased one."
    )
    category: ClassVar[str] = "Normalization"
    icon: ClassVar[str] = "mdi6.chart-bell-curve"
    supports_masking: ClassVar[bool] = True
    learns_by_mask: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"momentum": 0.5, "epsilon": 0.1, "beta_regularizer": "L2"}, ((3, 2, 4),)),
        Example({"axis": 1, "center": False}, ((3, 4),)),
        Example({"scale": False}, ((4,),)),
    )

    axis: Annotated[int, Whole(-8, 8)] = setting(
        -1, "The axis that holds the channels; -1 is the last one, 1 the first after the batch.", advanced=True
    )
    momentum: Annotated[float, Number(0, 1)] = setting(
        0.99, "How slowly the averages for predicting follow; 0.9 suits short trainings better."
    )
    epsilon: Annotated[float, Number(0, 1)] = setting(
        1e-3, "Added to the variance, so that constant channels do not divide by 0.", advanced=True
    )
    center: Annotated[bool, Flag()] = setting(True, "Add a trained offset beta to every channel.", advanced=True)
    scale: Annotated[bool, Flag()] = setting(True, "Multiply every channel by a trained gamma.", advanced=True)
    beta_initializer: Start = start_setting("zeros", "offsets")
    gamma_initializer: Start = start_setting("ones", "factors")
    moving_mean_initializer: Annotated[Component, Slot("initializer")] = setting(
        "zeros", "What the average mean is before the first batch.", advanced=True
    )
    moving_variance_initializer: Annotated[Component, Slot("initializer")] = setting(
        "ones", "What the average variance is before the first batch.", advanced=True
    )
    beta_regularizer: Penalty = penalty_setting("offsets")
    gamma_regularizer: Penalty = penalty_setting("factors")
    beta_constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "Rule that beta is brought back to after every update.", advanced=True
    )
    gamma_constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "Rule that gamma is brought back to after every update.", advanced=True
    )

    @property
    def badge(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if not x.shape:
            raise ShapeError(
                "BatchNormalization needs at least one axis after the batch. Reshape the single number to (1) first.",
                Remedy("Insert Reshape to (1)", "Reshape", (("target_shape", (1,)),)),
            )
        if not (1 <= self.axis < x.rank or -x.rank < self.axis < 0):
            raise ShapeError(
                f"BatchNormalization's axis must lie from 1 to {x.rank - 1} (or be -1, the last one) for the input "
                f"{x}; received {self.axis}.",
                Remedy("Set axis to -1", parameters=(("axis", -1),)),
            )
        if x.shape[self._place(x)] is None:
            raise ShapeError("BatchNormalization needs to know how many channels arrive, to keep one mean for each.")
        return inputs

    def _place(self, x: TensorSpec) -> int:
        """The channels' axis among those after the batch."""
        return self.axis - 1 if self.axis > 0 else len(x.shape) + self.axis

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        shape = (int(inputs[0].shape[self._place(inputs[0])] or 0),)
        gamma = WeightSpec(
            "gamma", shape, self.gamma_initializer, regularizer=self.gamma_regularizer, constraint=self.gamma_constraint
        )
        beta = WeightSpec(
            "beta", shape, self.beta_initializer, regularizer=self.beta_regularizer, constraint=self.beta_constraint
        )
        mean = WeightSpec("moving_mean", shape, self.moving_mean_initializer, trainable=False)
        variance = WeightSpec("moving_variance", shape, self.moving_variance_initializer, trainable=False)
        return (gamma,) * self.scale + (beta,) * self.center + (mean, variance)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 6.0 * inputs[0].size

    def forward(self, lane: Lane) -> None:
        gamma, beta = self._factors(lane)
        x, y = self._table(lane, "x", lane.x[0]), self._room(lane, "y", lane.y[0])
        if _by_batch(lane):
            parts, mean, variance, inverse = self._statistics(lane)
            mask = self._mask_table(lane)
            if mask is None:
                lane.call(kernels.measure, x, parts[lane.shard])
                lane.join()
                lane.call(kernels.merge, parts, self.epsilon, mean, variance, inverse)
            else:
                lane.call(kernels.measure_where, x, mask, parts[lane.shard])
                lane.join()
                lane.call(kernels.merge_where, parts, TINY, self.epsilon, mean, variance, inverse, self._counts(lane))
        else:
            mean, inverse = lane.weights["moving_mean"], self._moving_inverse(lane)
        lane.call(kernels.normalize, x, mean, inverse, gamma, beta, y)
        self._put_back(lane, y, lane.y[0])

    def backward(self, lane: Lane) -> None:
        if _by_batch(lane):
            self._backward_by_batch(lane)
        elif lane.dx[0] is not None:
            # With fixed statistics it is a factor and an offset for each channel.
            gamma, _ = self._factors(lane)
            none = lane.shared("zeros", gamma.shape)
            dy, dx = self._table(lane, "dy", lane.dy[0]), self._room(lane, "dx", lane.dx[0])
            lane.call(kernels.normalize, dy, none, self._moving_inverse(lane), gamma, none, dx)
            self._put_back(lane, dx, lane.dx[0])

    def _backward_by_batch(self, lane: Lane) -> None:
        gamma, _ = self._factors(lane)
        _, mean, _, inverse = self._statistics(lane)
        x, dy = self._table(lane, "x", lane.x[0]), self._table(lane, "dy", lane.dy[0])
        parts = lane.shared("slopes", (lane.shards, 3, gamma.size), "float64")
        lane.call(kernels.measure_slopes, x, dy, mean, inverse, parts[lane.shard])
        lane.join()
        total, product = lane.scratch("total", gamma.shape), lane.scratch("product", gamma.shape)
        lane.call(kernels.merge_slopes, parts, total, product)
        if lane.shard == 0:
            for name, sums in (("beta", total), ("gamma", product)):
                if name in lane.gradients:
                    lane.copy(sums, lane.gradients[name])
        if lane.dx[0] is not None:
            mask, dx = self._mask_table(lane), self._room(lane, "dx", lane.dx[0])
            if mask is None:
                count = lane.number_of(lane.batch * lane.specs[0].size / gamma.size)
                lane.call(kernels.normalize_backward, x, dy, mean, inverse, gamma, total, product, count, dx)
            else:
                arrays = mean, inverse, gamma, total, product, self._counts(lane), lane.number_of(TINY)
                lane.call(kernels.normalize_backward_where, x, mask, dy, *arrays, dx)
            self._put_back(lane, dx, lane.dx[0])

    def gradient(self, lane: Lane) -> None:
        if lane.frozen:
            return
        # The moving statistics belong to the update: a batch whose loss is not a number leaves
        # them alone, like every other weight.
        _, mean, variance, _ = self._statistics(lane)
        momentum = lane.number_of(self.momentum)
        lane.call(kernels.blend, lane.weights["moving_mean"], mean, momentum)
        lane.call(kernels.blend, lane.weights["moving_variance"], variance, momentum)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = out.specs
        gamma, beta = "gamma" if self.scale else None, "beta" if self.center else None
        axis = self._place(spec) + 1
        return (out.normalize(x[0], gamma, beta, "moving_mean", "moving_variance", self.epsilon, axis),)

    def _moving_inverse(self, lane: Lane) -> Array:
        """1 / sqrt(moving_variance + epsilon), computed now."""
        variance = lane.weights["moving_variance"]
        inverse = lane.scratch("inverse", variance.shape)
        lane.call(kernels.invert, variance, self.epsilon, inverse)
        return inverse

    def _statistics(self, lane: Lane) -> tuple[Array, Array, Array, Array]:
        """Parts of all shards; this shard's own mean, variance and inverse deviation."""
        channels = lane.weights["moving_mean"].size
        parts = lane.shared("statistics", (lane.shards, 3, channels), "float64")
        merged = lane.shared(f"merged {lane.shard}", (3, channels))
        return parts, merged[0], merged[1], merged[2]

    def _counts(self, lane: Lane) -> Array:
        """What this shard divided the sums of each channel by."""
        return lane.shared(f"counts {lane.shard}", lane.weights["moving_mean"].shape)

    def _mask_table(self, lane: Lane) -> Array | None:
        """The mask beside (rows, channels): one byte a row, or one for each channel where channels are not last."""
        mask, x = lane.masks[0], lane.x[0]
        if mask is None or self._place(lane.specs[0]) + 1 == x.ndim - 1:
            return None if mask is None else mask.reshape(-1, 1)
        spread, table = (lane.scratch(name, x.shape, np.uint8) for name in ("mask of numbers", "mask of rows"))
        lane.call(spread_mask, mask.reshape(-1), x.shape[-1], spread.reshape(-1))
        rows = table.reshape(-1, lane.weights["moving_mean"].size)
        lane.call(kernels.channels_last, self._blocks(lane, spread), rows)
        return rows

    def _factors(self, lane: Lane) -> tuple[Array, Array]:
        """gamma and beta, or constants in their place."""
        shape = lane.weights["moving_mean"].shape
        ones, zeros = lane.shared("ones", shape), lane.shared("zeros", shape)
        ones.fill(1)
        return lane.weights.get("gamma", ones), lane.weights.get("beta", zeros)

    def _room(self, lane: Lane, name: str, array: Array) -> Array:
        """Where the (rows, channels) form of an array lies: the array itself when channels are last."""
        place = self._place(lane.specs[0]) + 1
        channels = array.shape[place]
        if place == array.ndim - 1:
            return array.reshape(-1, channels)
        return lane.scratch(name, (array.size // channels, channels))

    def _table(self, lane: Lane, name: str, array: Array) -> Array:
        """An array as (rows, channels), copied when channels are not last."""
        table = self._room(lane, name, array)
        if not _is_view(table, array):
            lane.call(kernels.channels_last, self._blocks(lane, array), table)
        return table

    def _put_back(self, lane: Lane, table: Array, array: Array) -> None:
        if not _is_view(table, array):
            lane.call(kernels.channels_back, table, self._blocks(lane, array))

    def _blocks(self, lane: Lane, array: Array) -> Array:
        place = self._place(lane.specs[0]) + 1
        return array.reshape(prod(array.shape[:place]), array.shape[place], -1)


def _by_batch(lane: Lane) -> bool:
    """Whether the batch's own statistics are used: when training, unless the layer rests (as in Keras)."""
    return lane.training and not lane.frozen


def _is_view(table: Array, array: Array) -> bool:
    return bool(np.shares_memory(table, array))
