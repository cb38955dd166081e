"""L1L2: both pulls towards 0 at once (elastic net)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.regularizers.base import Regularizer
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.jit import kernel
from engine.kernels.math import like, sign


@component
class L1L2(Regularizer):
    """penalty = l1 · sum of abs(w) + l2 · sum of w².

    Source: Keras 3, ``keras.regularizers.L1L2``.
    """

    title: ClassVar[str] = "L1 + L2"
    aliases: ClassVar[tuple[str, ...]] = ("l1_l2", "l1l2")

    l1: Annotated[float, Number(0)] = setting(0.0, "Strength of the pull that makes needless weights vanish.")
    l2: Annotated[float, Number(0)] = setting(0.0, "Strength of the pull that acts on large weights most.")

    def constants(self) -> tuple[float, ...]:
        return (self.l1, self.l2)

    def kernel(self) -> Callable[..., None]:
        return penalize

    def value(self, weight: Any) -> float:
        return float(self.l1 * np.sum(np.abs(weight)) + self.l2 * np.sum(np.square(weight)))


@kernel
def penalize(weight: Any, gradient: Any, penalty: Any, l1: Any, l2: Any) -> None:
    """gradient += l1·sign(w) + 2·l2·w; penalty[0] = l1 · sum of abs(w) + l2 · sum of w²."""
    total = like(l1, 0)
    slope = l2 + l2
    for i in range(weight.size):
        w = weight[i]
        total += l1 * abs(w) + l2 * (w * w)
        gradient[i] += l1 * sign(w) + slope * w
    penalty[0] = total
