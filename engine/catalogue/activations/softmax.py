"""softmax: turns scores into probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.softmax import softmax, softmax_backward


@component
class Softmax(Activation):
    """f(x)_j = e^x_j / sum over k of e^x_k, along the last axis.

    Source: Keras 3, ``keras.activations.softmax``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.softmax", "torch.nn.Softmax", "onnx.Softmax")
    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    aliases: ClassVar[tuple[str, ...]] = ("Softmax",)

    def forward(self) -> Callable[..., None]:
        return softmax

    def backward(self) -> Callable[..., None]:
        return softmax_backward

    def value(self, x: Any) -> Any:
        powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)
