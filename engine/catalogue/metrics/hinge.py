"""hinge: how far answers are from the right side of a margin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import hinges


@component
class Hinge(Metric):
    """mean of max(1 - target · prediction, 0).

    Targets are -1 and 1; 0 counts as -1.

    Source: Keras 3, ``keras.metrics.Hinge``.
    """

    key: ClassVar[str] = "hinge"
    title: ClassVar[str] = "Hinge"
    aliases: ClassVar[tuple[str, ...]] = ("Hinge",)
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return hinges

    def value(self, target: Any, prediction: Any) -> float:
        side = np.where(np.equal(target, 0), -1, target)
        return float(np.mean(np.maximum(1 - side * prediction, 0)))
