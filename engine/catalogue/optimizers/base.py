"""What every optimizer declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from engine.component import Component


class Optimizer(Component):
    """An update rule over one flat array of parameters.

    Class attributes:
        learning_rate: every optimizer has one as its first parameter.
    """

    kind: ClassVar[str] = "optimizer"
    category: ClassVar[str] = "Optimizers"

    def slots(self) -> tuple[str, ...]:
        """Names of the flat arrays it remembers between steps, such as ``("m", "v")``."""
        return ()

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        """Scalars for this step (1 is the first); always the same number of them."""
        raise TypeError(f"{type(self).__name__} declares no scalars")

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(weight, gradient, *slots, hyper)`` over flat slices, in place.

        ``hyper`` is an array of the scalars in the weights' element type, refreshed before each step.
        """
        raise TypeError(f"{type(self).__name__} declares no kernel")
