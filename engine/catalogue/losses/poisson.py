"""poisson: for counts, such as visitors per hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import poisson
from engine.tensor_spec import TensorSpec


@component
class Poisson(Loss):
    """L = mean over the last axis of prediction - target · log(prediction + 1e-7).

    The prediction is the expected count and must be positive: end with softplus or exponential.

    Source: Keras 3, ``keras.losses.Poisson``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.Poisson", "torch.nn.PoissonNLLLoss")
    differences: ClassVar[str] = "PyTorch's takes the logarithm of the prediction by default."
    key: ClassVar[str] = "poisson"
    title: ClassVar[str] = "Poisson"
    aliases: ClassVar[tuple[str, ...]] = ("Poisson",)

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0:
            return f"{self.title} needs counts from 0 upwards, but the smallest target is {low:g}."
        return None

    def kernel(self) -> Callable[..., None]:
        return poisson

    def value(self, target: Any, prediction: Any) -> Any:
        return np.mean(prediction - target * np.log(prediction + 1e-7), axis=-1)
