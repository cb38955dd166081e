"""recall: of all that is a yes, how much was found."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy.typing as npt

from engine.catalogue.metrics.confusion import Confusion
from engine.component import component


@component
class Recall(Confusion):
    """recall = right yes / (right yes + wrong no), 0 where there is none.

    All output values count as answers of their own, or with a class only that one. Targets may be class numbers.

    Source: Keras 3, ``keras.metrics.Recall``; one threshold instead of a list.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.metrics.Recall",)
    differences: ClassVar[str] = "thresholds is one number; Keras also takes a list."
    key: ClassVar[str] = "recall"
    title: ClassVar[str] = "Recall"
    aliases: ClassVar[tuple[str, ...]] = ("Recall",)

    def result(self, sums: npt.NDArray[Any]) -> float:
        total = sums[0] + sums[2]
        return float(sums[0] / total) if total else 0.0

    def value(self, target: Any, prediction: Any) -> float:
        counts = self.counts(target, prediction)
        total = counts[0] + counts[2]
        return counts[0] / total if total else 0.0
