"""AveragePooling3D: the mean of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.pooling import PADDINGS
from engine.catalogue.layers.window_pooling import WindowPooling
from engine.component import component, setting
from engine.constraints import Choice, Wholes


@component
class AveragePooling3D(WindowPooling):
    """y[h, i, j] = mean over the window of x[h·s + t, i·s + u, j·s + v], each channel for itself.

    What lies in the padding does not count: a window at the border is the mean of its cells in the volume.

    Shapes:
        x: (batch, depth, height, width, channels); output: (batch, depth', height', width', channels).
    Source: Keras 3, ``keras.layers.AveragePooling3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.AveragePooling3D",
        "torch.nn.AvgPool3d",
        "onnx.AveragePool",
    )
    differences: ClassVar[str] = (
        'Where padding "same" puts more at the end, Keras on PyTorch repeats the border instead of leaving it out.'
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.blur-linear"
    shard_rows: ClassVar[int] = 1
    aliases: ClassVar[tuple[str, ...]] = ("AvgPool3D",)
    places: ClassVar[int] = 3
    operation: ClassVar[str] = "mean"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4, 5, 4, 3),)),
        Example({"pool_size": (1, 3, 3), "strides": (2, 1, 2), "padding": "same"}, ((3, 4, 5, 2),)),
        Example({"pool_size": 2, "strides": 1}, ((3, 3, 2, 9),)),
    )

    pool_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (2, 2, 2), "Depth, height and width of the window; 2 × 2 × 2 halves the volume."
    )
    strides: Annotated[tuple[int, ...] | None, Wholes(1, 1000, length=3, none="as pool_size")] = setting(
        None, "How far the window moves along depth, height and width."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the borders of the volume.")
