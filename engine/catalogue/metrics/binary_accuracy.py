"""binary_accuracy: the share of right yes-or-no answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.metrics import binary_hits


@component
class BinaryAccuracy(Metric):
    """mean of (prediction > threshold) = target.

    Source: Keras 3, ``keras.metrics.BinaryAccuracy``.
    """

    key: ClassVar[str] = "binary_accuracy"
    title: ClassVar[str] = "Binary accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("BinaryAccuracy",)

    name: Name = setting(None, NAME_HELP, advanced=True)
    threshold: Annotated[float, Number(0, 1)] = setting(0.5, "Predictions above this count as yes.")

    def constants(self) -> tuple[float, ...]:
        return (self.threshold,)

    def kernel(self) -> Callable[..., None]:
        return binary_hits

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean((prediction > self.threshold) == target))
