"""Conv2D: small filters that slide over an image."""

from __future__ import annotations

from math import inf
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.convolutions import chosen
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_fit, check_image
from engine.catalogue.layers.penalties import Penalty, activity_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice, Flag, Whole, Wholes
from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis, Geometry, window_axis
from engine.tensor_spec import TensorSpec, WeightSpec

PADDINGS = (
    ("valid", "Windows stay inside the image, so it shrinks."),
    ("same", "Zeros around the image keep its size (divided by the strides)."),
    ("full", "Every window that touches the image counts, so it grows."),
)


@component
class Conv2D(Layer):
    """y[i, j] = activation(Σ over the window of x[i·s + u·d, j·s + v·d] · kernel[u, v] + bias).

    Shapes:
        x: (batch, height, width, channels); kernel: (*kernel_size, channels / groups, filters);
        bias: (filters,); output: (batch, height', width', filters).
    Source: Keras 3, ``keras.layers.Conv2D``; padding "full" as in Theano and PyTorch's ``padding=k-1``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Conv2D", "torch.nn.Conv2d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before height and width and keep kernels as (filters, channels, "
        'height, width). Padding "full" is an addition.'
    )
    category: ClassVar[str] = "Image"
    icon: ClassVar[str] = "mdi6.grid"
    shard_rows: ClassVar[int] = 4
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "activation": "relu"}, ((7, 5, 2),)),
        Example({"filters": 17, "kernel_size": (2, 3), "padding": "same", "activation": "tanh"}, ((5, 6, 1),)),
        Example({"filters": 4, "kernel_size": (3, 2), "padding": "full", "kernel_regularizer": "L2"}, ((4, 5, 3),)),
        Example({"filters": 5, "kernel_size": 3, "strides": 2, "padding": "same"}, ((6, 7, 2),)),
        Example({"filters": 3, "kernel_size": 3, "dilation_rate": 2, "use_bias": False}, ((8, 7, 2),)),
        Example({"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}, ((6, 5, 16),)),
        Example({"filters": 6, "kernel_size": (1, 2), "groups": 2, "strides": (3, 2)}, ((7, 6, 4),)),
        Example({"filters": 3, "kernel_size": 2, "activation": "relu", "activity_regularizer": "L2"}, ((4, 3, 2),)),
    )

    filters: Annotated[int, Whole(1, 100_000)] = setting(help="Number of filters: the channels of the output.")
    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        help="Height and width of the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "How far the window moves down and across; 2 halves the image."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the borders of the image.")
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
    groups: Annotated[int, Whole(1, 100_000)] = setting(
        1, "Slices of the channels that are convolved apart from each other.", advanced=True
    )
    activation: Annotated[Component, Slot("activation")] = setting("linear", "Function applied to each sum.")
    use_bias: Annotated[bool, Flag()] = setting(True, "Add a trained number to each filter's sum.", advanced=True)
    kernel_initializer: Annotated[Component, Slot("initializer")] = setting(
        "glorot_uniform", "How the filters start.", advanced=True
    )
    bias_initializer: Annotated[Component, Slot("initializer")] = setting(
        "zeros", "How the biases start.", advanced=True
    )
    kernel_regularizer: Annotated[Component | None, Slot("regularizer", none="no penalty")] = setting(
        None, "Penalty on large filter weights, against overfitting.", advanced=True
    )
    bias_regularizer: Annotated[Component | None, Slot("regularizer", none="no penalty")] = setting(
        None, "Penalty on large biases.", advanced=True
    )
    activity_regularizer: Penalty = activity_setting()
    kernel_constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "Rule that the weights are brought back to after every update.", advanced=True
    )
    bias_constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "Rule that the biases are brought back to after every update.", advanced=True
    )

    @property
    def badge(self) -> str:
        return f"{self.filters} · {self.kernel_size[0]}×{self.kernel_size[1]} · {self.activation.key}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_image("Conv2D", x)
        self._check_parameters(x)
        axes = self._axes(x)
        check_fit("Conv2D", "kernel", axes, x)
        return (x.with_shape((axes[0].out, axes[1].out, self.filters)),)

    def _check_parameters(self, x: TensorSpec) -> None:
        channels = x.shape[2]
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ShapeError(
                f"Conv2D cannot have strides {self.strides} and dilation_rate {self.dilation_rate} at once. "
                "Set one of them to 1.",
                Remedy("Set dilation_rate to 1", None, (("dilation_rate", (1, 1)),)),
            )
        for what, count in (("incoming channels", channels), ("filters", self.filters)):
            if count is not None and count % self.groups:
                raise ShapeError(
                    f"Conv2D's groups must divide the {what}, but {count} cannot be split into {self.groups} "
                    "equal groups. Change groups or filters.",
                    Remedy("Set groups to 1", None, (("groups", 1),)),
                )

    def _axes(self, x: TensorSpec) -> tuple[Axis, Axis]:
        axes = [
            window_axis(int(x.shape[i] or 0), self.kernel_size[i], self.strides[i], self.dilation_rate[i], self.padding)
            for i in range(2)
        ]
        return axes[0], axes[1]

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        channels = int(inputs[0].shape[2] or 0) // self.groups
        kernel = WeightSpec(
            "kernel", (*self.kernel_size, channels, self.filters), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        bias = WeightSpec(
            "bias",
            (self.filters,),
            self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )
        return (kernel, bias) if self.use_bias else (kernel,)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        terms = self.kernel_size[0] * self.kernel_size[1] * int(inputs[0].shape[2] or 0) // self.groups
        return 2.0 * terms * self.infer(inputs)[0].size

    def forward(self, lane: Lane) -> None:
        geometry = self._geometry(lane)
        fused = self._fuses_relu()
        z = lane.y[0] if fused else self._sums(lane, lane.keeps)
        bias = lane.weights["bias"] if self.use_bias else np.zeros(self.filters, lane.dtype)
        chosen(geometry).forward(lane, geometry, bias, lane.number_of(0.0 if fused else -inf), z)
        if not fused and self.activation.key != "linear":
            flat = (-1, self.filters)
            lane.activate(self.activation, z.reshape(flat), lane.y[0].reshape(flat))

    def backward(self, lane: Lane) -> None:
        geometry = self._geometry(lane)
        rectified = self._fuses_relu() and not lane.paired
        if not (rectified or lane.paired or self.activation.key == "linear"):
            z, y, dy = (a.reshape(-1, self.filters) for a in (self._sums(lane, True), lane.y[0], lane.dy[0]))
            lane.activate_backward(self.activation, z, y, dy, dy)
        dbias = lane.partial("bias") if self.use_bias else lane.scratch("dbias", (self.filters,))
        chosen(geometry).backward(lane, geometry, rectified, dbias)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = out.specs
        y = out.conv(x[0], "kernel", "bias" if self.use_bias else None, self._axes(spec), self.groups)
        return (out.activation(self.activation, y),)

    def _fuses_relu(self) -> bool:
        return self.activation.key == "relu" and not self.activation.constants()  # type: ignore[attr-defined]

    def _sums(self, lane: Lane, kept: bool) -> Array:
        """Where the sums before the activation are: apart only if the derivative needs them."""
        if kept and lane.keeps_input(self.activation):
            return lane.buffer("z", lane.y[0].shape[1:])
        return lane.y[0]

    def _geometry(self, lane: Lane) -> Geometry:
        y, x = self._axes(lane.specs[0])
        return Geometry(y, x, int(lane.specs[0].shape[2] or 0), self.filters, self.groups, lane.dtype.itemsize)
