"""SeparableConv1D: a convolution in two cheap steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.separable_conv import SeparableConv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class SeparableConv1D(SeparableConv):
    """y[i] = activation(depthwise(x)[i] · pointwise_kernel + bias), with depthwise as in DepthwiseConv1D.

    First windows look at each channel by itself, then filters mix the channels of each place: far fewer weights
    and products than one convolution that does both at once.

    Shapes:
        x: (batch, steps, channels); depthwise_kernel: (kernel_size, channels, m), m = depth_multiplier;
        pointwise_kernel: (1, channels · m, filters); bias: (filters,); output: (batch, steps', filters).
    Source: Keras 3, ``keras.layers.SeparableConv1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.SeparableConv1D", "torch.nn.Conv1d", "onnx.Conv")
    differences: ClassVar[str] = "PyTorch and ONNX write it as two convolutions. Strides and dilation may go together."
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.layers-triple-outline"
    shard_rows: ClassVar[int] = 16
    places: ClassVar[int] = 1
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "activation": "relu"}, ((6, 2),)),
        Example({"filters": 17, "kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 2}, ((5, 3),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        help="Steps of the window that looks at each channel."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "How many steps the window moves on; 2 halves the sequence."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "Distance of the window's steps: 2 leaves a gap between any two.", advanced=True
    )
