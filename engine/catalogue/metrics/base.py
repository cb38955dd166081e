"""What every metric declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy.typing as npt

from engine.component import Component
from engine.tensor_spec import TensorSpec


class Metric(Component):
    """A figure gathered over an epoch from a small vector of sums.

    Class attributes:
        width: length of that vector.
        better: ``"higher"`` or ``"lower"``.
    """

    kind: ClassVar[str] = "metric"
    category: ClassVar[str] = "Metrics"
    width: ClassVar[int] = 2
    better: ClassVar[str] = "higher"

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        """The concrete metric for an output (``accuracy`` chooses its kind here)."""
        return self

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernel, in order."""
        return ()

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(target, prediction, weight, sums, *constants)``; it *sets* ``sums`` (float64)."""
        raise TypeError(f"{type(self).__name__} declares no kernel")

    def result(self, sums: npt.NDArray[Any]) -> float:
        """The figure from the added-up sums; by default their ratio."""
        return float(sums[0] / sums[1]) if sums[1] else 0.0

    def value(self, target: Any, prediction: Any) -> float:
        """The figure in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")
