"""mean_squared_error: how far predictions are off, large errors counting most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics import squared_errors


@component
class MeanSquaredError(Metric):
    """mean of (target - prediction)².

    Source: Keras 3, ``keras.metrics.MeanSquaredError``.
    """

    key: ClassVar[str] = "mean_squared_error"
    title: ClassVar[str] = "Mean squared error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanSquaredError", "mse", "MSE")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return squared_errors

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.square(target - prediction)))
