"""poisson: how well expected counts fit the counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import poissons


@component
class Poisson(Metric):
    """mean of prediction - target · log(prediction + 1e-7).

    Source: Keras 3, ``keras.metrics.Poisson``.
    """

    key: ClassVar[str] = "poisson"
    title: ClassVar[str] = "Poisson"
    aliases: ClassVar[tuple[str, ...]] = ("Poisson",)
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return poissons

    def value(self, target: Any, prediction: Any) -> float:
        return float(np.mean(prediction - target * np.log(prediction + 1e-7)))
