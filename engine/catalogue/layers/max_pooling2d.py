"""MaxPooling2D: keeps the strongest answer of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_fit, check_image
from engine.component import component, setting
from engine.constraints import Choice, Wholes
from engine.kernels.conv_tables import Axis, window_axis
from engine.kernels.pool import max_pool, max_pool_backward
from engine.tensor_spec import TensorSpec

PADDINGS = (
    ("valid", "Only whole windows count; a rest at the border is dropped."),
    ("same", "Windows at the border may be cut off; nothing is dropped."),
)


@component
class MaxPooling2D(Layer):
    """y[i, j] = max over the window of x[i·s + u, j·s + v], each channel for itself.

    Shapes:
        x: (batch, height, width, channels); output: (batch, height', width', channels).
    Source: Keras 3, ``keras.layers.MaxPooling2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.MaxPooling2D", "torch.nn.MaxPool2d", "onnx.MaxPool")
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.arrow-collapse-all"
    shard_rows: ClassVar[int] = 4
    aliases: ClassVar[tuple[str, ...]] = ("MaxPool2D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 6, 3),)),
        Example({"pool_size": (2, 3), "strides": 1}, ((4, 5, 2),)),
        Example({"pool_size": 3, "strides": 2, "padding": "same"}, ((6, 7, 9),)),
    )

    pool_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (2, 2), "Height and width of the window; 2 × 2 halves the image."
    )
    strides: Annotated[tuple[int, ...] | None, Wholes(1, 1000, length=2, none="as pool_size")] = setting(
        None, "How far the window moves down and across."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the borders of the image.")

    @property
    def badge(self) -> str:
        return f"{self.pool_size[0]}×{self.pool_size[1]}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_image("MaxPooling2D", x)
        y, across = self._axes(x)
        check_fit("MaxPooling2D", "window", (y, across))
        return (x.with_shape((y.out, across.out, x.shape[2])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(self.infer(inputs)[0].size * self.pool_size[0] * self.pool_size[1])

    def forward(self, lane: Lane) -> None:
        lane.call(max_pool, lane.x[0], lane.y[0], self._winners(lane), *self._windows(lane))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            lane.call(max_pool_backward, lane.dy[0], self._winners(lane), lane.dx[0], *self._windows(lane))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = out.specs
        return (out.max_pool(x[0], self._axes(spec)),)

    def _winners(self, lane: Lane) -> Array:
        """Which cell of its window each output is: a byte, unless windows are huge."""
        kind = "uint8" if self.pool_size[0] * self.pool_size[1] <= 256 else "int32"
        return lane.buffer("winners", lane.y[0].shape[1:], kind)

    def _windows(self, lane: Lane) -> tuple[int, ...]:
        y, x = self._axes(lane.specs[0])
        return (y.kernel, x.kernel, y.stride, x.stride, y.before, x.before)

    def _axes(self, x: TensorSpec) -> tuple[Axis, Axis]:
        down, across = self.strides or self.pool_size
        y = window_axis(int(x.shape[0] or 0), self.pool_size[0], down, 1, self.padding)
        return y, window_axis(int(x.shape[1] or 0), self.pool_size[1], across, 1, self.padding)
