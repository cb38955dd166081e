"""squared_hinge: like hinge, but answers far on the wrong side count most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import squared_hinge
from engine.tensor_spec import TensorSpec


@component
class SquaredHinge(Loss):
    """L = mean over the last axis of max(1 - target · prediction, 0)².

    Targets are -1 and 1; 0 counts as -1. Suits an output without activation or with tanh.

    Source: Keras 3, ``keras.losses.SquaredHinge``.
    """

    key: ClassVar[str] = "squared_hinge"
    title: ClassVar[str] = "Squared hinge"
    aliases: ClassVar[tuple[str, ...]] = ("SquaredHinge",)

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < -1 or high > 1:
            return (
                f"{self.title} needs targets -1 and 1 (or 0 and 1), but they run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy."
            )
        return None

    def kernel(self) -> Callable[..., None]:
        return squared_hinge

    def value(self, target: Any, prediction: Any) -> Any:
        side = np.where(np.equal(target, 0), -1, target)
        return np.mean(np.square(np.maximum(1 - side * prediction, 0)), axis=-1)
