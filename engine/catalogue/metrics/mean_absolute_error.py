"""mean_absolute_error: how far predictions are off on average."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics import absolute_errors


@component
class MeanAbsoluteError(Metric):
    """mean of abs(target - prediction).

    Source: Keras 3, ``keras.metrics.MeanAbsoluteError``.
    """

    key: ClassVar[str] = "mean_absolute_error"
    title: ClassVar[str] = "Mean absolute error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanAbsoluteError", "mae", "MAE")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return absolute_errors

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.abs(target - prediction)))
