"""GlobalAveragePooling3D: the mean of each channel over the whole volume."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.global_pooling import GlobalPooling
from engine.component import component, setting
from engine.constraints import Flag


@component
class GlobalAveragePooling3D(GlobalPooling):
    """y[c] = mean over all places of x[h, i, j, c].

    Shapes:
        x: (batch, depth, height, width, channels);
        output: (batch, channels), or (batch, 1, 1, 1, channels) with keepdims.
    Source: Keras 3, ``keras.layers.GlobalAveragePooling3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.GlobalAveragePooling3D",
        "torch.nn.AdaptiveAvgPool3d",
        "onnx.GlobalAveragePool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.image-filter-center-focus-weak"
    aliases: ClassVar[tuple[str, ...]] = ("GlobalAvgPool3D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 4, 2, 3),)),
        Example({"keepdims": True}, ((2, 3, 1, 2),)),
    )
    places: ClassVar[int] = 3
    operation: ClassVar[str] = "mean"

    keepdims: Annotated[bool, Flag()] = setting(
        False, "Leave depth, height and width as axes of size 1.", advanced=True
    )
