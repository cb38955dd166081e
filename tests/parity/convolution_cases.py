"""Convolutions and pooling that are compared with Keras: kind, parameters, and the shape that enters."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], tuple[tuple[int, ...], ...]]

CASES: tuple[Case, ...] = (
    ("Conv1D", {"filters": 3, "kernel_size": 3}, ((7, 2),)),
    ("Conv1D", {"filters": 4, "kernel_size": 4, "padding": "same", "activation": "tanh"}, ((6, 3),)),
    ("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "same", "strides": 2}, ((8, 2),)),
    ("Conv1D", {"filters": 2, "kernel_size": 2, "padding": "causal", "dilation_rate": 3}, ((7, 2),)),
    ("Conv1D", {"filters": 4, "kernel_size": 3, "groups": 2, "use_bias": False}, ((6, 4),)),
    ("Conv2D", {"filters": 2, "kernel_size": [2, 4], "padding": "same"}, ((5, 6, 2),)),
    ("Conv2D", {"filters": 2, "kernel_size": [3, 2], "strides": [2, 3], "padding": "same"}, ((7, 8, 2),)),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "dilation_rate": [1, 2]}, ((5, 7, 2),)),
    ("Conv2D", {"filters": 6, "kernel_size": 2, "groups": 3, "strides": 2}, ((5, 4, 6),)),
    ("Conv3D", {"filters": 2, "kernel_size": 2}, ((3, 4, 3, 2),)),
    ("Conv3D", {"filters": 2, "kernel_size": [1, 2, 3], "strides": [1, 2, 2], "padding": "same"}, ((2, 4, 5, 1),)),
    ("Conv3D", {"filters": 4, "kernel_size": 2, "dilation_rate": [1, 2, 1], "groups": 2}, ((2, 4, 3, 2),)),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, ((6, 2),)),
    ("DepthwiseConv2D", {"kernel_size": [2, 3], "strides": 2, "padding": "same", "depth_multiplier": 2}, ((5, 6, 2),)),
    ("DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": 2, "padding": "same"}, ((5, 4, 2),)),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 3, "use_bias": False}, ((4, 5, 2),)),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3, "depth_multiplier": 2}, ((6, 2),)),
    ("SeparableConv2D", {"filters": 2, "kernel_size": 2, "strides": 2, "depth_multiplier": 2}, ((5, 6, 2),)),
    ("SeparableConv2D", {"filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, ((5, 4, 2),)),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same"}, ((3, 2),)),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2, "activation": "relu"}, ((3, 4, 2),)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, ((3, 4, 2),)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": [4, 5], "strides": 2, "padding": "same"}, ((3, 2, 2),)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "padding": "same"}, ((3, 4, 2),)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": [1, 2], "strides": 3, "padding": "same"}, ((2, 3, 2),)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1}, ((3, 2, 2),)),
    (
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": [0, 1]},
        ((3, 2, 2),),
    ),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, ((4, 5, 2),)),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, ((2, 1, 2, 1),)),
    ("MaxPooling3D", {}, ((4, 5, 4, 2),)),
    ("MaxPooling3D", {"pool_size": [1, 2, 3], "strides": [2, 1, 2], "padding": "same"}, ((3, 4, 5, 2),)),
    # An odd zero of "same" would be another number with PyTorch: it repeats the border instead of leaving it out.
    ("AveragePooling3D", {"pool_size": [3, 3, 1], "strides": [1, 1, 2], "padding": "same"}, ((3, 4, 3, 2),)),
    ("GlobalAveragePooling3D", {}, ((2, 3, 2, 3),)),
)
