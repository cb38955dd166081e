"""SeparableConv2D: a convolution in two cheap steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.separable_conv import SeparableConv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class SeparableConv2D(SeparableConv):
    """y[i, j] = activation(depthwise(x)[i, j] · pointwise_kernel + bias), with depthwise as in DepthwiseConv2D.

    First windows look at each channel by itself, then filters mix the channels of each place: far fewer weights
    and products than one convolution that does both at once.

    Shapes:
        x: (batch, height, width, channels); depthwise_kernel: (*kernel_size, channels, m), m = depth_multiplier;
        pointwise_kernel: (1, 1, channels · m, filters); bias: (filters,); output: (batch, height', width', filters).
    Source: Keras 3, ``keras.layers.SeparableConv2D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.SeparableConv2D", "torch.nn.Conv2d", "onnx.Conv")
    differences: ClassVar[str] = "PyTorch and ONNX write it as two convolutions. Strides and dilation may go together."
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.layers-triple-outline"
    shard_rows: ClassVar[int] = 4
    places: ClassVar[int] = 2
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "activation": "relu"}, ((5, 6, 2),)),
        Example(
            {"filters": 4, "kernel_size": (2, 3), "strides": 2, "padding": "same", "depth_multiplier": 3}, ((5, 6, 2),)
        ),
        Example({"filters": 17, "kernel_size": 2, "activation": "tanh", "pointwise_regularizer": "L2"}, ((3, 4, 18),)),
        Example({"filters": 2, "kernel_size": 2, "dilation_rate": (1, 2), "use_bias": False}, ((4, 5, 1),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        help="Height and width of the window that looks at each channel."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "How far the window moves down and across; 2 halves the image."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000, length=2)] = setting(
        (1, 1), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
