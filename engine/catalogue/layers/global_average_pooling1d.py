"""GlobalAveragePooling1D: the mean of each feature over the whole sequence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane
from engine.catalogue.layers.global_pooling import GlobalPooling
from engine.component import component, setting
from engine.constraints import Flag
from engine.kernels.masks import masked_mean, masked_mean_back


@component
class GlobalAveragePooling1D(GlobalPooling):
    """y[c] = mean over all steps of x[i, c]; with a mask over those that count.

    A sample of which no step counts gives 0.

    Shapes:
        x: (batch, steps, features); output: (batch, features), or (batch, 1, features) with keepdims.
    Source: Keras 3, ``keras.layers.GlobalAveragePooling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.GlobalAveragePooling1D",
        "torch.nn.AdaptiveAvgPool1d",
        "onnx.GlobalAveragePool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.format-align-center"
    reads_mask: ClassVar[bool] = True
    aliases: ClassVar[tuple[str, ...]] = ("GlobalAvgPool1D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 3),)),
        Example({"keepdims": True}, ((4, 1),)),
    )
    places: ClassVar[int] = 1
    operation: ClassVar[str] = "mean"

    keepdims: Annotated[bool, Flag()] = setting(False, "Leave the steps as an axis of size 1.", advanced=True)

    def forward(self, lane: Lane) -> None:
        if lane.masks[0] is None:
            super().forward(lane)
        else:
            lane.call(masked_mean, lane.x[0], lane.masks[0], lane.y[0].reshape(lane.rows, -1))

    def backward(self, lane: Lane) -> None:
        if lane.masks[0] is None:
            super().backward(lane)
        elif lane.dx[0] is not None:
            lane.call(masked_mean_back, lane.dy[0].reshape(lane.rows, -1), lane.masks[0], lane.dx[0])
