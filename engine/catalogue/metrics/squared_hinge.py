"""squared_hinge: as hinge, answers far on the wrong side counting most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import squared_hinges


@component
class SquaredHinge(Metric):
    """mean of max(1 - target · prediction, 0)².

    Targets are -1 and 1; 0 counts as -1.

    Source: Keras 3, ``keras.metrics.SquaredHinge``.
    """

    key: ClassVar[str] = "squared_hinge"
    title: ClassVar[str] = "Squared hinge"
    aliases: ClassVar[tuple[str, ...]] = ("SquaredHinge",)
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return squared_hinges

    def value(self, target: Any, prediction: Any) -> float:
        side = np.where(np.equal(target, 0), -1, target)
        return float(np.mean(np.square(np.maximum(1 - side * prediction, 0))))
