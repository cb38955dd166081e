"""mean_absolute_percentage_error: errors in percent of the right answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import percentage_errors


@component
class MeanAbsolutePercentageError(Metric):
    """mean of 100 · abs(target - prediction) / max(abs(target), 1e-7).

    Targets near 0 make it huge.

    Source: Keras 3, ``keras.metrics.MeanAbsolutePercentageError``.
    """

    key: ClassVar[str] = "mean_absolute_percentage_error"
    title: ClassVar[str] = "Mean absolute percentage error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanAbsolutePercentageError", "mape", "MAPE")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return percentage_errors

    def value(self, target: Any, prediction: Any) -> float:
        return float(100 * np.mean(np.abs(target - prediction) / np.maximum(np.abs(target), 1e-7)))
