"""NonNeg: no number below 0."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.catalogue.constraints.base import Array, Calls, WeightConstraint
from engine.component import component
from engine.kernels.norms import raise_to_zero


@component
class NonNeg(WeightConstraint):
    """w = max(w, 0).

    Source: Keras 3, ``keras.constraints.NonNeg``.
    """

    title: ClassVar[str] = "Not negative"
    aliases: ClassVar[tuple[str, ...]] = ("non_neg", "nonneg")

    def calls(self, weight: Array) -> Calls:
        return [(raise_to_zero, (weight.reshape(-1),))]

    def value(self, weight: Array) -> Array:
        found: Array = np.maximum(weight, 0)
        return found
