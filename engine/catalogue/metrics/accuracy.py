"""accuracy: the share of right answers, in the way that suits the output."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.catalogue.metrics.binary_accuracy import BinaryAccuracy
from engine.catalogue.metrics.categorical_accuracy import CategoricalAccuracy
from engine.catalogue.metrics.sparse_categorical_accuracy import SparseCategoricalAccuracy
from engine.component import component, setting
from engine.tensor_spec import TensorSpec


@component
class Accuracy(Metric):
    """accuracy = right answers / answers.

    One output value: yes or no at 0.5. Several values: the largest names the class; targets are
    class numbers with a sparse loss, else vectors.

    Source: Keras 3, the string ``"accuracy"`` in ``Model.compile``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = (
        'Keras chooses its kind by the string "accuracy" likewise; its class Accuracy counts equal numbers.'
    )
    key: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy"
    aliases: ClassVar[tuple[str, ...]] = ("acc", "Accuracy")

    name: Name = setting(None, NAME_HELP, advanced=True)

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        if not output.shape or output.shape[-1] == 1:
            return BinaryAccuracy()
        return SparseCategoricalAccuracy() if sparse else CategoricalAccuracy()

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(np.asarray(target) == prediction))
