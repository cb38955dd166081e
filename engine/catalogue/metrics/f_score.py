"""What the F-scores share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.columns import PerColumn, one_hot
from engine.constraints import Choice, Number
from engine.kernels.metrics_counts import NOTHING, answers

Array = npt.NDArray[Any]
#: Added to every divisor, as Keras does.
EPSILON = 1e-7
AVERAGES = (
    ("micro", "Count over all classes together, so that every answer weighs the same."),
    ("macro", "The mean over the classes, so that rare classes weigh as much as common ones."),
    ("weighted", "The mean over the classes, each by its number of samples."),
)
#: Types of the parameters, for every member of the family.
Average = Annotated[str | None, Choice(AVERAGES, none="one figure for each class")]
Threshold = Annotated[float | None, Number(0, 1, open_low=True, none="only the largest prediction")]
AVERAGE_HELP = "How the classes become one figure."
THRESHOLD_HELP = "Predictions above this count as yes. For a single yes-or-no output set 0.5."


class FScore(PerColumn):
    """Counts answers class by class and makes the F-score of them."""

    reads_classes: ClassVar[bool] = True
    starts: ClassVar[dict[str, Any]] = {"average": "macro"}

    average: str | None
    threshold: float | None

    @property
    def weight_of_recall(self) -> float:
        """How many times recall counts as much as precision."""
        return 1.0

    def width_for(self, columns: int) -> int:
        return 3 * columns

    def endings_for(self, columns: int) -> tuple[str, ...]:
        return ("",) if self.average is not None else tuple(f"_class_{c}" for c in range(columns))

    def constants(self) -> tuple[float, ...]:
        return (-1.0 if self.threshold is None else self.threshold,)

    def kernel(self) -> Callable[..., None]:
        return answers

    def results_for(self, sums: Array, columns: int) -> tuple[float, ...]:
        return tuple(float(v) for v in np.atleast_1d(self.score(sums.reshape(3, columns))))

    def score(self, counts: Array) -> Any:
        """The F-score from right yes, yes and true by class."""
        if self.average == "micro":
            counts = counts.sum(axis=1)
        right, yes, true = counts
        precision, recall = right / (yes + EPSILON), right / (true + EPSILON)
        square = self.weight_of_recall**2
        scores = (1 + square) * precision * recall / (square * precision + recall + EPSILON)
        if self.average == "macro":
            return scores.mean()
        return np.sum(scores * true / (true.sum() + EPSILON)) if self.average == "weighted" else scores

    def value(self, target: Any, prediction: Any) -> Any:
        true, prediction = one_hot(target, prediction), np.asarray(prediction)
        if self.threshold is None:
            yes = (prediction >= prediction.max(-1, keepdims=True)) & (np.abs(prediction) > NOTHING)
        else:
            yes = prediction > self.threshold
        return self.score(np.array([(true * yes).sum(0), yes.sum(0), true.sum(0)]))
