"""r2_score: how much of the targets' spread the network explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.base import NAME_HELP, Name
from engine.catalogue.metrics.columns import PerColumn
from engine.component import component, setting
from engine.constraints import Choice, Whole
from engine.kernels.metrics_counts import spread

Array = npt.NDArray[Any]
AGGREGATIONS = (
    ("uniform_average", "The mean over the output values."),
    ("variance_weighted_average", "The mean over the output values, each by the spread of its targets."),
)


@component
class R2Score(PerColumn):
    """R² = 1 - sum of (target - prediction)² / sum of (target - mean target)².

    1 is perfect, 0 as good as always answering the mean, below 0 worse than that. Targets that are all the same
    give 0, and without a number when they are also met exactly. With regressors the adjusted R² is
    1 - (1 - R²)(n - 1) / (n - regressors - 1) for n target values.

    Source: Keras 3, ``keras.metrics.R2Score``.
    """

    key: ClassVar[str] = "r2_score"
    title: ClassVar[str] = "R² score"
    aliases: ClassVar[tuple[str, ...]] = ("R2Score", "r2")

    class_aggregation: Annotated[str | None, Choice(AGGREGATIONS, none="one figure for each output value")] = setting(
        "uniform_average", "How several output values become one figure."
    )
    num_regressors: Annotated[int, Whole(0, 2**24)] = setting(
        0, "Number of independent inputs for the adjusted R²; 0 is the plain one.", advanced=True
    )
    name: Name = setting(None, NAME_HELP, advanced=True)

    def width_for(self, columns: int) -> int:
        return 3 * columns + 2

    def endings_for(self, columns: int) -> tuple[str, ...]:
        return ("",) if self.class_aggregation is not None else tuple(f"_output_{c}" for c in range(columns))

    def kernel(self) -> Callable[..., None]:
        return spread

    def results_for(self, sums: Array, columns: int) -> tuple[float, ...]:
        first, second, residual = sums[:-2].reshape(3, columns)
        with np.errstate(divide="ignore", invalid="ignore"):
            total = second - first * first / sums[-2]
        return self._scores(residual, total, float(sums[-1]))

    def _scores(self, residual: Array, total: Array, elements: float) -> tuple[float, ...]:
        with np.errstate(divide="ignore", invalid="ignore"):
            scores: Any = 1 - residual / total
            scores = np.where(np.isinf(scores), 0.0, scores)
            if self.class_aggregation == "uniform_average":
                scores = np.mean(scores)
            elif self.class_aggregation is not None:
                scores = np.sum(total * scores) / np.sum(total)
        if 0 < self.num_regressors < elements - 1:
            scores = 1 - (1 - scores) * (elements - 1) / (elements - self.num_regressors - 1)
        return tuple(float(v) for v in np.atleast_1d(scores))

    def value(self, target: Any, prediction: Any) -> Any:
        target, prediction = np.asarray(target, float), np.asarray(prediction, float)
        residual = np.square(target - prediction).sum(0)
        return self._scores(residual, np.square(target - target.mean(0)).sum(0), target.size)
