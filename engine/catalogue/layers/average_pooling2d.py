"""AveragePooling2D: the mean of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.pooling import PADDINGS
from engine.catalogue.layers.window_pooling import WindowPooling
from engine.component import component, setting
from engine.constraints import Choice, Wholes


@component
class AveragePooling2D(WindowPooling):
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
    differences: ClassVar[str] = (
        'Where padding "same" puts more at the end, Keras on PyTorch repeats the border instead of leaving it out.'
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.blur-linear"
    shard_rows: ClassVar[int] = 4
    aliases: ClassVar[tuple[str, ...]] = ("AvgPool2D",)
    places: ClassVar[int] = 2
    operation: ClassVar[str] = "mean"
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
