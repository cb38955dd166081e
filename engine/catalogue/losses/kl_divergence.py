"""kl_divergence: how much one distribution differs from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component
from engine.kernels.losses_columns import divergence
from engine.tensor_spec import TensorSpec


@component
class KLDivergence(Loss):
    """L = sum over the last axis of target · log(target / prediction).

    Both are kept between 1e-7 and 1. With targets of 0 and 1 only it is the categorical cross-entropy.

    Shapes:
        target: as the output, probabilities.
    Source: Keras 3, ``keras.losses.KLDivergence``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.KLDivergence", "torch.nn.KLDivLoss")
    differences: ClassVar[str] = "PyTorch's takes the logarithm of the prediction."
    key: ClassVar[str] = "kl_divergence"
    title: ClassVar[str] = "Kullback-Leibler divergence"
    aliases: ClassVar[tuple[str, ...]] = ("KLDivergence", "kld", "KLD", "kullback_leibler_divergence")

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} compares probabilities, but the targets run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy, for other numbers mean squared error."
            )
        return None

    def kernel(self) -> Callable[..., None]:
        return divergence

    def value(self, target: Any, prediction: Any) -> Any:
        truth, kept = (np.clip(x, 1e-7, 1) for x in (target, prediction))
        return np.sum(truth * np.log(truth / kept), axis=-1)
