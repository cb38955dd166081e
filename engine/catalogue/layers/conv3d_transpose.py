"""Conv3DTranspose: writes each place of a volume into a window of a larger one."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.conv_transpose import ConvTranspose
from engine.component import component, setting
from engine.constraints import Wholes


@component
class Conv3DTranspose(ConvTranspose):
    """y[h·s + t·d, i·s + u·d, j·s + v·d] += x[h, i, j] · kernel[t, u, v], then activation(y + bias).

    It is the gradient of Conv3D by its input, used as a layer.

    Shapes:
        x: (batch, depth, height, width, channels); kernel: (*kernel_size, filters, channels); bias: (filters,);
        output: (batch, depth', height', width', filters).
        Along each axis, with k = (kernel_size - 1) · dilation_rate + 1, it is size · s for padding "same" and
        (size - 1) · s + max(k, s) for "valid"; with output_padding p, (size - 1) · s + p + (k mod 2 or k).
    Source: Keras 3, ``keras.layers.Conv3DTranspose``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.Conv3DTranspose", "torch.nn.ConvTranspose3d", "onnx.ConvTranspose"
    )  # fmt: skip
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before the places, keep kernels as (channels, filters, *window), and are told "
        'what to cut off instead of "same".'
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.cube-outline"
    shard_rows: ClassVar[int] = 1
    places: ClassVar[int] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 2, "kernel_size": 2, "strides": 2, "activation": "relu"}, ((2, 2, 3, 2),)),
        Example({"filters": 3, "kernel_size": (1, 2, 3), "strides": (1, 3, 2), "padding": "same"}, ((2, 2, 2, 1),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        help="Depth, height and width of the window that each place of the input writes into."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (1, 1, 1), "How far apart the windows are written along depth, height and width; 2 doubles the size."
    )
    output_padding: Annotated[tuple[int, ...] | None, Wholes(0, 999, length=3, none="by the padding")] = setting(
        None, "Places more at the end; less than the strides. Only needed to hit one of several possible sizes.",
        advanced=True,
    )  # fmt: skip
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (1, 1, 1), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
