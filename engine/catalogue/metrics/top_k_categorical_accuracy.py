"""top_k_categorical_accuracy: whether the right class is among the first guesses, targets as vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.catalogue.metrics.sparse_top_k_categorical_accuracy import SparseTopKCategoricalAccuracy
from engine.component import component, setting
from engine.constraints import Whole
from engine.kernels.metrics_counts import top_hits
from engine.tensor_spec import TensorSpec


@component
class TopKCategoricalAccuracy(Metric):
    """share of samples whose right class is among the k largest predictions.

    Equal predictions share the better place. Where the loss takes class numbers, the sparse kind steps in.

    Source: Keras 3, ``keras.metrics.TopKCategoricalAccuracy``.
    """

    key: ClassVar[str] = "top_k_categorical_accuracy"
    title: ClassVar[str] = "Top-k categorical accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("TopKCategoricalAccuracy", "top_k")

    k: Annotated[int, Whole(1, 2**24)] = setting(5, "How many guesses the network has.")
    name: Name = setting(None, NAME_HELP, advanced=True)

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        return SparseTopKCategoricalAccuracy(k=self.k) if sparse else self

    def constants(self) -> tuple[float, ...]:
        return (self.k,)

    def kernel(self) -> Callable[..., None]:
        return top_hits

    def value(self, target: Any, prediction: Any) -> float:
        right = np.take_along_axis(prediction, np.argmax(target, axis=-1)[:, None], axis=-1)
        return float(np.mean(np.sum(prediction > right, axis=-1) < self.k))
