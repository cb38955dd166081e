"""AveragePooling1D: the mean of each window of steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.pooling import PADDINGS
from engine.catalogue.layers.window_pooling import WindowPooling
from engine.component import component, setting
from engine.constraints import Choice, Whole


@component
class AveragePooling1D(WindowPooling):
    """y[i] = mean over the window of x[i·s + u], each feature for itself.

    What lies in the padding does not count.

    Shapes:
        x: (batch, steps, features); output: (batch, steps', features).
    Source: Keras 3, ``keras.layers.AveragePooling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.AveragePooling1D",
        "torch.nn.AvgPool1d",
        "onnx.AveragePool",
    )
    differences: ClassVar[str] = (
        'Where padding "same" puts more at the end, Keras on PyTorch repeats the border instead of leaving it out.'
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.blur-linear"
    aliases: ClassVar[tuple[str, ...]] = ("AvgPool1D",)
    places: ClassVar[int] = 1
    operation: ClassVar[str] = "mean"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 3),)),
        Example({"pool_size": 3, "strides": 1, "padding": "same"}, ((4, 2),)),
    )

    pool_size: Annotated[int, Whole(1, 100_000)] = setting(2, "Steps in the window; 2 halves the sequence.")
    strides: Annotated[int | None, Whole(1, 100_000, none="as pool_size")] = setting(
        None, "How many steps the window moves on."
    )
    padding: Annotated[str, Choice(PADDINGS)] = setting("valid", "What happens at the ends of the sequence.")
