"""mean_absolute_error: for predicting numbers when outliers should not count double."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses import absolute_error


@component
class MeanAbsoluteError(Loss):
    """L = mean over the last axis of abs(target - prediction).

    Source: Keras 3, ``keras.losses.MeanAbsoluteError``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.MeanAbsoluteError", "torch.nn.L1Loss")
    key: ClassVar[str] = "mean_absolute_error"
    title: ClassVar[str] = "Mean absolute error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanAbsoluteError", "mae", "MAE")

    def kernel(self) -> Callable[..., None]:
        return absolute_error

    def value(self, target: Any, prediction: Any) -> Any:
        return np.mean(np.abs(target - prediction), axis=-1)
