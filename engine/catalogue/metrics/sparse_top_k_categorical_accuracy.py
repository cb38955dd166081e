"""sparse_top_k_categorical_accuracy: whether the right class is among the first guesses, targets as class numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.constraints import Whole
from engine.kernels.metrics_counts import sparse_top_hits


@component
class SparseTopKCategoricalAccuracy(Metric):
    """share of samples whose right class is among the k largest predictions.

    Equal predictions share the better place.

    Source: Keras 3, ``keras.metrics.SparseTopKCategoricalAccuracy``.
    """

    key: ClassVar[str] = "sparse_top_k_categorical_accuracy"
    title: ClassVar[str] = "Sparse top-k categorical accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("SparseTopKCategoricalAccuracy",)
    reads_classes: ClassVar[bool] = True
    reads_values: ClassVar[bool] = False

    k: Annotated[int, Whole(1, 2**24)] = setting(5, "How many guesses the network has.")
    name: Name = setting(None, NAME_HELP, advanced=True)

    def constants(self) -> tuple[float, ...]:
        return (self.k,)

    def kernel(self) -> Callable[..., None]:
        return sparse_top_hits

    def value(self, target: Any, prediction: Any) -> float:
        right = np.take_along_axis(prediction, np.asarray(target).reshape(-1, 1).astype(int), axis=-1)
        return float(np.mean(np.sum(prediction > right, axis=-1) < self.k))
