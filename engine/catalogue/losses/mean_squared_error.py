"""mean_squared_error: the usual loss for predicting numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses import squared_error


@component
class MeanSquaredError(Loss):
    """L = mean over the last axis of (target - prediction)².

    Source: Keras 3, ``keras.losses.MeanSquaredError``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.MeanSquaredError", "torch.nn.MSELoss")
    key: ClassVar[str] = "mean_squared_error"
    title: ClassVar[str] = "Mean squared error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanSquaredError", "mse", "MSE")

    def kernel(self) -> Callable[..., None]:
        return squared_error

    def value(self, target: Any, prediction: Any) -> Any:
        return np.mean(np.square(target - prediction), axis=-1)
