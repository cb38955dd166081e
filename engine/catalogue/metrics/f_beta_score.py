"""f_beta_score: precision and recall in one figure, one of them counting more."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.metrics.base import NAME_HELP, Name
from engine.catalogue.metrics.f_score import AVERAGE_HELP, THRESHOLD_HELP, Average, FScore, Threshold
from engine.component import component, setting
from engine.constraints import Number


@component
class FBetaScore(FScore):
    """F = (1 + beta²) · precision · recall / (beta² · precision + recall), for each class or over all.

    1e-7 is added to every divisor. Without an average there is a figure for each class. Targets may be class numbers.

    Source: Keras 3, ``keras.metrics.FBetaScore``.
    """

    key: ClassVar[str] = "f_beta_score"
    usual: ClassVar[str] = "fbeta_score"
    title: ClassVar[str] = "F-beta score"
    aliases: ClassVar[tuple[str, ...]] = ("FBetaScore", "fbeta_score")

    average: Average = setting(None, AVERAGE_HELP)
    beta: Annotated[float, Number(0, 1e6, open_low=True)] = setting(
        1.0, "How many times recall counts as much as precision: 2 rather finds too much, 0.5 rather too little."
    )
    threshold: Threshold = setting(None, THRESHOLD_HELP)
    name: Name = setting(None, NAME_HELP, advanced=True)

    @property
    def weight_of_recall(self) -> float:
        return self.beta
