"""log_softmax: the logarithms of softmax's probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.softmax import log_softmax, log_softmax_backward


@component
class LogSoftmax(Activation):
    """f(x)_j = x_j - log(sum over k of e^x_k), along the last axis.

    Source: Keras 3, ``keras.activations.log_softmax``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.activations.log_softmax",
        "torch.nn.LogSoftmax",
        "onnx.LogSoftmax",
    )
    key: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "Log-softmax"
    aliases: ClassVar[tuple[str, ...]] = ("LogSoftmax",)

    def forward(self) -> Callable[..., None]:
        return log_softmax

    def backward(self) -> Callable[..., None]:
        return log_softmax_backward

    def value(self, x: Any) -> Any:
        shifted = x - np.max(x, axis=-1, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
