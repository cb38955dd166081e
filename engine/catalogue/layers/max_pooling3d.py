"""MaxPooling3D: keeps the strongest answer of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.pooling import PADDINGS
from engine.catalogue.layers.window_pooling import WindowPooling
from engine.component import component, setting
from engine.constraints import Choice, Wholes


@component
class MaxPooling3D(WindowPooling):
    """y[h, i, j] = max over the window of x[h·s + t, i·s + u, j·s + v], each channel for itself.

    Shapes:
        x: (batch, depth, height, width, channels); output: (batch, depth', height', width', channels).
    Source: Keras 3, ``keras.layers.MaxPooling3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.MaxPooling3D", "torch.nn.MaxPool3d", "onnx.MaxPool")
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.arrow-collapse-all"
    shard_rows: ClassVar[int] = 1
    aliases: ClassVar[tuple[str, ...]] = ("MaxPool3D",)
    places: ClassVar[int] = 3
    operation: ClassVar[str] = "max"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4, 5, 4, 3),)),
        Example({"pool_size": (1, 2, 3), "strides": (2, 1, 2), "padding": "same"}, ((3, 4, 5, 2),)),
        Example({"pool_size": 2, "strides": 1}, ((3, 3, 2, 9),)),
    )

    pool_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (2, 2, 2), "Depth, height and width of the window; 2 × 2 × 2 halves the volume."
    )
    strides: Annotated[tuple[int, ...] | None, Wholes(1, 1000, length=3, none="as pool_size")] = setting(
        None, "How far the window moves along depth, height and width."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the borders of the volume.")
