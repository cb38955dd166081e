"""precision: of all that was called yes, how much is."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy.typing as npt

from engine.catalogue.metrics.confusion import Confusion
from engine.component import component


@component
class Precision(Confusion):
    """precision = right yes / (right yes + wrong yes), 0 where there is none.

    All output values count as answers of their own, or with a class only that one. Targets may be class numbers.

    Source: Keras 3, ``keras.metrics.Precision``; one threshold instead of a list.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.metrics.Precision",)
    differences: ClassVar[str] = "thresholds is one number; Keras also takes a list."
    key: ClassVar[str] = "precision"
    title: ClassVar[str] = "Precision"
    aliases: ClassVar[tuple[str, ...]] = ("Precision",)

    def result(self, sums: npt.NDArray[Any]) -> float:
        total = sums[0] + sums[1]
        return float(sums[0] / total) if total else 0.0

    def value(self, target: Any, prediction: Any) -> float:
        counts = self.counts(target, prediction)
        total = counts[0] + counts[1]
        return counts[0] / total if total else 0.0
