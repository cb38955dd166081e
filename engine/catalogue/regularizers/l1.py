"""L1: pulls all weights towards 0 with equal force, so that needless ones vanish."""

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
class L1(Regularizer):
    """penalty = l1 · sum of abs(w).

    Source: Keras 3, ``keras.regularizers.L1``.
    """

    aliases: ClassVar[tuple[str, ...]] = ("l1",)

    l1: Annotated[float, Number(0)] = setting(0.01, "Strength of the pull towards 0; 0.01 is strong, 0.0001 gentle.")

    def constants(self) -> tuple[float, ...]:
        return (self.l1,)

    def kernel(self) -> Callable[..., None]:
        return penalize

    def value(self, weight: Any) -> float:
        return float(self.l1 * np.sum(np.abs(weight)))


@kernel
def penalize(weight: Any, gradient: Any, penalty: Any, l1: Any) -> None:
    """gradient += l1·sign(w); penalty[0] = l1 · sum of abs(w)."""
    total = like(l1, 0)
    for i in range(weight.size):
        total += abs(weight[i])
        gradient[i] += l1 * sign(weight[i])
    penalty[0] = l1 * total
