"""binary_focal_crossentropy: binary cross-entropy that looks away from what is easy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.losses_columns import binary_focal, binary_focal_from_logits
from engine.tensor_spec import TensorSpec


@component
class BinaryFocalCrossentropy(Loss):
    """L = mean over the last axis of w · (1 - right)^gamma · (-t·log(p) - (1-t)·log(1-p)).

    right = t·p + (1-t)·(1-p) is how sure the network is of the right answer. w is 1, or with class balancing
    t·alpha + (1-t)·(1-alpha). Inside the logarithms p is kept between 1e-7 and 1 - 1e-7.

    Shapes:
        target: as the output, numbers from 0 to 1.
    Source: Lin et al. 2017, Focal Loss for Dense Object Detection; ``keras.losses.BinaryFocalCrossentropy``.
    """

    key: ClassVar[str] = "binary_focal_crossentropy"
    title: ClassVar[str] = "Binary focal cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("BinaryFocalCrossentropy", "focal")

    apply_class_balancing: Annotated[bool, Flag()] = setting(
        False, "Give the two answers different weights: alpha to yes, 1 - alpha to no."
    )
    alpha: Annotated[float, Number(0, 1)] = setting(
        0.25, "Weight of the answer yes when classes are balanced; the answer no gets the rest of 1."
    )
    gamma: Annotated[float, Number(0, 100)] = setting(
        2.0, "How strongly easy samples are passed over; 0 is plain cross-entropy."
    )
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no sigmoid: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share by which targets are moved towards 1/2; 0.1 tames overconfidence.", advanced=True
    )

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} needs targets from 0 to 1, but they run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy, for other numbers mean squared error."
            )
        return None

    def constants(self) -> tuple[float, ...]:
        positive, negative = (self.alpha, 1 - self.alpha) if self.apply_class_balancing else (1.0, 1.0)
        return self.gamma, positive, negative, self.label_smoothing

    def kernel(self) -> Callable[..., None]:
        return binary_focal_from_logits if self.from_logits else binary_focal

    def value(self, target: Any, prediction: Any) -> Any:
        gamma, positive, negative, smoothing = self.constants()
        t = target * (1 - smoothing) + smoothing / 2
        p = 1 / (1 + np.exp(-prediction)) if self.from_logits else prediction
        kept = np.clip(p, 1e-7, 1 - 1e-7)
        entropy = -t * np.log(kept) - (1 - t) * np.log(1 - kept)
        right = t * p + (1 - t) * (1 - p)
        weight = t * positive + (1 - t) * negative
        return np.mean(weight * (1 - right) ** gamma * entropy, axis=-1)
