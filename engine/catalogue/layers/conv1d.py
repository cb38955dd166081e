"""Conv1D: small filters that slide along a sequence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.conv import PADDINGS, Conv
from engine.catalogue.layers.convolving import CAUSAL
from engine.component import component, setting
from engine.constraints import Choice, Wholes


@component
class Conv1D(Conv):
    """y[i] = activation(Σ over the window of x[i·s + u·d] · kernel[u] + bias).

    Shapes:
        x: (batch, steps, channels); kernel: (kernel_size, channels / groups, filters); bias: (filters,);
        output: (batch, steps', filters).
    Source: Keras 3, ``keras.layers.Conv1D``; padding "full" as in Theano.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Conv1D", "torch.nn.Conv1d", "onnx.Conv")
    differences: ClassVar[str] = (
        "PyTorch and ONNX put channels before the places and keep kernels as (filters, channels, *window). "
        'Padding "full" is an addition.'
    )
    category: ClassVar[str] = "Convolution"
    icon: ClassVar[str] = "mdi6.chart-timeline"
    places: ClassVar[int] = 1
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"filters": 3, "kernel_size": 3, "activation": "relu"}, ((7, 2),)),
        Example({"filters": 5, "kernel_size": 4, "padding": "same", "activation": "tanh"}, ((6, 3),)),
        Example({"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, ((6, 2),)),
        Example({"filters": 18, "kernel_size": 2, "padding": "causal", "strides": 2, "groups": 2}, ((7, 4),)),
        Example({"filters": 3, "kernel_size": 3, "padding": "full", "use_bias": False}, ((4, 3),)),
    )

    kernel_size: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        help="Steps in the window that each filter looks through."
    )
    strides: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "How many steps the window moves on; 2 halves the sequence."
    )
    padding: Annotated[str, Choice((*PADDINGS, CAUSAL))] = setting("valid", "What happens at the ends of the sequence.")
    dilation_rate: Annotated[tuple[int, ...], Wholes(1, 100_000, length=1)] = setting(
        (1,), "Distance of the window's steps: 2 leaves a gap between any two.", advanced=True
    )
