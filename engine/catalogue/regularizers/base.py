"""What every regularizer declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from engine.component import Component


class Regularizer(Component):
    """A penalty on a weight that is added to the loss, with its gradient."""

    kind: ClassVar[str] = "regularizer"
    category: ClassVar[str] = "Regularizers"

    def constants(self) -> tuple[float, ...]:
        """Parameters handed to the kernel, in order."""
        return ()

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(weight, gradient, penalty, *constants)`` over flat arrays.

        It adds the penalty's derivative to ``gradient`` and writes the penalty to ``penalty[0]``.
        """
        raise TypeError(f"{type(self).__name__} declares no kernel")

    def value(self, weight: Any) -> float:
        """The penalty in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")
