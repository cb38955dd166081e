"""What precision and recall share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric
from engine.catalogue.metrics.columns import columns_of, one_hot
from engine.component import setting
from engine.constraints import Number, Text, Whole
from engine.errors import ShapeError
from engine.kernels.metrics_counts import confusion
from engine.tensor_spec import TensorSpec

#: Below every prediction.
ANYTHING = -1e10


@dataclass(frozen=True)
class Confusion(Metric):
    """Counts right yes, wrong yes and wrong no; declares the parameters that choose them."""

    reads_classes: ClassVar[bool] = True
    heeds_masks: ClassVar[bool] = False

    thresholds: Annotated[float | None, Number(0, 1, none="0.5, or any value with top k")] = setting(
        None, "Predictions above this count as yes."
    )
    top_k: Annotated[int | None, Whole(1, 2**24, none="all predictions may be a yes")] = setting(
        None, "Only the k largest predictions of a sample may be a yes.", advanced=True
    )
    class_id: Annotated[int | None, Whole(0, 2**24, none="all classes together")] = setting(
        None, "Judge only this class, counted from 0."
    )
    name: Annotated[str | None, Text(100, none="its own")] = setting(None, NAME_HELP, advanced=True)

    @property
    def width(self) -> int:
        return 3

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        if self.class_id is not None and self.class_id >= columns_of(output):
            raise ShapeError(
                f"The metric '{self.title}' is to judge class {self.class_id}, but the output {output} has classes "
                f"0 to {columns_of(output) - 1}. Choose one of them."
            )
        return self

    def constants(self) -> tuple[float, ...]:
        usual = 0.5 if self.top_k is None else ANYTHING
        threshold = usual if self.thresholds is None else self.thresholds
        return threshold, self.top_k or 0, -1 if self.class_id is None else self.class_id

    def kernel(self) -> Callable[..., None]:
        return confusion

    def counts(self, target: Any, prediction: Any) -> tuple[float, float, float]:
        """Right yes, wrong yes and wrong no in plain numpy."""
        true, yes = one_hot(target, prediction) != 0, np.asarray(prediction) > self.constants()[0]
        if self.top_k is not None:
            order = np.argsort(-np.asarray(prediction), axis=-1, kind="stable")
            first = np.zeros_like(yes)
            np.put_along_axis(first, order[:, : self.top_k], True, axis=-1)
            yes &= first
        if self.class_id is not None:
            true, yes = true[:, self.class_id], yes[:, self.class_id]
        return float(np.sum(true & yes)), float(np.sum(~true & yes)), float(np.sum(true & ~yes))
