"""categorical_accuracy: the share of samples whose most likely class is right, targets as vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import Metric
from engine.component import component
from engine.kernels.metrics import categorical_hits


@component
class CategoricalAccuracy(Metric):
    """mean of argmax(prediction) = argmax(target).

    Source: Keras 3, ``keras.metrics.CategoricalAccuracy``.
    """

    key: ClassVar[str] = "categorical_accuracy"
    title: ClassVar[str] = "Categorical accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalAccuracy",)

    def kernel(self) -> Callable[..., None]:
        return categorical_hits

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.argmax(prediction, axis=-1) == np.argmax(target, axis=-1)))
