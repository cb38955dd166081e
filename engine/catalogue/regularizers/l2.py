"""L2: pulls all weights towards 0, large ones most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.regularizers.base import Regularizer
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.jit import kernel
from engine.kernels.math import like


@component
class L2(Regularizer):
    """penalty = l2 · sum of w².

    Source: Keras 3, ``keras.regularizers.L2``.
    """

    aliases: ClassVar[tuple[str, ...]] = ("l2",)

    l2: Annotated[float, Number(0)] = setting(0.01, "Strength of the pull towards 0; 0.01 is strong, 0.0001 gentle.")

    def constants(self) -> tuple[float, ...]:
        return (self.l2,)

    def kernel(self) -> Callable[..., None]:
        return penalize

    def value(self, weight: Any) -> float:
        return float(self.l2 * np.sum(np.square(weight)))


@kernel
def penalize(weight: Any, gradient: Any, penalty: Any, l2: Any) -> None:
    """gradient += 2·l2·w; penalty[0] = l2 · sum of w²."""
    total = like(l2, 0)
    slope = l2 + l2
    for i in range(weight.size):
        total += weight[i] * weight[i]
        gradient[i] += slope * weight[i]
    penalty[0] = l2 * total
