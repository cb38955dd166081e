"""cosine_similarity: whether answers point in the right direction, whatever their length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import cosines


@component
class CosineSimilarity(Metric):
    """mean of the sum over the last axis of target · prediction, each divided by its length.

    From 1 (same direction) over 0 (at right angles) to -1 (opposite). Lengths below 1e-7 count as 1e-7.

    Source: Keras 3, ``keras.metrics.CosineSimilarity``.
    """

    key: ClassVar[str] = "cosine_similarity"
    title: ClassVar[str] = "Cosine similarity"
    aliases: ClassVar[tuple[str, ...]] = ("CosineSimilarity", "cosine_proximity", "cosine")

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return cosines

    def value(self, target: Any, prediction: Any) -> float:
        truth, found = (x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-7) for x in (target, prediction))
        return float(np.mean(np.sum(truth * found, axis=-1)))
