"""categorical_hinge: the right class must lead all others by 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss, needs_classes
from engine.component import component
from engine.kernels.losses_rows import categorical_hinge
from engine.tensor_spec import TensorSpec


@component
class CategoricalHinge(Loss):
    """L = max(largest wrong score - right score + 1, 0).

    Wrong scores are (1 - target) · prediction, the right score is the sum of target · prediction. Of several equal
    wrong scores the first one gets the gradient; Keras spreads it.

    Shapes:
        target: as the output, (..., classes), 1 for the right class and 0 elsewhere.
    Source: Keras 3, ``keras.losses.CategoricalHinge``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.CategoricalHinge",)
    differences: ClassVar[str] = "Of several equal wrong scores the first one gets the gradient; Keras spreads it."
    key: ClassVar[str] = "categorical_hinge"
    title: ClassVar[str] = "Categorical hinge"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalHinge",)

    def target(self, output: TensorSpec) -> TensorSpec:
        needs_classes(self.title, output)
        return output

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} needs targets from 0 to 1, but they run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy."
            )
        return None

    def kernel(self) -> Callable[..., None]:
        return categorical_hinge

    def value(self, target: Any, prediction: Any) -> Any:
        wrong = np.max((1 - target) * prediction, axis=-1)
        return np.maximum(wrong - np.sum(target * prediction, axis=-1) + 1, 0)
