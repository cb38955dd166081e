"""What SeparableConv1D and SeparableConv2D share."""

from __future__ import annotations

from math import inf, prod
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.channelwise import Channelwise
from engine.catalogue.layers.convolutions import Direct
from engine.catalogue.layers.convolving import SAME, VALID, Convolving, sizes_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import Penalty, Rule, Start, activity_setting, rule_setting, start_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice, Flag, Whole, Wholes
from engine.kernels.conv_tables import Axis, Geometry
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class SeparableConv(Convolving):
    """y = activation(depthwise(x) · pointwise + bias): places and channels are mixed one after the other."""

    abstract: ClassVar[bool] = True

    filters: Annotated[int, Whole(1, 100_000)] = setting(help="Number of filters: the channels of the output.")
    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(help="Size of the window.")
    strides: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting((1,), "How far the window moves.")
    padding: Annotated[str, Choice((VALID, SAME))] = setting("valid", "What happens at the borders.")
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        (1,), "Distance of the window's cells.", advanced=True
    )
    depth_multiplier: Annotated[int, Whole(1, 10_000)] = setting(
        1, "Windows that look at each channel, before the filters mix what all of them found.", advanced=True
    )
    activation: Annotated[Component, Slot("activation")] = setting("linear", "Function applied to each sum.")
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each filter's sum.", advanced=True)
    depthwise_initializer: Start = start_setting("glorot_uniform", "windows")
    pointwise_initializer: Start = start_setting("glorot_uniform", "filters that mix the channels")
    bias_initializer: Start = start_setting("zeros", "biases")
    depthwise_regularizer: Penalty = setting(None, "Penalty on large weights of the windows.", advanced=True)
    pointwise_regularizer: Penalty = setting(None, "Penalty on large weights that mix the channels.", advanced=True)
    bias_regularizer: Penalty = setting(None, "Penalty on large biases.", advanced=True)
    activity_regularizer: Penalty = activity_setting()
    depthwise_constraint: Rule = rule_setting("windows")
    pointwise_constraint: Rule = rule_setting("mixing weights")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{self.filters} · {sizes_text(self.kernel_size)} · {self.activation.key}"

    def columns(self, x: TensorSpec) -> int:
        return self.filters

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        channels, many = inputs[0].sizes[-1], self.depth_multiplier
        found = (
            self.weight("depthwise_kernel", "depthwise", (*self.kernel_size, channels, many)),
            self.weight("pointwise_kernel", "pointwise", (*(1,) * self.places, channels * many, self.filters)),
        )
        return (*found, self.weight("bias", "bias", (self.filters,))) if self.use_bias else found

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "sweeps"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        pixels = prod(axis.out for axis in self.axes(inputs[0]))
        terms = inputs[0].sizes[-1] * self.depth_multiplier * (prod(self.kernel_size) + self.filters)
        return 2.0 * pixels * terms

    def sums(self, lane: Lane, bias: Array, floor: Any, z: Array) -> None:
        between, none = self._between(lane), np.zeros(0, lane.dtype)
        kernel, g = lane.weights["depthwise_kernel"], self._pointwise(lane)
        self._channelwise(lane).forward(lane, lane.x[0], kernel, none, lane.number_of(-inf), between)
        Direct().forward(lane, g, between, lane.weights["pointwise_kernel"], bias, floor, z)

    def sums_back(self, lane: Lane, rectified: bool, dbias: Array) -> None:
        between, kernel = self._between(lane), lane.weights["depthwise_kernel"]
        slope = lane.scratch("slope", between.shape)
        arrays = between, lane.weights["pointwise_kernel"], lane.y[0], lane.dy[0]
        dkernel = lane.partial("pointwise_kernel")
        Direct().backward(lane, self._pointwise(lane), *arrays, rectified, slope, dkernel, dbias)
        spare = lane.scratch("no bias", between.shape[-1:])
        back = lane.dx[0], lane.partial("depthwise_kernel"), spare
        self._channelwise(lane).backward(lane, lane.x[0], kernel, between, slope, False, *back)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        axes = self.axes(out.specs[0])
        y = out.depthwise(x[0], "depthwise_kernel", None, axes)
        y = out.conv(y, "pointwise_kernel", "bias" if self.use_bias else None, _points(axes), 1)
        return (out.activation(self.activation, y),)

    def _between(self, lane: Lane) -> Array:
        """What the windows found, before channels are mixed."""
        (x,) = lane.specs
        shape = (*(axis.out for axis in self.axes(x)), x.sizes[-1] * self.depth_multiplier)
        return lane.buffer("between", shape) if lane.keeps else lane.scratch("between", (lane.rows, *shape))

    def _channelwise(self, lane: Lane) -> Channelwise:
        (x,) = lane.specs
        return Channelwise(self.axes(x), x.sizes[-1], self.depth_multiplier, lane.dtype.itemsize)

    def _pointwise(self, lane: Lane) -> Geometry:
        (x,) = lane.specs
        channels = x.sizes[-1] * self.depth_multiplier
        return Geometry(_points(self.axes(x)), channels, self.filters, 1, lane.dtype.itemsize)


def _points(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """Windows of one place over what other windows gave."""
    return tuple(Axis(axis.out, axis.out, 0, 0, 1) for axis in axes)
