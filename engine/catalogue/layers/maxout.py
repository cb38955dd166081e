"""Maxout: every output is the largest of several linear functions, so that the activation itself is learnt."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import (
    Penalty,
    Rule,
    Start,
    activity_setting,
    penalty_setting,
    rule_setting,
    start_setting,
)
from engine.component import component, setting
from engine.constraints import Flag, Whole
from engine.errors import Remedy, ShapeError
from engine.kernels.dense import add_bias, column_sum, multiply, multiply_a_transposed, multiply_b_transposed
from engine.kernels.elementwise import add_into
from engine.kernels.merging import hand_over, keep_extreme
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class Maxout(Layer):
    """y = max over f of (x · kernel[f] + bias[f]).

    Where several are largest, the first of them gets the gradient. Weights start as those of ``features`` Dense layers.

    Shapes:
        x: (batch, n); kernel: (features, n, units); bias: (features, units); output: (batch, units).
    Source: Goodfellow et al. 2013, "Maxout networks"; Keras 1, ``MaxoutDense`` (output_dim, nb_feature).
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = (
        "Keras 3 has none, so exports to it write Dense, Reshape and GlobalMaxPooling1D; Keras 1 called it "
        "MaxoutDense (output_dim, nb_feature)."
    )
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.format-vertical-align-top"
    aliases: ClassVar[tuple[str, ...]] = ("MaxoutDense",)
    shard_rows: ClassVar[int] = 40
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"units": 4}, ((3,),)),
        Example({"units": 5, "features": 2, "kernel_regularizer": "L2", "activity_regularizer": "L1"}, ((7,),)),
        Example({"units": 3, "features": 3, "use_bias": False}, ((4,),)),
    )

    units: Annotated[int, Whole(1, 1_000_000)] = setting(help="Number of neurons: the length of the output.")
    features: Annotated[int, Whole(1, 1000)] = setting(
        4, "Linear functions of which each neuron takes the largest; more make its bends finer."
    )
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each function.", advanced=True)
    kernel_initializer: Start = start_setting("glorot_uniform", "weights")
    bias_initializer: Start = start_setting("zeros", "biases")
    kernel_regularizer: Penalty = penalty_setting("weights, against overfitting")
    bias_regularizer: Penalty = penalty_setting("biases")
    activity_regularizer: Penalty = activity_setting()
    kernel_constraint: Rule = rule_setting("weights")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{self.units} · max of {self.features}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if len(x.shape) != 1 or x.shape[0] is None:
            raise ShapeError(
                f"Maxout needs a row of numbers for each sample, but {x} arrives. Flatten it first.",
                Remedy("Insert Flatten", "Flatten") if x.known and x.shape else None,
            )
        return (x.with_shape((self.units,)),)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        n = int(inputs[0].shape[0] or 0)
        kernel = WeightSpec(
            "kernel", (self.features, n, self.units), self.kernel_initializer, fan_in=n, fan_out=self.units,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        bias = WeightSpec(
            "bias",
            (self.features, self.units),
            self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )
        return (kernel, bias) if self.use_bias else (kernel,)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "products"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 2.0 * inputs[0].size * self.units * self.features

    def forward(self, lane: Lane) -> None:
        y = lane.y[0]
        for f in range(self.features):
            z = self._sums(lane, f)
            lane.call(multiply, lane.x[0], lane.weights["kernel"][f], z)
            if self.use_bias:
                lane.call(add_bias, z, lane.weights["bias"][f])
            if f:
                lane.call(keep_extreme, z, lane.number_of(1.0), y)
            else:
                lane.copy(z, y)

    def backward(self, lane: Lane) -> None:
        dx = lane.dx[0]
        for f in range(self.features):
            z = self._sums(lane, f)
            lane.call(hand_over, z, lane.y[0], lane.dy[0], z)  # from here on it holds the gradient by the sums
            if dx is not None:
                target = lane.scratch("dx", dx.shape) if f else dx
                lane.call(multiply_b_transposed, z, lane.weights["kernel"][f], target)
                if f:
                    lane.call(add_into, target, dx)

    def gradient(self, lane: Lane) -> None:
        for block in lane.blocks("kernel", 1):
            for f in range(block.start, block.stop):
                lane.call(multiply_a_transposed, lane.x[0], self._sums(lane, f), lane.gradients["kernel"][f])
        if self.use_bias:
            for block in lane.blocks("bias", self.features):
                for f in range(block.start, block.stop):
                    lane.call(column_sum, self._sums(lane, f), lane.gradients["bias"][f])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.maxout(x[0], "kernel", "bias" if self.use_bias else None),)

    def _sums(self, lane: Lane, f: int) -> Array:
        """The values of one function, kept for the way back."""
        return lane.buffer(f"z{f}", (self.units,))
