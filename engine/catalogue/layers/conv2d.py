"""Conv2D: small filters that slide over an image."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.conv import Conv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class Conv2D(Conv):
    """y[i, j] = activation(Σ over the window of x[i·s + u·d, j·s + v·d] · kernel[u, v] + bias).

    Shapes:
        x: (batch, height, width, channels); kernel: (*kernel_size, channels / groups, filters);
        bias: (filters,); output: (batch, height', width', filters).
    Source: Keras 3, ``keras.layers.Conv2D``; padding "full" as in Theano and PyTorch's ``padding=k-1``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Conv2D", "torch.nn.Conv2d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before height and width and keep kernels as (filters, channels, "
        'height, width). Padding "full" is an addition.'
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.grid"
    shard_rows: ClassVar[int] = 4
    places: ClassVar[int] = 2
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "activation": "relu"}, ((7, 5, 2),)),
        Example({"filters": 17, "kernel_size": (2, 3), "padding": "same", "activation": "tanh"}, ((5, 6, 1),)),
        Example({"filters": 4, "kernel_size": (3, 2), "padding": "full", "kernel_regularizer": "L2"}, ((4, 5, 3),)),
        Example({"filters": 5, "kernel_size": 3, "strides": 2, "padding": "same"}, ((6, 7, 2),)),
        Example({"filters": 3, "kernel_size": 3, "dilation_rate": 2, "use_bias": False}, ((8, 7, 2),)),
        Example({"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}, ((6, 5, 16),)),
        Example({"filters": 6, "kernel_size": (1, 2), "groups": 2, "strides": (3, 2)}, ((7, 6, 4),)),
        Example({"filters": 3, "kernel_size": 2, "activation": "relu", "activity_regularizer": "L2"}, ((4, 3, 2),)),
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
