"""sparse_categorical_crossentropy: the loss for class numbers, watched as a figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.constraints import Flag, Whole
from engine.kernels.metrics_means import sparse_entropies, sparse_entropies_from_logits


@component
class SparseCategoricalCrossentropy(Metric):
    """mean of -log(prediction of the right class).

    Predictions are divided by their sum and kept between 1e-7 and 1 - 1e-7. Samples of the ignored class leave the
    mean; Keras without sample weights counts them with 0.

    Source: Keras 3, ``keras.metrics.SparseCategoricalCrossentropy``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.metrics.SparseCategoricalCrossentropy",)
    differences: ClassVar[str] = (
        "Samples of the ignored class leave the mean; Keras without sample weights counts them with 0."
    )
    key: ClassVar[str] = "sparse_categorical_crossentropy"
    title: ClassVar[str] = "Sparse categorical cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("SparseCategoricalCrossentropy",)
    better: ClassVar[str] = "lower"
    reads_classes: ClassVar[bool] = True
    reads_values: ClassVar[bool] = False

    name: Name = setting(None, NAME_HELP, advanced=True)
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no softmax: the scores are then taken as they are."
    )
    ignore_class: Annotated[int | None, Whole(-(2**24), 2**24, none="every class counts")] = setting(
        None, "A class number that does not count, such as that of unlabelled points.", advanced=True
    )

    def constants(self) -> tuple[float, ...]:
        return (float("nan") if self.ignore_class is None else float(self.ignore_class),)

    def kernel(self) -> Callable[..., None]:
        return sparse_entropies_from_logits if self.from_logits else sparse_entropies

    def value(self, target: Any, prediction: Any) -> float:
        labels = np.asarray(target).reshape(-1).astype(int)
        kept = labels != self.ignore_class if self.ignore_class is not None else np.ones(len(labels), bool)
        scores, rows = prediction[kept], np.arange(int(kept.sum()))
        if self.from_logits:
            return float(np.mean(np.logaddexp.reduce(scores, axis=-1) - scores[rows, labels[kept]]))
        share = scores[rows, labels[kept]] / scores.sum(-1)
        return float(-np.mean(np.log(np.clip(share, 1e-7, 1 - 1e-7))))
