"""mean_squared_logarithmic_error: errors of positive numbers of very different size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import logarithmic_errors


@component
class MeanSquaredLogarithmicError(Metric):
    """mean of (log(1 + prediction) - log(1 + target))².

    Both are raised to 1e-7 first.

    Source: Keras 3, ``keras.metrics.MeanSquaredLogarithmicError``.
    """

    key: ClassVar[str] = "mean_squared_logarithmic_error"
    title: ClassVar[str] = "Mean squared logarithmic error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanSquaredLogarithmicError", "msle", "MSLE")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return logarithmic_errors

    def value(self, target: Any, prediction: Any) -> float:
        truth, found = (np.log1p(np.maximum(x, 1e-7)) for x in (target, prediction))
        return float(np.mean(np.square(found - truth)))
