"""What every activation declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from engine.component import Component


class Activation(Component):
    """An elementwise function (or one along the last axis) with its derivative.

    Kernels take contiguous two-dimensional arrays (rows, columns), of one element type.

    Class attributes:
        keeps: ``"y"`` when the derivative follows from the output, ``"x"`` when it needs the input.
    """

    kind: ClassVar[str] = "activation"
    category: ClassVar[str] = "Activations"
    keeps: ClassVar[str] = "y"

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernels, in order."""
        return ()

    def forward(self) -> Callable[..., None]:
        """The kernel ``(x, y, *constants)``; ``y`` may be ``x``."""
        raise TypeError(f"{type(self).__name__} declares no forward kernel")

    def backward(self) -> Callable[..., None]:
        """The kernel ``(kept, dy, dx, *constants)``; ``dx`` may be ``dy``."""
        raise TypeError(f"{type(self).__name__} declares no backward kernel")

    def value(self, x: Any) -> Any:
        """The same function in plain numpy: the reference for tests and the curve in the form."""
        raise TypeError(f"{type(self).__name__} declares no reference")
