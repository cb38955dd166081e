"""cosine_similarity: for answers whose direction counts, not their length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_rows import cosine


@component
class CosineSimilarity(Loss):
    """L = -sum over the last axis of target · prediction, each divided by its length.

    From -1 (same direction) over 0 (at right angles) to 1 (opposite). Lengths below 1e-7 count as 1e-7.

    Source: Keras 3, ``keras.losses.CosineSimilarity``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.CosineSimilarity", "torch.nn.functional.cosine_similarity")
    key: ClassVar[str] = "cosine_similarity"
    title: ClassVar[str] = "Cosine similarity"
    aliases: ClassVar[tuple[str, ...]] = ("CosineSimilarity", "cosine_proximity")

    def kernel(self) -> Callable[..., None]:
        return cosine

    def value(self, target: Any, prediction: Any) -> Any:
        truth, found = (x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-7) for x in (target, prediction))
        return -np.sum(truth * found, axis=-1)
