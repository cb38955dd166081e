"""Conv3D: small filters that slide through a volume or a film."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.conv import Conv
from engine.component import component, setting
from engine.constraints import Wholes


@component
class Conv3D(Conv):
    """y[h, i, j] = activation(Σ over the window of x[h·s + t·d, i·s + u·d, j·s + v·d] · kernel[t, u, v] + bias).

    Shapes:
        x: (batch, depth, height, width, channels); kernel: (*kernel_size, channels / groups, filters);
        bias: (filters,); output: (batch, depth', height', width', filters).
    Source: Keras 3, ``keras.layers.Conv3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Conv3D", "torch.nn.Conv3d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before the places and keep kernels as (filters, channels, *window). "
        'Padding "full" is an addition.'
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.cube-scan"
    shard_rows: ClassVar[int] = 1
    places: ClassVar[int] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 2, "activation": "relu"}, ((3, 4, 3, 2),)),
        Example({"filters": 2, "kernel_size": (2, 3, 1), "strides": (1, 2, 2), "padding": "same"}, ((3, 4, 5, 1),)),
        Example({"filters": 4, "kernel_size": (1, 2, 2), "dilation_rate": (1, 2, 1), "groups": 2}, ((2, 4, 3, 2),)),
        Example({"filters": 2, "kernel_size": 2, "padding": "full", "activation": "tanh"}, ((2, 2, 3, 1),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        help="Depth, height and width of the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (1, 1, 1), "How far the window moves along depth, height and width."
    )
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (1, 1, 1), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
