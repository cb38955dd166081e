"""categorical_focal_crossentropy: categorical cross-entropy that looks away from what is easy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss, needs_classes
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.losses_rows import categorical_focal, categorical_focal_from_logits
from engine.tensor_spec import TensorSpec


@component
class CategoricalFocalCrossentropy(Loss):
    """L = -sum over classes of alpha · (1 - prediction)^gamma · target · log(prediction).

    Predictions are divided by their sum and kept between 1e-7 and 1 - 1e-7. Label smoothing mixes targets with
    the uniform distribution.

    Shapes:
        target: as the output, (..., classes), rows adding up to 1.
    Source: Lin et al. 2017, Focal Loss for Dense Object Detection; ``keras.losses.CategoricalFocalCrossentropy``.
    """

    key: ClassVar[str] = "categorical_focal_crossentropy"
    title: ClassVar[str] = "Categorical focal cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalFocalCrossentropy",)

    alpha: Annotated[float, Number(0, 1e6)] = setting(0.25, "Factor before the whole loss.")
    gamma: Annotated[float, Number(0, 100)] = setting(
        2.0, "How strongly easy samples are passed over; 0 is plain cross-entropy."
    )
    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no softmax: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0,
        "Share of certainty taken from the right class and spread over all; 0.1 tames overconfidence.",
        advanced=True,
    )

    def target(self, output: TensorSpec) -> TensorSpec:
        needs_classes(self.title, output)
        return output

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} compares probabilities, but the targets run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy."
            )
        return None

    def constants(self) -> tuple[float, ...]:
        return self.alpha, self.gamma, self.label_smoothing

    def kernel(self) -> Callable[..., None]:
        return categorical_focal_from_logits if self.from_logits else categorical_focal

    def value(self, target: Any, prediction: Any) -> Any:
        t = target * (1 - self.label_smoothing) + self.label_smoothing / target.shape[-1]
        if self.from_logits:
            prediction = np.exp(prediction - prediction.max(-1, keepdims=True))
        p = np.clip(prediction / prediction.sum(-1, keepdims=True), 1e-7, 1 - 1e-7)
        return -np.sum(self.alpha * (1 - p) ** self.gamma * t * np.log(p), axis=-1)
