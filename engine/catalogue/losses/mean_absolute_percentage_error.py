"""mean_absolute_percentage_error: errors in percent of the right answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import percentage_error


@component
class MeanAbsolutePercentageError(Loss):
    """L = 100 · mean over the last axis of abs(target - prediction) / max(abs(target), 1e-7).

    Targets near 0 make it huge; choose it only for figures that stay away from 0, such as prices.

    Source: Keras 3, ``keras.losses.MeanAbsolutePercentageError``.
    """

    key: ClassVar[str] = "mean_absolute_percentage_error"
    title: ClassVar[str] = "Mean absolute percentage error"
    aliases: ClassVar[tuple[str, ...]] = ("MeanAbsolutePercentageError", "mape", "MAPE")

    def kernel(self) -> Callable[..., None]:
        return percentage_error

    def value(self, target: Any, prediction: Any) -> Any:
        share = np.abs(target - prediction) / np.maximum(np.abs(target), 1e-7)
        return 100 * np.mean(share, axis=-1)
