"""DepthwiseConv1D: every channel is looked at by filters of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.depthwise_conv import DepthwiseConv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class DepthwiseConv1D(DepthwiseConv):
    """y[i, c·m + k] = activation(Σ over the window of x[i·s + u·d, c] · kernel[u, c, k] + bias).

    Channels are not mixed: a Conv1D of one step behind it does that, or SeparableConv1D does both.

    Shapes:
        x: (batch, steps, channels); kernel: (kernel_size, channels, m), m = depth_multiplier; bias: (channels · m,);
        output: (batch, steps', channels · m).
    Source: Keras 3, ``keras.layers.DepthwiseConv1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.DepthwiseConv1D", "torch.nn.Conv1d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX write it as a convolution with as many groups as channels. "
        "Strides and dilation may go together."
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.layers-outline"
    shard_rows: ClassVar[int] = 16
    places: ClassVar[int] = 1
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"kernel_size": 3, "activation": "relu"}, ((6, 2),)),
        Example(
            {"kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 3, "activation": "tanh"}, ((5, 2),)
        ),
        Example({"kernel_size": 3, "dilation_rate": 2, "strides": 2, "use_bias": False}, ((9, 17),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        help="Steps of the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "How many steps the window moves on; 2 halves the sequence."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "Distance of the window's steps: 2 leaves a gap between any two.", advanced=True
    )
