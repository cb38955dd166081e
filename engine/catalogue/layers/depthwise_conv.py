"""What DepthwiseConv1D and DepthwiseConv2D share."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.channelwise import Channelwise
from engine.catalogue.layers.convolving import SAME, VALID, Convolving, sizes_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import Penalty, Rule, Start, activity_setting, rule_setting, start_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice, Flag, Whole, Wholes
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class DepthwiseConv(Convolving):
    """y[i, c·m + k] = activation(Σ over the window of x[i·s + u·d, c] · kernel[u, c, k] + bias)."""

    abstract: ClassVar[bool] = True

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(help="Size of the window.")
    strides: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting((1,), "How far the window moves.")
    padding: Annotated[str, Choice((VALID, SAME))] = setting("valid", "What happens at the borders.")
    depth_multiplier: Annotated[int, Whole(1, 10_000)] = setting(
        1, "Filters of each channel; as many times more channels come out."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        (1,), "Distance of the window's cells.", advanced=True
    )
    activation: Annotated[Component, Slot("activation")] = setting("linear", "Function applied to each sum.")
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each filter's sum.", advanced=True)
    depthwise_initializer: Start = start_setting("glorot_uniform", "filters")
    bias_initializer: Start = start_setting("zeros", "biases")
    depthwise_regularizer: Penalty = setting(
        None, "Penalty on large filter weights, against overfitting.", advanced=True
    )
    bias_regularizer: Penalty = setting(None, "Penalty on large biases.", advanced=True)
    activity_regularizer: Penalty = activity_setting()
    depthwise_constraint: Rule = rule_setting("filters")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{sizes_text(self.kernel_size)} · {self.activation.key}"

    def columns(self, x: TensorSpec) -> int:
        return x.sizes[-1] * self.depth_multiplier

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        (x,) = inputs
        kernel = self.weight("kernel", "depthwise", (*self.kernel_size, x.sizes[-1], self.depth_multiplier))
        return (kernel, self.weight("bias", "bias", (self.columns(x),))) if self.use_bias else (kernel,)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "sweeps"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 2.0 * prod(self.kernel_size) * self.infer(inputs)[0].size

    def sums(self, lane: Lane, bias: Array, floor: Any, z: Array) -> None:
        self._channelwise(lane).forward(lane, lane.x[0], lane.weights["kernel"], bias, floor, z)

    def sums_back(self, lane: Lane, rectified: bool, dbias: Array) -> None:
        arrays = lane.x[0], lane.weights["kernel"], lane.y[0], lane.dy[0]
        self._channelwise(lane).backward(lane, *arrays, rectified, lane.dx[0], lane.partial("kernel"), dbias)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        y = out.depthwise(x[0], "kernel", "bias" if self.use_bias else None, self.axes(out.specs[0]))
        return (out.activation(self.activation, y),)

    def _channelwise(self, lane: Lane) -> Channelwise:
        (x,) = lane.specs
        return Channelwise(self.axes(x), x.sizes[-1], self.depth_multiplier, lane.dtype.itemsize)
