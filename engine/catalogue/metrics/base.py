"""What every metric declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import numpy.typing as npt

from engine.component import Component
from engine.constraints import Text
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec

#: The parameter that every metric of Keras has; each declares it at Keras's place.
Name = Annotated[str | None, Text(100, none="its own")]
NAME_HELP = "What curves, tables and logs call it."


class Metric(Component):
    """A figure (or several) gathered over an epoch from a small vector of sums.

    Class attributes:
        usual: what logs call its figures unless it has a name; empty for its key.
        better: ``"higher"`` or ``"lower"``.
        reads_classes: whether the kernel reads targets that are class numbers.
        reads_values: whether it reads targets shaped like the output.
        heeds_masks: whether rows that a mask hides are left out, as Keras's means of a function leave them
            out; its metrics with a state of their own count every row.
    """

    kind: ClassVar[str] = "metric"
    category: ClassVar[str] = "Metrics"
    usual: ClassVar[str] = ""
    better: ClassVar[str] = "higher"
    reads_classes: ClassVar[bool] = False
    reads_values: ClassVar[bool] = True
    heeds_masks: ClassVar[bool] = True
    unread: ClassVar[Mapping[str, tuple[Any, ...] | None]] = {
        "dtype": None,
        "axis": (-1,),
        "thresholds": (None,),
        "num_labels": (None,),
        "label_weights": (None,),
        "from_sorted_ids": (False,),
    }

    @property
    def label(self) -> str:
        """What logs call its figures."""
        return getattr(self, "name", None) or self.usual or self.key

    @property
    def width(self) -> int:
        """Length of the vector of sums."""
        return 2

    def for_output(self, output: TensorSpec, sparse: bool) -> Metric:
        """The concrete metric for an output (``accuracy`` chooses its kind here).

        Args:
            output: the output that is judged.
            sparse: whether the loss takes class numbers as targets.

        Raises:
            ShapeError: this metric cannot judge such an output or such targets.
        """
        self.require(sparse)
        return self

    def require(self, sparse: bool) -> None:
        """Refuse targets that the kernel does not read.

        Raises:
            ShapeError: they are class numbers, or they are none.
        """
        if sparse and not self.reads_classes:
            raise ShapeError(
                f"The metric '{self.title}' compares numbers, but with this loss the targets are class numbers. "
                "Take it off the list or choose accuracy, precision, recall, F1 or AUC."
            )
        if not sparse and not self.reads_values:
            raise ShapeError(
                f"The metric '{self.title}' needs class numbers, but with this loss the targets are numbers of "
                "their own. Take it off the list or choose a sparse loss."
            )

    def endings(self) -> tuple[str, ...]:
        """What the name of each figure ends with; one figure has the metric's own name."""
        return ("",)

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernel, in order."""
        return ()

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(target, prediction, weight, sums, *constants)``; it *sets* ``sums`` (float64)."""
        raise TypeError(f"{type(self).__name__} declares no kernel")

    def result(self, sums: npt.NDArray[Any]) -> float:
        """The figure from the added-up sums; by default their ratio."""
        return float(sums[0] / sums[1]) if sums[1] else 0.0

    def results(self, sums: npt.NDArray[Any]) -> tuple[float, ...]:
        """All figures, in the order of ``endings``."""
        return (self.result(sums),)

    def value(self, target: Any, prediction: Any) -> Any:
        """The figure (or a vector of all) in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")
