"""Metrics whose sums are kept for every output value by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.base import Metric
from engine.tensor_spec import TensorSpec

Array = npt.NDArray[Any]


class PerColumn(Metric):
    """A metric whose number of sums, and perhaps of figures, depends on the output's width."""

    heeds_masks: ClassVar[bool] = False

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        self.require(sparse)
        return ForColumns(self, columns_of(output))

    def width_for(self, columns: int) -> int:
        """Length of the vector of sums for so many output values."""
        raise TypeError(f"{type(self).__name__} keeps no sums")

    def endings_for(self, columns: int) -> tuple[str, ...]:
        """What the name of each figure ends with."""
        return ("",)

    def results_for(self, sums: Array, columns: int) -> tuple[float, ...]:
        """All figures from the added-up sums."""
        raise TypeError(f"{type(self).__name__} has no figures")


@dataclass(frozen=True)
class ForColumns(Metric):
    """A metric made concrete for an output of known width.

    Attributes:
        metric: what was declared.
        columns: number of output values.
    """

    heeds_masks: ClassVar[bool] = False

    metric: PerColumn
    columns: int

    @property
    def width(self) -> int:
        return self.metric.width_for(self.columns)

    def endings(self) -> tuple[str, ...]:
        return self.metric.endings_for(self.columns)

    def constants(self) -> tuple[float, ...]:
        return self.metric.constants()

    def kernel(self) -> Callable[..., None]:
        return self.metric.kernel()

    def result(self, sums: Array) -> float:
        return self.results(sums)[0]

    def results(self, sums: Array) -> tuple[float, ...]:
        return self.metric.results_for(sums, self.columns)

    def value(self, target: Any, prediction: Any) -> Any:
        return self.metric.value(target, prediction)

    def to_json(self) -> dict[str, Any]:
        return self.metric.to_json()


def columns_of(output: TensorSpec) -> int:
    """Number of values along the last axis of an output."""
    return int(output.shape[-1] or 1) if output.shape else 1


def ratio(part: Any, whole: Any) -> Array:
    """part / whole, and 0 where the whole is 0."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    room: Array = np.zeros(np.broadcast_shapes(part.shape, whole.shape))
    np.divide(part, whole, out=room, where=whole != 0)
    return room


def one_hot(target: Any, prediction: Any) -> Array:
    """Targets shaped like the predictions; class numbers become vectors of 0 and 1."""
    target, columns = np.asarray(target), np.shape(prediction)[-1]
    vectors: Array = target if target.shape[-1] == columns else target.reshape(-1, 1) == np.arange(columns)
    return vectors.astype(float)
