"""sparse_categorical_accuracy: the share of samples whose most likely class is right, targets as class numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics import sparse_hits


@component
class SparseCategoricalAccuracy(Metric):
    """mean of argmax(prediction) = target.

    Source: Keras 3, ``keras.metrics.SparseCategoricalAccuracy``.
    """

    key: ClassVar[str] = "sparse_categorical_accuracy"
    title: ClassVar[str] = "Sparse categorical accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("SparseCategoricalAccuracy",)
    reads_classes: ClassVar[bool] = True
    reads_values: ClassVar[bool] = False

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return sparse_hits

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.argmax(prediction, axis=-1) == np.asarray(target)[:, 0]))
