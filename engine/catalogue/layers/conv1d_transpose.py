"""Conv1DTranspose: writes each step of a sequence into a window of a longer one."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.conv_transpose import ConvTranspose
from engine.component import component, setting
from engine.constraints import Wholes


@component
class Conv1DTranspose(ConvTranspose):
    """y[i·s + u·d] += x[i] · kernel[u], then activation(y + bias).

    It is the gradient of Conv1D by its input, used as a layer.

    Shapes:
        x: (batch, steps, channels); kernel: (kernel_size, filters, channels); bias: (filters,);
        output: (batch, steps', filters).
        Along each axis, with k = (kernel_size - 1) · dilation_rate + 1, it is size · s for padding "same" and
        (size - 1) · s + max(k, s) for "valid"; with output_padding p, (size - 1) · s + p + (k mod 2 or k).
    Source: Keras 3, ``keras.layers.Conv1DTranspose``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.Conv1DTranspose", "torch.nn.ConvTranspose1d", "onnx.ConvTranspose"
    )  # fmt: skip
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before the places, keep kernels as (channels, filters, *window), and are told "
        'what to cut off instead of "same".'
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.arrow-expand-horizontal"
    shard_rows: ClassVar[int] = 16
    places: ClassVar[int] = 1
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "strides": 2, "activation": "relu"}, ((4, 2),)),
        Example({"filters": 17, "kernel_size": 4, "strides": 2, "padding": "same", "activation": "tanh"}, ((3, 3),)),
        Example({"filters": 2, "kernel_size": 2, "strides": 3, "use_bias": False}, ((3, 1),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        help="Steps of the window that each place of the input writes into."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "How far apart the windows are written; 2 doubles the size."
    )
    output_padding: Annotated[tuple[int, ...] | None, Wholes(0, 999, length=1, none="by the padding")] = setting(
        None, "Places more at the end; less than the strides. Only needed to hit one of several possible sizes.",
        advanced=True,
    )  # fmt: skip
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "Distance of the window's cells: 2 leaves a gap between any two.", advanced=True
    )
