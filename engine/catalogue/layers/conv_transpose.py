"""What Conv1DTranspose, Conv2DTranspose and Conv3DTranspose share."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.convolutions import Transposed
from engine.catalogue.layers.convolving import Convolving, sizes_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import Penalty, Rule, Start, activity_setting, rule_setting, start_setting
from engine.catalogue.layers.volumes import check_places
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice, Flag, Whole, Wholes
from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis, Geometry, transposed_axis
from engine.kernels.dense import column_sum
from engine.tensor_spec import TensorSpec, WeightSpec

PADDINGS = (
    ("valid", "Everything that the windows write is kept."),
    ("same", "The output is as large as the input times the strides."),
)


@component
class ConvTranspose(Convolving):
    """y = activation(Σ over x of x[i] · kernel, written into the window at i·s + bias): Conv the other way round."""

    abstract: ClassVar[bool] = True

    filters: Annotated[int, Whole(1, 100_000)] = setting(help="Number of filters: the channels of the output.")
    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        help="Size of the window that each place of the input writes into."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        (1,), "How far apart the windows are written; 2 doubles the size."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What is cut off at the borders.")
    output_padding: Annotated[tuple[int, ...] | None, Wholes(0, 999, none="by the padding")] = setting(
        None, "Places more at the end; less than the strides. Only needed to hit one of several possible sizes.",
        advanced=True,
    )  # fmt: skip
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000)] = setting(
        (1,), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
    activation: Annotated[Component, Slot("activation")] = setting("linear", "Function applied to each sum.")
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each filter's sum.", advanced=True)
    kernel_initializer: Start = start_setting("glorot_uniform", "filters")
    bias_initializer: Start = start_setting("zeros", "biases")
    kernel_regularizer: Penalty = setting(None, "Penalty on large filter weights, against overfitting.", advanced=True)
    bias_regularizer: Penalty = setting(None, "Penalty on large biases.", advanced=True)
    activity_regularizer: Penalty = activity_setting()
    kernel_constraint: Rule = rule_setting("weights")
    bias_constraint: Rule = rule_setting("biases")

    @property
    def badge(self) -> str:
        return f"{self.filters} · {sizes_text(self.kernel_size)} · {self.activation.key}"

    def axes(self, x: TensorSpec) -> tuple[Axis, ...]:
        extra = self.output_padding or (None,) * self.places
        each = zip(x.sizes[:-1], self.kernel_size, self.strides, self.dilation_rate, extra, strict=True)
        return tuple(transposed_axis(n, k, s, d, self.padding, more) for n, k, s, d, more in each)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        self.refuse_steps_with_gaps()
        extra = self.output_padding or (0,) * self.places
        if any(more >= stride for more, stride in zip(extra, self.strides, strict=True)):
            raise ShapeError(
                f"{self.key}'s output_padding must be smaller than its strides {self.strides} along every axis; "
                f"received {extra}. Make it smaller or leave it out.",
                Remedy("Leave output_padding out", None, (("output_padding", None),)),
            )
        return (x.with_shape((*(axis.size for axis in self.axes(x)), self.filters)),)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        kernel = self.weight("kernel", "kernel", (*self.kernel_size, self.filters, inputs[0].sizes[-1]))
        return (kernel, self.weight("bias", "bias", (self.filters,))) if self.use_bias else (kernel,)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "sweeps"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 2.0 * prod(self.kernel_size) * inputs[0].size * self.filters

    def sums(self, lane: Lane, bias: Array, floor: Any, z: Array) -> None:
        g = self._geometry(lane)
        Transposed().forward(lane, g, lane.x[0], lane.weights["kernel"], bias, floor, z)

    def sums_back(self, lane: Lane, rectified: bool, dbias: Array) -> None:
        if rectified:
            self.activate_back(lane)
        dy = lane.dy[0]
        if self.use_bias:
            lane.call(column_sum, dy.reshape(-1, self.filters), dbias)
        arrays = lane.x[0], lane.weights["kernel"], dy, lane.dx[0], lane.partial("kernel")
        Transposed().backward(lane, self._geometry(lane), *arrays)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        y = out.conv_transpose(x[0], "kernel", "bias" if self.use_bias else None, self.axes(out.specs[0]))
        return (out.activation(self.activation, y),)

    def _geometry(self, lane: Lane) -> Geometry:
        (x,) = lane.specs
        return Geometry(self.axes(x), self.filters, x.sizes[-1], 1, lane.dtype.itemsize)
