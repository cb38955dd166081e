"""categorical_crossentropy: the loss for one class out of several, watched as a figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.catalogue.metrics.sparse_categorical_crossentropy import SparseCategoricalCrossentropy
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.metrics_means import categorical_entropies, categorical_entropies_from_logits
from engine.tensor_spec import TensorSpec


@component
class CategoricalCrossentropy(Metric):
    """mean of -sum over classes of target · log(prediction).

    Predictions are divided by their sum and kept between 1e-7 and 1 - 1e-7. Where the loss takes class numbers,
    the sparse kind steps in, unless labels are smoothed.

    Source: Keras 3, ``keras.metrics.CategoricalCrossentropy``.
    """

    key: ClassVar[str] = "categorical_crossentropy"
    title: ClassVar[str] = "Categorical cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalCrossentropy",)
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no softmax: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share of certainty taken from the right class and spread over all, as in the loss.", advanced=True
    )

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        if sparse and not self.label_smoothing:
            return SparseCategoricalCrossentropy(from_logits=self.from_logits)
        self.require(sparse)
        return self

    def constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def kernel(self) -> Callable[..., None]:
        return categorical_entropies_from_logits if self.from_logits else categorical_entropies

    def value(self, target: Any, prediction: Any) -> float:
        target = target * (1 - self.label_smoothing) + self.label_smoothing / target.shape[-1]
        if self.from_logits:
            level = np.logaddexp.reduce(prediction, axis=-1, keepdims=True)
            return float(np.mean(np.sum(target * (level - prediction), axis=-1)))
        share = prediction / prediction.sum(-1, keepdims=True)
        return float(-np.mean(np.sum(target * np.log(np.clip(share, 1e-7, 1 - 1e-7)), axis=-1)))
