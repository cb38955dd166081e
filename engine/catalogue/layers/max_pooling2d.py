"""MaxPooling2D: keeps the strongest answer of each window."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.pooling import PADDINGS
from engine.catalogue.layers.window_pooling import WindowPooling
from engine.component import component, setting
from engine.constraints import Choice, Wholes


@component
class MaxPooling2D(WindowPooling):
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
    places: ClassVar[int] = 2
    operation: ClassVar[str] = "max"
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
