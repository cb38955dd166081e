"""categorical_hinge: by how much the right class fails to lead the others by 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import categorical_hinges


@component
class CategoricalHinge(Metric):
    """mean of max(largest (1 - target) · prediction - sum of target · prediction + 1, 0).

    Source: Keras 3, ``keras.metrics.CategoricalHinge``.
    """

    key: ClassVar[str] = "categorical_hinge"
    title: ClassVar[str] = "Categorical hinge"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalHinge",)
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return categorical_hinges

    def value(self, target: Any, prediction: Any) -> float:
        wrong = np.max((1 - target) * prediction, axis=-1)
        return float(np.mean(np.maximum(wrong - np.sum(target * prediction, axis=-1) + 1, 0)))
