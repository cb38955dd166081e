"""Dense: every output looks at every input."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
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
from engine.component import Component, Slot, component, setting
from engine.constraints import Flag, Whole
from engine.errors import Remedy, ShapeError
from engine.kernels.dense import add_bias, column_sum, multiply, multiply_a_transposed, multiply_b_transposed
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class Dense(Layer):
    """y = activation(x · kernel + bias).

    Shapes:
        x: (batch, ..., n); kernel: (n, units); bias: (units,); output: (batch, ..., units).
    Source: Keras 3, ``keras.layers.Dense``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Dense", "torch.nn.Linear", "onnx.Gemm", "onnx.MatMul")
    differences: ClassVar[str] = "PyTorch keeps the kernel as (units, n)."
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.dots-grid"
    shard_rows: ClassVar[int] = 40
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"units": 4}, ((3,),)),
        Example({"units": 5, "activation": "tanh", "kernel_regularizer": "L2"}, ((4, 3),)),
        Example({"units": 3, "activation": "softmax", "use_bias": False}, ((7,),)),
        Example(
            {"units": 3, "activation": "tanh", "activity_regularizer": {"type": "L1L2", "l1": 0.1, "l2": 0.2}}, ((3,),)
        ),
        Example({"units": 4, "activity_regularizer": {"type": "OrthogonalRegularizer", "factor": 0.3}}, ((3,),)),
    )

    units: Annotated[int, Whole(1, 1_000_000)] = setting(help="Number of neurons: the length of the output.")
    activation: Annotated[Component, Slot("activation")] = setting(
        "linear", "Function applied to each neuron's sum; without one, stacked Dense layers are only one."
    )
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each neuron's sum.", advanced=True)
    kernel_initializer: Start = start_setting("glorot_uniform", "weights")
    bias_initializer: Start = start_setting("zeros", "biases")
    kernel_regularizer: Penalty = penalty_setting("weights, against overfitting")
    bias_regularizer: Penalty = penalty_setting("biases")
    activity_regularizer: Penalty = activity_setting()
    kernel_constraint: Rule = rule_setting("weights")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{self.units} · {self.activation.key}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if not x.shape:
            raise ShapeError(
                "Dense needs at least one axis after the batch, but a single number per sample arrives. "
                "Reshape it to (1) first.",
                Remedy("Insert Reshape to (1)", "Reshape", (("target_shape", (1,)),)),
            )
        if x.shape[-1] is None:
            raise ShapeError("Dense needs a known last axis, because its kernel has one row per input.")
        return (x.with_shape((*x.shape[:-1], self.units)),)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        n = int(inputs[0].shape[-1] or 0)
        kernel = WeightSpec(
            "kernel",
            (n, self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        bias = WeightSpec(
            "bias",
            (self.units,),
            self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )
        return (kernel, bias) if self.use_bias else (kernel,)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "products"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 2.0 * inputs[0].size * self.units

    def forward(self, lane: Lane) -> None:
        kernel = lane.weights["kernel"]
        x = lane.x[0].reshape(-1, kernel.shape[0])
        y = lane.y[0].reshape(-1, self.units)
        z = y
        if lane.keeps and lane.keeps_input(self.activation):
            z = lane.buffer("z", (*lane.specs[0].shape[:-1], self.units)).reshape(-1, self.units)
        lane.call(multiply, x, kernel, z)
        if self.use_bias:
            lane.call(add_bias, z, lane.weights["bias"])
        lane.activate(self.activation, z, y)

    def backward(self, lane: Lane) -> None:
        kernel = lane.weights["kernel"]
        dy = lane.dy[0].reshape(-1, self.units)
        if not lane.paired:
            y = lane.y[0].reshape(-1, self.units)
            z = y
            if lane.keeps_input(self.activation):
                z = lane.buffer("z", (*lane.specs[0].shape[:-1], self.units)).reshape(-1, self.units)
            lane.activate_backward(self.activation, z, y, dy, dy)
        if lane.dx[0] is not None:
            lane.call(multiply_b_transposed, dy, kernel, lane.dx[0].reshape(-1, kernel.shape[0]))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        y = out.dense(x[0], "kernel", "bias" if self.use_bias else None)
        return (out.activation(self.activation, y),)

    def gradient(self, lane: Lane) -> None:
        # Over the whole batch and in blocks of kernel rows: no gradient copies per shard, and
        # each block is updated while it is still in cache.
        dy = lane.dy[0].reshape(-1, self.units)
        n = prod(lane.weights["kernel"].shape[:1])
        x = lane.x[0].reshape(-1, n)
        for block in lane.blocks("kernel", max(16, 65536 // self.units)):
            lane.call(multiply_a_transposed, x[:, block], dy, lane.gradients["kernel"][block])
        if self.use_bias:
            for block in lane.blocks("bias", self.units):
                lane.call(column_sum, dy, lane.gradients["bias"][block])
