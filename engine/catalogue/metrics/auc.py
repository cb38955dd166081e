"""auc: how well scores separate yes from no, whatever the threshold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.areas import area
from engine.catalogue.metrics.base import NAME_HELP, Name
from engine.catalogue.metrics.columns import PerColumn, one_hot
from engine.component import component, setting
from engine.constraints import Choice, Flag, Whole
from engine.kernels.metrics_counts import by_height

Array = npt.NDArray[Any]
CURVES = (
    ("ROC", "Share found against share of false alarms: 0.5 is guessing, 1 perfect."),
    ("PR", "Precision against recall: tells more where a yes is rare."),
    ("PRGAIN", "Precision gain against recall gain: precision and recall measured from the share of yes."),
)
SUMMATIONS = (
    ("interpolation", "Between two thresholds the curve is a straight line, for PR one in the counts."),
    ("minoring", "Between two thresholds the lower value counts."),
    ("majoring", "Between two thresholds the higher value counts."),
)


@component
class AUC(PerColumn):
    """Area under the curve that the thresholds 0 to 1 draw.

    The n thresholds divide 0 to 1 evenly; more of them are more exact. Predictions outside count as 0 or 1.
    Targets may be class numbers.

    Source: Keras 3, ``keras.metrics.AUC`` without thresholds and weights of one's own.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.metrics.AUC",)
    differences: ClassVar[str] = "Thresholds and weights of labels of one's own are not taken."
    key: ClassVar[str] = "auc"
    title: ClassVar[str] = "Area under the curve"
    aliases: ClassVar[tuple[str, ...]] = ("AUC",)
    reads_classes: ClassVar[bool] = True

    num_thresholds: Annotated[int, Whole(2, 10_000)] = setting(200, "How finely scores are told apart.")
    curve: Annotated[str, Choice(CURVES)] = setting("ROC", "Which curve is drawn.")
    summation_method: Annotated[str, Choice(SUMMATIONS)] = setting(
        "interpolation", "How the area between two thresholds is taken.", advanced=True
    )
    name: Name = setting(None, NAME_HELP, advanced=True)
    multi_label: Annotated[bool, Flag()] = setting(
        False, "Take the area for every output value by itself, and of these the mean."
    )
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no sigmoid: the scores then pass one first."
    )

    def width_for(self, columns: int) -> int:
        return 2 * self.num_thresholds * (columns if self.multi_label else 1)

    def constants(self) -> tuple[float, ...]:
        return float(self.from_logits), float(self.multi_label)

    def kernel(self) -> Callable[..., None]:
        return by_height

    def results_for(self, sums: Array, columns: int) -> tuple[float, ...]:
        true, false = sums.reshape(2, -1, self.num_thresholds)
        pairs = zip(true, false, strict=True)
        return (float(np.mean([area(t, f, self.curve, self.summation_method) for t, f in pairs])),)

    def value(self, target: Any, prediction: Any) -> float:
        true = one_hot(target, prediction) != 0
        scores = 1 / (1 + np.exp(-prediction)) if self.from_logits else np.asarray(prediction)
        steps = np.arange(1, self.num_thresholds - 1) / (self.num_thresholds - 1)
        edges = np.array([-np.inf, *steps.astype(scores.dtype), np.inf])
        groups = (
            [(true[:, [c]], scores[:, [c]]) for c in range(true.shape[1])] if self.multi_label else [(true, scores)]
        )
        found = []
        for yes, score in groups:
            above = np.array([[np.sum(side & (score > edge)) for edge in edges] for side in (yes, ~yes)], float)
            sides = above - np.append(above[:, 1:], np.zeros((2, 1)), axis=1)
            found.append(area(sides[0], sides[1], self.curve, self.summation_method))
        return float(np.mean(found))
