"""mean_squared_logarithmic_error: for positive numbers of very different size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import logarithmic_error


@component
class MeanSquaredLogarithmicError(Loss):
    """L = mean over the last axis of (log(1 + prediction) - log(1 + target))².

    Ratios count instead of differences. Both are raised to 1e-7 first, so negative predictions get no gradient.

    Source: Keras 3, ``keras.losses.MeanSquaredLogarithmicError``.
    """

    key: ClassVar[str] = "mean_squared_logarithmic_error"
    title: ClassVar[str] = "Mean squared logarithmic error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanSquaredLogarithmicError", "msle", "MSLE")

    def kernel(self) -> Callable[..., None]:
        return logarithmic_error

    def value(self, target: Any, prediction: Any) -> Any:
        low, high = (np.log1p(np.maximum(x, 1e-7)) for x in (target, prediction))
        return np.mean(np.square(high - low), axis=-1)
