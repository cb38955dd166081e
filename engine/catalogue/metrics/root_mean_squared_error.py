"""root_mean_squared_error: how far predictions are off, in the unit of the targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics import squared_errors


@component
class RootMeanSquaredError(Metric):
    """square root of the mean of (target - prediction)².

    Source: Keras 3, ``keras.metrics.RootMeanSquaredError``.
    """

    key: ClassVar[str] = "root_mean_squared_error"
    title: ClassVar[str] = "Root mean squared error"
    aliases: ClassVar[tuple[str, ...]] = ("RootMeanSquaredError", "rmse", "RMSE")
    better: ClassVar[str] = "lower"
    heeds_masks: ClassVar[bool] = False

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return squared_errors

    def result(self, sums: npt.NDArray[Any]) -> float:
        return float(np.sqrt(sums[0] / sums[1])) if sums[1] else 0.0

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.sqrt(np.mean(np.square(target - prediction))))
