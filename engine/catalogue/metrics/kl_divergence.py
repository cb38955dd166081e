"""kl_divergence: how much predicted distributions differ from the right ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import divergences


@component
class KLDivergence(Metric):
    """mean of the sum over the last axis of target · log(target / prediction).

    Both are kept between 1e-7 and 1.

    Source: Keras 3, ``keras.metrics.KLDivergence``.
    """

    key: ClassVar[str] = "kl_divergence"
    title: ClassVar[str] = "Kullback-Leibler divergence"
    aliases: ClassVar[tuple[str, ...]] = ("KLDivergence", "kld", "KLD", "kullback_leibler_divergence")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return divergences

    def value(self, target: Any, prediction: Any) -> float:
        truth, found = (np.clip(x, 1e-7, 1) for x in (target, prediction))
        return float(np.mean(np.sum(truth * np.log(truth / found), axis=-1)))
