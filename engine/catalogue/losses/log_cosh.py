"""log_cosh: a square for small errors, a straight line for large ones, and smooth between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import log_cosh


@component
class LogCosh(Loss):
    """L = mean over the last axis of log(cosh(prediction - target)).

    Its slope is tanh(prediction - target), so no outlier pulls harder than 1.

    Source: Keras 3, ``keras.losses.LogCosh``.
    """

    key: ClassVar[str] = "log_cosh"
    title: ClassVar[str] = "Log-cosh"
    aliases: ClassVar[tuple[str, ...]] = ("LogCosh", "logcosh")

    def kernel(self) -> Callable[..., None]:
        return log_cosh

    def value(self, target: Any, prediction: Any) -> Any:
        size = np.abs(prediction - target)
        return np.mean(size + np.log1p(np.exp(-2 * size)) - np.log(2), axis=-1)
