"""quadratic: half the sum of squares, the cost of many first courses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import quadratic


@component
class Quadratic(Loss):
    """L = 1/2 · sum over the last axis of (target - prediction)².

    Its slope is simply prediction - target. Unlike the mean squared error it grows with the number of outputs.

    Source: M. Nielsen, Neural Networks and Deep Learning, equation 6, for one sample. Keras has no such loss.
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = "Keras has no such loss; mean_squared_error is twice its mean over the outputs."
    key: ClassVar[str] = "quadratic"
    title: ClassVar[str] = "Quadratic cost"
    aliases: ClassVar[tuple[str, ...]] = ("Quadratic",)

    def kernel(self) -> Callable[..., None]:
        return quadratic

    def value(self, target: Any, prediction: Any) -> Any:
        return np.sum(np.square(target - prediction), axis=-1) / 2
