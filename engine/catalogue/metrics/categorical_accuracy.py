"""categorical_accuracy: the share of samples whose most likely class is right, targets as vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.catalogue.metrics.sparse_categorical_accuracy import SparseCategoricalAccuracy
from engine.component import component, setting
from engine.kernels.metrics import categorical_hits
from engine.tensor_spec import TensorSpec


@component
class CategoricalAccuracy(Metric):
    """mean of argmax(prediction) = argmax(target).

    Where the loss takes class numbers, the sparse kind steps in.

    Source: Keras 3, ``keras.metrics.CategoricalAccuracy``.
    """

    key: ClassVar[str] = "categorical_accuracy"
    title: ClassVar[str] = "Categorical accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalAccuracy",)

    name: Name = setting(None, NAME_HELP, advanced=True)

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        return SparseCategoricalAccuracy() if sparse else self

    def kernel(self) -> Callable[..., None]:
        return categorical_hits

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.argmax(prediction, axis=-1) == np.argmax(target, axis=-1)))
