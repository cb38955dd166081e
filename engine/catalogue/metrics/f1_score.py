"""f1_score: precision and recall in one figure."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.metrics.base import NAME_HELP, Name
from engine.catalogue.metrics.f_score import AVERAGE_HELP, THRESHOLD_HELP, Average, FScore, Threshold
from engine.component import component, setting


@component
class F1Score(FScore):
    """F1 = 2 · precision · recall / (precision + recall), for each class or over all.

    1e-7 is added to every divisor. Without an average there is a figure for each class. Targets may be class numbers.

    Source: Keras 3, ``keras.metrics.F1Score``.
    """

    key: ClassVar[str] = "f1_score"
    title: ClassVar[str] = "F1 score"
    aliases: ClassVar[tuple[str, ...]] = ("F1Score", "f1")

    average: Average = setting(None, AVERAGE_HELP)
    threshold: Threshold = setting(None, THRESHOLD_HELP)
    name: Name = setting(None, NAME_HELP, advanced=True)
