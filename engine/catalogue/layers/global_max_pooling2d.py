"""GlobalMaxPooling2D: the strongest answer of each channel anywhere in the image."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.global_pooling import GlobalPooling
from engine.component import component, setting
from engine.constraints import Flag


@component
class GlobalMaxPooling2D(GlobalPooling):
    """y[c] = max over all heights and widths of x[i, j, c].

    Shapes:
        x: (batch, height, width, channels); output: (batch, channels), or (batch, 1, 1, channels) with keepdims.
    Source: Keras 3, ``keras.layers.GlobalMaxPooling2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.GlobalMaxPooling2D",
        "torch.nn.AdaptiveMaxPool2d",
        "onnx.GlobalMaxPool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.image-filter-center-focus"
    aliases: ClassVar[tuple[str, ...]] = ("GlobalMaxPool2D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4, 5, 3),)),
        Example({"keepdims": True}, ((3, 1, 2),)),
        Example({}, ((17, 17, 2),)),
    )
    places: ClassVar[int] = 2
    operation: ClassVar[str] = "max"

    keepdims: Annotated[bool, Flag()] = setting(False, "Leave height and width as axes of size 1.", advanced=True)
