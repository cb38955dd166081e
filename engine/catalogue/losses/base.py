"""What every loss declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from engine.component import Component
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec


class Loss(Component):
    """Distance between targets and predictions, a mean over the last axis and all samples.

    Class attributes:
        sparse: targets are class indexes instead of vectors.
        examples: parameter sets for the common tests.
    """

    kind: ClassVar[str] = "loss"
    category: ClassVar[str] = "Losses"
    sparse: ClassVar[bool] = False
    unread: ClassVar[Mapping[str, tuple[Any, ...] | None]] = {
        "name": None,
        "dtype": None,
        "reduction": ("sum_over_batch_size", "mean", "auto"),
        "axis": (-1,),
    }
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({},)

    @property
    def pairs_with(self) -> str:
        """Key of the activation whose derivative cancels against this loss.

        Softmax before categorical cross-entropy: the gradient of the pair is written at once.
        """
        return ""

    @property
    def ignored(self) -> int | None:
        """A class number that does not count: rows with this target are left out of the mean."""
        return None

    def target(self, output: TensorSpec) -> TensorSpec:
        """What targets must look like for such an output.

        Raises:
            ShapeError: when this loss cannot judge such an output.
        """
        return output

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        """A sentence when the smallest and largest target cannot be right, else ``None``."""
        return None

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernels, in order."""
        return ()

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(target, prediction, weight, scale, value, gradient, *constants)``.

        ``target`` and ``prediction`` are (rows, columns), ``weight`` is one number per row,
        ``scale`` a one-element array with 1 / (number of rows that count). The kernel writes
        each row's loss to ``value`` and ``scale * weight * d value / d prediction`` to ``gradient``.
        """
        raise TypeError(f"{type(self).__name__} declares no kernel")

    def paired_kernel(self) -> Callable[..., None]:
        """Like ``kernel``, but ``gradient`` is with respect to the activation's input."""
        raise TypeError(f"{type(self).__name__} has no paired kernel")

    def value(self, target: Any, prediction: Any) -> Any:
        """Loss of every row in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")


def needs_classes(title: str, output: TensorSpec) -> None:
    """Refuse an output that cannot hold a score per class.

    Raises:
        ShapeError: the last axis is missing or has one value only.
    """
    if not output.shape or output.shape[-1] == 1:
        raise ShapeError(
            f"{title} needs one output value per class, but the output is {output}. "
            "Give the last layer as many units as there are classes, or choose binary cross-entropy for two."
        )
