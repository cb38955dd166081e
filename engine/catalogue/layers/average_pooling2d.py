"""AveragePooling2D: the mean of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.images import check_fit, check_image
from engine.catalogue.layers.pooling import PADDINGS, average, average_back
from engine.component import component, setting
from engine.constraints import Choice, Wholes
from engine.kernels.conv_tables import Axis, window_axis
from engine.tensor_spec import TensorSpec


@component
class AveragePooling2D(Layer):
    """y[i, j] = mean over the window of x[i·s + u, j·s + v], each channel for itself.

    What lies in the padding does not count: a window at the border is the mean of its cells in the image.

    Shapes:
        x: (batch, height, width, channels); output: (batch, height', width', channels).
    Source: Keras 3, ``keras.layers.AveragePooling2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.AveragePooling2D",
        "torch.nn.AvgPool2d",
        "onnx.AveragePool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.blur-linear"
    shard_rows: ClassVar[int] = 4
    aliases: ClassVar[tuple[str, ...]] = ("AvgPool2D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 6, 3),)),
        Example({"pool_size": (2, 3), "strides": 1}, ((4, 5, 2),)),
        Example({"pool_size": 3, "strides": 2, "padding": "same"}, ((5, 7, 9),)),
        Example({"pool_size": 3, "strides": 1, "padding": "same"}, ((4, 3, 2),)),
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
        check_image("AveragePooling2D", x)
        y, across = self._axes(x)
        check_fit("AveragePooling2D", "window", (y, across))
        return (x.with_shape((y.out, across.out, x.shape[2])),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float(self.infer(inputs)[0].size * self.pool_size[0] * self.pool_size[1])

    def forward(self, lane: Lane) -> None:
        average(lane, self._axes(lane.specs[0]), lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            average_back(lane, self._axes(lane.specs[0]), lane.dy[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.average_pool(x[0], self._axes(out.specs[0])),)

    def _axes(self, x: TensorSpec) -> tuple[Axis, Axis]:
        down, across = self.strides or self.pool_size
        y = window_axis(int(x.shape[0] or 0), self.pool_size[0], down, 1, self.padding)
        return y, window_axis(int(x.shape[1] or 0), self.pool_size[1], across, 1, self.padding)
