"""DepthwiseConv2D: every channel is looked at by filters of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.depthwise_conv import DepthwiseConv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class DepthwiseConv2D(DepthwiseConv):
    """y[i, j, c·m + k] = activation(Σ over the window of x[i·s + u·d, j·s + v·d, c] · kernel[u, v, c, k] + bias).

    Channels are not mixed: a 1×1 convolution behind it does that, or SeparableConv2D does both.

    Shapes:
        x: (batch, height, width, channels); kernel: (*kernel_size, channels, m), m = depth_multiplier;
        bias: (channels · m,); output: (batch, height', width', channels · m).
    Source: Keras 3, ``keras.layers.DepthwiseConv2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.DepthwiseConv2D", "torch.nn.Conv2d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX write it as a convolution with as many groups as channels. "
        "Strides and dilation may go together."
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.layers-outline"
    shard_rows: ClassVar[int] = 4
    places: ClassVar[int] = 2
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"kernel_size": 3, "activation": "relu"}, ((5, 6, 3),)),
        Example({"kernel_size": (2, 3), "strides": 2, "padding": "same", "depth_multiplier": 2}, ((5, 6, 2),)),
        Example(
            {"kernel_size": 3, "padding": "same", "activation": "tanh", "depthwise_regularizer": "L2"}, ((4, 3, 17),)
        ),
        Example({"kernel_size": (2, 3), "strides": (3, 2), "dilation_rate": (2, 1), "use_bias": False}, ((7, 8, 2),)),
        Example({"kernel_size": 2, "depth_multiplier": 8, "activation": "relu"}, ((3, 4, 4),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        help="Height and width of the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "How far the window moves down and across; 2 halves the image."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
