"""What Conv1D, Conv2D and Conv3D share."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.convolutions import chosen, suits_winograd
from engine.catalogue.layers.convolving import FULL, SAME, VALID, Convolving, sizes_text
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
from engine.constraints import Choice, Flag, Whole, Wholes
from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Geometry
from engine.kernels.winograd_transform import SIDE
from engine.tensor_spec import TensorSpec, WeightSpec

PADDINGS = (VALID, SAME, FULL)
#: Bytes of a float32.
SINGLE = 4


@component
class Conv(Convolving):
    """y[i] = activation(Σ over the window of x[i·s + u·d] · kernel[u] + bias), along any number of axes."""

    abstract: ClassVar[bool] = True

    filters: Annotated[int, Whole(1, 100_000)] = setting(help="Number of filters: the channels of the output.")
    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        help="Size of the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting((1,), "How far the window moves.")
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the borders.")
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        (1,), "Distance of the window's cells.", advanced=True
    )
    groups: Annotated[int, Whole(1, 100_000)] = setting(
        1, "Slices of the channels that are convolved apart from each other.", advanced=True
    )
    activation: Annotated[Component, Slot("activation")] = setting("linear", "Function applied to each sum.")
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each filter's sum.", advanced=True)
    kernel_initializer: Start = start_setting("glorot_uniform", "filters")
    bias_initializer: Start = start_setting("zeros", "biases")
    kernel_regularizer: Penalty = penalty_setting("filter weights, against overfitting")
    bias_regularizer: Penalty = penalty_setting("biases")
    activity_regularizer: Penalty = activity_setting()
    kernel_constraint: Rule = rule_setting("weights")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{self.filters} · {sizes_text(self.kernel_size)} · {self.activation.key}"

    def columns(self, x: TensorSpec) -> int:
        return self.filters

    def check(self, x: TensorSpec) -> None:
        self.refuse_steps_with_gaps()
        for what, count in (("incoming channels", x.shape[-1]), ("filters", self.filters)):
            if count is not None and count % self.groups:
                raise ShapeError(
                    f"{self.key}'s groups must divide the {what}, but {count} cannot be split into {self.groups} "
                    "equal groups. Change groups or filters.",
                    Remedy("Set groups to 1", None, (("groups", 1),)),
                )

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        channels = inputs[0].sizes[-1] // self.groups
        kernel = self.weight("kernel", "kernel", (*self.kernel_size, channels, self.filters))
        return (kernel, self.weight("bias", "bias", (self.filters,))) if self.use_bias else (kernel,)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        terms = prod(self.kernel_size) * inputs[0].sizes[-1] // self.groups
        return 2.0 * terms * self.infer(inputs)[0].size

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "winograd" if suits_winograd(self._geometry(inputs[0], SINGLE)) else "sweeps"

    def waste(self, inputs: tuple[TensorSpec, ...]) -> float:
        if self.pace(inputs) != "winograd":
            return 1.0
        return prod(-(-axis.out // SIDE) * SIDE / axis.out for axis in self.axes(inputs[0]))

    def sums(self, lane: Lane, bias: Array, floor: Any, z: Array) -> None:
        g = self._geometry(lane.specs[0], lane.dtype.itemsize)
        chosen(g).forward(lane, g, lane.x[0], lane.weights["kernel"], bias, floor, z)

    def sums_back(self, lane: Lane, rectified: bool, dbias: Array) -> None:
        g = self._geometry(lane.specs[0], lane.dtype.itemsize)
        arrays = lane.x[0], lane.weights["kernel"], lane.y[0], lane.dy[0]
        chosen(g).backward(lane, g, *arrays, rectified, lane.dx[0], lane.partial("kernel"), dbias)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        y = out.conv(x[0], "kernel", "bias" if self.use_bias else None, self.axes(out.specs[0]), self.groups)
        return (out.activation(self.activation, y),)

    def _geometry(self, x: TensorSpec, itemsize: int) -> Geometry:
        return Geometry(self.axes(x), x.sizes[-1], self.filters, self.groups, itemsize)
