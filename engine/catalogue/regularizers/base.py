"""What every regularizer declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy.typing as npt

from engine.component import Component

Array = npt.NDArray[Any]


class Regularizer(Component):
    """A penalty on a weight, or on a layer's output, that is added to the loss, with its gradient.

    Class attributes:
        whole: it is no sum over the elements, so that parts of an array cannot be penalized apart.
    """

    kind: ClassVar[str] = "regularizer"
    category: ClassVar[str] = "Regularizers"
    whole: ClassVar[bool] = False

    def check(self, name: str, shape: tuple[int, ...], what: str = "weight") -> None:
        """Refuse a weight (or an output, with one row for each sample) that the penalty is not made for.

        Raises:
            ShapeError: with a sentence.
        """

    def arguments(self, weight: Array, gradient: Array, penalty: Array) -> tuple[Array, ...]:
        """What the kernel gets before the constants, from arrays in the weight's shape."""
        return (weight.reshape(-1), gradient.reshape(-1), penalty)

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernel, in order."""
        return ()

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(*arguments, *constants)``: ``(weight, gradient, penalty, *constants)`` over flat arrays.

        It adds the penalty's derivative to ``gradient`` and writes the penalty to ``penalty[0]``.
        """
        raise TypeError(f"{type(self).__name__} declares no kernel")

    def value(self, weight: Any) -> float:
        """The penalty in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")
