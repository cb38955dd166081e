"""What all convolutions share: sums over windows, then a bias and an activation."""

from __future__ import annotations

from math import inf
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.catalogue.layers.volumes import check_places, check_windows
from engine.component import Component
from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis, window_axis
from engine.tensor_spec import TensorSpec, WeightSpec

VALID = ("valid", "Windows stay inside, so what comes out is smaller.")
SAME = ("same", "Zeros around the input keep its size (divided by the strides).")
FULL = ("full", "Every window that touches the input counts, so what comes out is larger.")
CAUSAL = ("causal", "A step sees only itself and earlier steps, never the future; zeros stand before the first.")


class Convolving(Layer):
    """y = activation(sums + bias), where a member says which sums.

    Class attributes:
        places: along how many axes windows slide: 1 for sequences, 2 for images, 3 for volumes.
    """

    places: ClassVar[int] = 2
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    dilation_rate: tuple[int, ...]
    activation: Component
    use_bias: bool

    def columns(self, x: TensorSpec) -> int:
        """Channels that come out."""
        raise TypeError(f"{type(self).__name__} does not say its channels")

    def sums(self, lane: Lane, bias: Array, floor: Any, z: Array) -> None:
        """List z = max(floor, sums + bias)."""
        raise TypeError(f"{type(self).__name__} sums nothing")

    def sums_back(self, lane: Lane, rectified: bool, dbias: Array) -> None:
        """List the gradients of all weights and of the input; through relu's derivative where ``rectified``."""
        raise TypeError(f"{type(self).__name__} sums nothing")

    def check(self, x: TensorSpec) -> None:
        """Refuse parameters that do not fit together, or the input.

        Raises:
            ShapeError: with a remedy.
        """

    def axes(self, x: TensorSpec) -> tuple[Axis, ...]:
        """How windows lie over each axis."""
        each = zip(x.sizes[:-1], self.kernel_size, self.strides, self.dilation_rate, strict=True)
        return tuple(window_axis(*sizes, self.padding) for sizes in each)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_places(self.key, self.places, x)
        self.check(x)
        axes = self.axes(x)
        check_windows(self.key, "kernel", axes)
        return (x.with_shape((*(axis.out for axis in axes), self.columns(x))),)

    def forward(self, lane: Lane) -> None:
        fused, count = self.fuses_relu(), lane.y[0].shape[-1]
        z = lane.y[0] if fused else self._before_activation(lane, lane.keeps)
        bias = lane.weights["bias"] if self.use_bias else np.zeros(count, lane.dtype)
        self.sums(lane, bias, lane.number_of(0.0 if fused else -inf), z)
        if not fused and self.activation.key != "linear":
            lane.activate(self.activation, z.reshape(-1, count), lane.y[0].reshape(-1, count))

    def backward(self, lane: Lane) -> None:
        count = lane.y[0].shape[-1]
        rectified = self.fuses_relu() and not lane.paired
        if not (rectified or lane.paired or self.activation.key == "linear"):
            self.activate_back(lane)
        dbias = lane.partial("bias") if self.use_bias else lane.scratch("dbias", (count,))
        self.sums_back(lane, rectified, dbias)

    def activate_back(self, lane: Lane) -> None:
        """List dy = dy · activation'."""
        arrays = self._before_activation(lane, True), lane.y[0], lane.dy[0]
        z, y, dy = (a.reshape(-1, a.shape[-1]) for a in arrays)
        lane.activate_backward(self.activation, z, y, dy, dy)

    def fuses_relu(self) -> bool:
        """Whether the sums pass through relu on their way out."""
        return self.activation.key == "relu" and not self.activation.constants()  # type: ignore[attr-defined]

    def _before_activation(self, lane: Lane, kept: bool) -> Array:
        """Where the sums before the activation are: apart only if the derivative needs them."""
        if kept and lane.keeps_input(self.activation):
            return lane.buffer("z", lane.y[0].shape[1:])
        return lane.y[0]

    def refuse_steps_with_gaps(self) -> None:
        """Refuse strides together with dilation, as Keras does.

        Raises:
            ShapeError: with dilation 1 as remedy.
        """
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ShapeError(
                f"{self.key} cannot have strides {self.strides} and dilation_rate {self.dilation_rate} at once. "
                "Set one of them to 1.",
                Remedy("Set dilation_rate to 1", None, (("dilation_rate", (1,) * self.places),)),
            )

    def weight(self, name: str, role: str, shape: tuple[int, ...]) -> WeightSpec:
        """A weight with the initializer, penalty and rule of its role: ``kernel``, ``bias``, ``depthwise`` ..."""
        starts, penalty, rule = (getattr(self, f"{role}_{k}") for k in ("initializer", "regularizer", "constraint"))
        return WeightSpec(name, shape, starts, regularizer=penalty, constraint=rule)


def sizes_text(sizes: tuple[int, ...]) -> str:
    """A window for a badge: ``3×3``."""
    return "×".join(map(str, sizes))
