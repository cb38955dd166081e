"""binary_crossentropy: the loss for yes-or-no answers, watched as a figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.metrics_means import binary_entropies, binary_entropies_from_logits


@component
class BinaryCrossentropy(Metric):
    """mean of -t·log(p) - (1-t)·log(1-p).

    Predictions are kept between 1e-7 and 1 - 1e-7.

    Source: Keras 3, ``keras.metrics.BinaryCrossentropy``.
    """

    key: ClassVar[str] = "binary_crossentropy"
    title: ClassVar[str] = "Binary cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("BinaryCrossentropy", "bce", "BCE")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no sigmoid: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share by which targets are moved towards 1/2, as in the loss.", advanced=True
    )

    def constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def kernel(self) -> Callable[..., None]:
        return binary_entropies_from_logits if self.from_logits else binary_entropies

    def value(self, target: Any, prediction: Any) -> float:
        t = target * (1 - self.label_smoothing) + self.label_smoothing / 2
        if self.from_logits:
            return float(np.mean(np.logaddexp(prediction, 0) - prediction * t))
        p = np.clip(prediction, 1e-7, 1 - 1e-7)
        return float(-np.mean(t * np.log(p) + (1 - t) * np.log(1 - p)))
